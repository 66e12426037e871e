import { deleteApp, FirebaseError, initializeApp, type FirebaseApp } from 'firebase/app';
import { initializeAppCheck } from 'firebase/app-check';
import {
  connectAuthEmulator,
  createUserWithEmailAndPassword,
  getAuth,
  signInWithEmailAndPassword,
  type Auth,
  type User,
  type UserCredential,
} from 'firebase/auth';
import {
  connectFirestoreEmulator,
  doc,
  getFirestore,
  setDoc,
  setLogLevel,
  terminate,
  type Firestore,
} from 'firebase/firestore';
import {
  connectFunctionsEmulator,
  FunctionsError,
  getFunctions,
  httpsCallable,
  type Functions,
} from 'firebase/functions';
import { connectStorageEmulator, getBytes, getStorage, ref, uploadBytes, type FirebaseStorage } from 'firebase/storage';
import { reasonsOf, type CallableName, type Outputs, type Requests } from '../../../functions/src/calls/callables.js';
import { PASSWORD, type Person } from '../city/population.js';
import type { Stack } from '../stack.js';
import { demoProvider } from './demo-app-check.js';

// Tests and simulated people expect some refusals of the rules, so the SDK does not log them as warnings.
setLogLevel('error');

/** The SDK's default of 70 s is too short: on a machine with ten busy processes a function can take longer to start. */
const CALL_TIMEOUT_MS = 170_000;

/** One app: the Firebase client SDK, signed in, with App Check. It has no access that a real app would not have. */
export class App {
  private constructor(
    readonly user: User,
    /** When the user signed in, in seconds. Commands and messages must contain it. */
    readonly authTime: number,
    readonly db: Firestore,
    private readonly firebase: FirebaseApp,
    private readonly functions: Functions,
    private readonly storage: FirebaseStorage,
  ) {}

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
    await setDoc(doc(app.db, `users/${uid}/devices/phone`), { token: `token-${uid}`, platform: 'ios' });
    return { app, person: { uid, name, email } };
  }

  /** Creates an app and signs in with any method of the SDK. */
  static async enter(stack: Stack, wayIn: (auth: Auth) => Promise<UserCredential>): Promise<App> {
    const { projectId, host, ports } = stack;
    const firebase = initializeApp(
      { projectId, apiKey: 'demo', appId: '1:1:web:1', storageBucket: `${projectId}.appspot.com` },
      crypto.randomUUID(),
    );
    initializeAppCheck(firebase, { provider: demoProvider(projectId) });
    const auth = getAuth(firebase);
    connectAuthEmulator(auth, `http://${host}:${ports.auth}`, { disableWarnings: true });
    const { user } = await wayIn(auth);
    const authTime = Date.parse((await user.getIdTokenResult()).authTime) / 1000;
    const db = getFirestore(firebase);
    connectFirestoreEmulator(db, host, ports.firestore);
    const functions = getFunctions(firebase, stack.region);
    connectFunctionsEmulator(functions, host, ports.functions);
    const storage = getStorage(firebase);
    connectStorageEmulator(storage, host, ports.storage);
    return new App(user, authTime, db, firebase, functions, storage);
  }

  /** Calls a function as an app does. `getReason` reads the reason from the error of a refusal. */
  async call<N extends CallableName>(name: N, input: Requests[N]): Promise<Outputs[N]> {
    const options = { limitedUseAppCheckTokens: true, timeout: CALL_TIMEOUT_MS };
    const callable = httpsCallable<Requests[N], Outputs[N]>(this.functions, name, options);
    try {
      return (await callable(input)).data;
    } catch (error) {
      throw checkListed(name, error);
    }
  }

  /** Uploads a photo or a document under the storage rules. */
  async upload(path: string, bytes: Uint8Array, contentType: string): Promise<void> {
    await uploadBytes(ref(this.storage, path), bytes, { contentType });
  }

  /** Downloads a file that the storage rules let this user read. */
  async download(path: string): Promise<Buffer> {
    return Buffer.from(await getBytes(ref(this.storage, path)));
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
    await terminate(this.db);
    await deleteApp(this.firebase);
  }
}

/**
 * Returns why the backend refused; undefined for any other error. The message is not used: some SDKs add the HTTP
 * status.
 */
export const getReason = (error: unknown): string | undefined => getDetail(error, 'reason');

/** Returns the error itself, or a new one for a refusal that the callable's definition does not list in `reasons`. */
function checkListed(name: CallableName, error: unknown): unknown {
  const reason = getReason(error);
  const isListed = reason === undefined || reason === 'INTERNAL' || reasonsOf(name).some((one) => one === reason);
  return isListed
    ? error
    : new Error(`${name} answers ${reason}: add it to the reasons of its definition`, { cause: error });
}

/** Returns a string of the refusal's details, beside the reason. */
export function getDetail(error: unknown, name: string): string | undefined {
  if (!(error instanceof FunctionsError) || typeof error.details !== 'object' || error.details === null)
    return undefined;
  const value: unknown = Reflect.get(error.details, name);
  return typeof value === 'string' ? value : undefined;
}

/** True where the rules denied the request. */
export const isDenied = (error: unknown): boolean =>
  error instanceof FirebaseError && error.code === 'permission-denied';

/** True where another party changed the order first: cancelled it, or accepted the offer. */
export function isTooLate(error: unknown): boolean {
  return ['MOVE_NOT_ALLOWED', 'ROLE_NOT_ALLOWED', 'OFFER_GONE', 'COURIER_ASSIGNED'].includes(getReason(error) ?? '');
}
