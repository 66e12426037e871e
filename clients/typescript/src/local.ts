import type { FirebaseApp } from 'firebase/app';
import { CustomProvider, initializeAppCheck } from 'firebase/app-check';
import { connectAuthEmulator, getAuth } from 'firebase/auth';
import { connectFirestoreEmulator, getFirestore } from 'firebase/firestore';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';
import { connectStorageEmulator, getStorage } from 'firebase/storage';
import { createToken } from './local-app-check.js';
import { REGION } from './tiffin.js';

/** The ports of the local stack: those of the official emulators, moved together by the stack's offset. */
export interface LocalPorts {
  readonly auth: number;
  readonly firestore: number;
  readonly functions: number;
  readonly storage: number;
}

const DEFAULT_PORTS: LocalPorts = { auth: 9099, firestore: 8080, functions: 5001, storage: 9199 };

/** The ports of a stack that was started with `--port-offset`. */
const portsWithOffset = (offset: number): LocalPorts => ({
  auth: DEFAULT_PORTS.auth + offset,
  firestore: DEFAULT_PORTS.firestore + offset,
  functions: DEFAULT_PORTS.functions + offset,
  storage: DEFAULT_PORTS.storage + offset,
});

/** Where the local stack is. */
export interface LocalStackOptions {
  readonly host?: string;
  /** The `--port-offset` of `npm start`. */
  readonly offset?: number;
  readonly ports?: LocalPorts;
  readonly region?: string;
}

/**
 * Connects an app to the local stack (`npm start`), before its first request. An Android emulator reaches it at
 * `10.0.2.2`.
 */
export function connectToLocalStack(
  firebase: FirebaseApp,
  { host = '127.0.0.1', offset = 0, ports = portsWithOffset(offset), region = REGION }: LocalStackOptions = {},
): void {
  connectAuthEmulator(getAuth(firebase), `http://${host}:${ports.auth}`, { disableWarnings: true });
  connectFirestoreEmulator(getFirestore(firebase), host, ports.firestore);
  connectFunctionsEmulator(getFunctions(firebase, region), host, ports.functions);
  connectStorageEmulator(getStorage(firebase), host, ports.storage);
}

/** Installs App Check for the emulators, which accept an unsigned token. A production app uses a real provider instead. */
export function useLocalAppCheck(firebase: FirebaseApp): void {
  const { projectId = '', appId = '' } = firebase.options;
  const getToken = () => Promise.resolve(createToken(projectId, appId));
  initializeAppCheck(firebase, { provider: new CustomProvider({ getToken }) });
}
