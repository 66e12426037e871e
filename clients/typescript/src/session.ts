import { FirebaseError, type FirebaseApp } from 'firebase/app';
import { getAuth, type User } from 'firebase/auth';
import { getFirestore, type Firestore } from 'firebase/firestore';

/** A signed-in user of an app. */
export interface Session {
  readonly uid: string;
  readonly user: User;
  readonly db: Firestore;
  /** When the user signed in, in seconds since 1970. Commands and messages contain it. */
  readonly authTime: number;
  /** The ids of the restaurants that the user works for; at most twelve are in a token. */
  readonly restaurants: readonly string[];
  /** True for a courier whose application was approved. */
  readonly isCourier: boolean;
}

/** What an app may keep to open a session without the network. */
export interface KeptSession {
  /** The `authTime` of the user's session before: it stays the same until the next sign-in. */
  readonly authTime?: number;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * Returns the session of the user who is signed in. Throws where no user is. Where the network is needed for a fresh
 * token and missing, the session is that of the last token, or has the `authTime` that the app kept and no roles.
 */
export async function openSession(firebase: FirebaseApp, kept: KeptSession = {}): Promise<Session> {
  const user = getAuth(firebase).currentUser;
  if (!user) throw new Error('sign in first');
  const claims = await readClaims(user, kept);
  return {
    uid: user.uid,
    user,
    db: getFirestore(firebase),
    authTime: Number(claims['auth_time']),
    restaurants: Object.keys(Object(claims['merchant'])),
    isCourier: claims['role'] === 'courier',
  };
}

async function readClaims(user: User, { authTime }: KeptSession): Promise<Claims> {
  try {
    return (await user.getIdTokenResult()).claims;
  } catch (error) {
    if (!isOffline(error)) throw error;
    const cached = readCachedClaims(user);
    if (cached) return cached;
    if (authTime === undefined) throw error;
    return { auth_time: authTime };
  }
}

const isOffline = (error: unknown): boolean =>
  error instanceof FirebaseError && error.code === 'auth/network-request-failed';

/** The claims of the user's last token, which may have expired. The SDK shows it in the user's JSON alone. */
export function readCachedClaims(user: Pick<User, 'toJSON'>): Claims | undefined {
  const { stsTokenManager }: { stsTokenManager?: { accessToken?: unknown } } = user.toJSON();
  const [, payload] = String(stsTokenManager?.accessToken).split('.');
  if (payload === undefined) return undefined;
  const bytes = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)));
  const claims: Claims = JSON.parse(text);
  return typeof claims['auth_time'] === 'number' ? claims : undefined;
}
