import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import {
  createUserWithEmailAndPassword,
  getAuth,
  signInWithEmailAndPassword,
  type Auth,
  type User,
  type UserCredential,
} from 'firebase/auth';
import { getFirestore, setLogLevel, terminate, type Firestore } from 'firebase/firestore';
import { getBytes, getStorage, ref } from 'firebase/storage';
import {
  CALLS,
  COMMON_REASONS,
  connectToLocalStack,
  isRefused,
  refusalOf,
  registerDevice,
  Tiffin,
  useLocalAppCheck,
  type CallName,
  type Calls,
  type Session,
} from '../../../clients/typescript/src/index.js';
import { PASSWORD, type Person } from '../city/population.js';
import type { Stack } from '../stack.js';
import { pause } from './pause.js';

// Tests and simulated people expect some refusals of the rules, so the SDK does not log them as warnings.
setLogLevel('error');

/** The SDK's default of 70 s is too short: on a machine with ten busy processes a function can take longer to start. */
const CALL_TIMEOUT_MS = 170_000;

const MAX_ATTEMPTS = 10;
const MOST_WAIT_SECONDS = 10;

/** One app on the client package, signed in, with App Check. It has no access that a real app would not have. */
export class App {
  private constructor(
    readonly user: User,
    readonly session: Session,
    readonly tiffin: Tiffin,
    private readonly firebase: FirebaseApp,
  ) {}

  /** For tests that write what the package does not offer. */
  get db(): Firestore {
    return this.session.db;
  }

  static signIn(stack: Stack, { email }: Person): Promise<App> {
    return App.enter(stack, (auth) => signInWithEmailAndPassword(auth, email, PASSWORD));
  }

  /** Signs a new user up: creates an account and a profile, and registers the device for pushes. */
  static async signUp(stack: Stack, name: string): Promise<{ app: App; person: Person }> {
    const email = `${crypto.randomUUID()}@demo.test`;
    const app = await App.enter(stack, (auth) => createUserWithEmailAndPassword(auth, email, PASSWORD));
    await app.call('createProfile', { displayName: name, locale: 'en', deviceId: crypto.randomUUID() });
    await app.refreshToken();
    const { uid } = app.user;
    await registerDevice(app.session, 'phone', { token: `token-${uid}`, platform: 'ios' });
    return { app, person: { uid, name, email } };
  }

  /** Creates an app and signs in with any method of the SDK. */
  static async enter(stack: Stack, wayIn: (auth: Auth) => Promise<UserCredential>): Promise<App> {
    const { projectId, host, ports, region } = stack;
    const firebase = initializeApp(
      { projectId, apiKey: 'demo', appId: '1:1:web:1', storageBucket: `${projectId}.appspot.com` },
      crypto.randomUUID(),
    );
    useLocalAppCheck(firebase);
    connectToLocalStack(firebase, { host, ports, region });
    const { user } = await wayIn(getAuth(firebase));
    const tiffin = new Tiffin(firebase, { region, callTimeoutMs: CALL_TIMEOUT_MS });
    return new App(user, await tiffin.session(), tiffin, firebase);
  }

  /**
   * Calls a function, and repeats the call after the time that a rate limit names: the city's clock runs fast, the
   * limits' does not. `getReason` reads the reason from the error of a refusal.
   */
  async call<N extends CallName>(name: N, input: Calls[N]['input']): Promise<Calls[N]['output']> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.tiffin.call(name, input);
      } catch (error) {
        const waitMs = getWaitMs(error);
        if (waitMs === null || attempt === MAX_ATTEMPTS) throw checkListed(name, error);
        await pause(waitMs);
      }
    }
  }

  /** Uploads a photo or a document under the storage rules. */
  upload(path: string, bytes: Uint8Array, contentType: string): Promise<void> {
    return this.tiffin.upload(path, bytes, contentType);
  }

  /** Downloads a file that the storage rules let this user read. */
  async download(path: string): Promise<Buffer> {
    return Buffer.from(await getBytes(ref(getStorage(this.firebase), path)));
  }

  /** Downloads the caller's own export, through the URL that the server signs for some minutes. */
  async downloadExport(path: string): Promise<Buffer> {
    const { url } = await this.call('openFile', { type: 'export', path });
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Refreshes the ID token after the server changed the user's claims. */
  async refreshToken(): Promise<void> {
    await this.user.getIdToken(true);
  }

  async close(): Promise<void> {
    await terminate(getFirestore(this.firebase));
    await deleteApp(this.firebase);
  }
}

/** Returns how long a rate limit asks to wait; null for another error, and where it asks for too long. */
function getWaitMs(error: unknown): number | null {
  const refusal = refusalOf(error);
  if (refusal?.reason !== 'TOO_MANY_REQUESTS') return null;
  const seconds = refusal.details.retryAfterSeconds ?? 1;
  return seconds <= MOST_WAIT_SECONDS ? seconds * 1000 : null;
}

/** Returns why the backend refused; undefined for any other error. */
export function getReason(error: unknown): string | undefined {
  const refusal = refusalOf(error);
  return refusal?.reason === 'unknown' ? refusal.text : refusal?.reason;
}

/** Returns the error itself, or a new one for a refusal that the callable's definition does not list in `reasons`. */
function checkListed(name: CallName, error: unknown): unknown {
  const reason = getReason(error);
  const listed: readonly string[] = [...COMMON_REASONS, ...CALLS[name].reasons, 'INTERNAL'];
  return reason === undefined || listed.includes(reason)
    ? error
    : new Error(`${name} answers ${reason}: add it to the reasons of its definition`, { cause: error });
}

/** True where another party changed the order first: cancelled it, or accepted the offer. */
export const isTooLate = (error: unknown): boolean =>
  isRefused(error, 'MOVE_NOT_ALLOWED', 'ROLE_NOT_ALLOWED', 'OFFER_GONE', 'COURIER_ASSIGNED');
