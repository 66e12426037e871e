import { Firestore as AdminFirestore } from '@google-cloud/firestore';
import { deleteApp, initializeApp } from 'firebase/app';
import { connectFirestoreEmulator, type Firestore, getFirestore, setLogLevel } from 'firebase/firestore';
import { emulatorUnderTest } from '../under-test.js';

/** An emulator, and clients of both SDKs for one of its projects. */
export interface Clients {
  readonly host: string;
  readonly port: number;
  readonly projectId: string;
  readonly admin: AdminFirestore;
  /** As a signed-in user. */
  readonly web: Firestore;
  /** Calls an endpoint of the emulator itself. */
  emulator(method: string, path: string): Promise<void>;
  close(): Promise<void>;
}

export async function startClients(projectId: string): Promise<Clients> {
  setLogLevel('silent');
  const server = await emulatorUnderTest(projectId);
  const { host, port } = server;
  const admin = new AdminFirestore({
    projectId,
    host: `${host}:${port}`,
    ssl: false,
    customHeaders: { Authorization: 'Bearer owner' },
  });
  const app = initializeApp({ projectId, apiKey: 'key' }, `${projectId}-${process.hrtime.bigint()}`);
  const web = getFirestore(app);
  connectFirestoreEmulator(web, host, port, { mockUserToken: { sub: 'alice' } });
  return {
    host,
    port,
    projectId,
    admin,
    web,
    emulator: async (method, path) => {
      const response = await fetch(`http://${host}:${port}${path}`, { method });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    },
    close: async () => {
      await deleteApp(app);
      await admin.terminate();
      await server.close();
    },
  };
}

/** Data in the form of the recordings: a time set by the server is replaced by a word. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('toDate' in value) return 'timestamp';
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
