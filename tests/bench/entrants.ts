import { readFile } from 'node:fs/promises';
import { Firestore } from 'firebase-admin/firestore';
import { type Rival, type Running, start } from './rivals.js';

// Without credentials here, the Admin SDK would otherwise probe for a metadata server during the measurement.
process.env['METADATA_SERVER_DETECTION'] = 'none';

const RULES = new URL('../../firestore.rules', import.meta.url);
/** A project of its own, because rules are set per project. */
const RULED = 'demo-bench-ruled';

/**
 * The SDK's first listener opens a second channel. With the default of one idle channel, the SDK then creates a new
 * client for each call, and a call takes twice as long.
 */
const IDLE_CHANNELS = 4;

/** A running program with the clients that measure it. */
export interface Entrant {
  readonly rival: Rival;
  readonly running: Running;
  readonly clients: Clients;
  close(): Promise<void>;
}

export interface Clients {
  readonly port: number;
  /** The administrator, for whom no rules are checked. */
  readonly db: Firestore;
  /** The user "u", without rules and with this project's own rules. */
  readonly unruled: Firestore;
  readonly ruled: Firestore;
}

export async function enter(rival: Rival): Promise<Entrant> {
  const running = await start(rival);
  const { port } = running;
  const db = client('demo-bench', port, 'owner');
  const unruled = client('demo-bench', port, unsignedToken('u'));
  const ruled = client(RULED, port, unsignedToken('u'));
  const close = async (): Promise<void> => {
    // Refused where a task that was given up still listens; the end of the program closes that listener.
    await Promise.allSettled([db, unruled, ruled].map((database) => database.terminate()));
    await running.stop();
  };
  return { rival, running, clients: { port, db, unruled, ruled }, close };
}

function client(projectId: string, port: number, token: string): Firestore {
  const customHeaders = { Authorization: `Bearer ${token}` };
  return new Firestore({
    projectId,
    host: `127.0.0.1:${port}`,
    ssl: false,
    customHeaders,
    maxIdleChannels: IDLE_CHANNELS,
  });
}

/** Emulators read tokens without verifying them. */
function unsignedToken(uid: string): string {
  const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: uid, user_id: uid })}.`;
}

/** The project's own rules, and the user whose document they read. */
export async function putRules({ running, clients }: Entrant): Promise<void> {
  const files = [{ name: 'firestore.rules', content: await readFile(RULES, 'utf8') }];
  const response = await fetch(`http://127.0.0.1:${running.port}/emulator/v1/projects/${RULED}:securityRules`, {
    method: 'PUT',
    body: JSON.stringify({ rules: { files } }),
  });
  if (!response.ok) throw new Error(`the rules were refused: ${await response.text()}`);
  const owner = client(RULED, clients.port, 'owner');
  await owner.doc('users/u').set({ displayName: 'U' });
  await owner.terminate();
}
