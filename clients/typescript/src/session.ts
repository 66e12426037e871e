import type { FirebaseApp } from 'firebase/app';
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

/** Returns the session of the user who is signed in. Throws where no user is. */
export async function openSession(firebase: FirebaseApp): Promise<Session> {
  const user = getAuth(firebase).currentUser;
  if (!user) throw new Error('sign in first');
  const { authTime, claims } = await user.getIdTokenResult();
  return {
    uid: user.uid,
    user,
    db: getFirestore(firebase),
    authTime: Date.parse(authTime) / 1000,
    restaurants: Object.keys(Object(claims['merchant'])),
    isCourier: claims['role'] === 'courier',
  };
}
