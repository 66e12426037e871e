import { readFile } from 'node:fs/promises';
import { Firestore } from 'firebase-admin/firestore';
import { type Rival, type Running, start } from './rivals.js';

// Or the Admin SDK, which has no credentials here, probes for a metadata server while it is measured.
process.env['METADATA_SERVER_DETECTION'] = 'none';

const RULES = new URL('../../firestore.rules', import.meta.url);
/** A project of its own, for rules are put for a project. */
const RULED = 'demo-bench-ruled';

/**
 * The SDK's first listener opens a channel beside the one there is; with the default, one, that is idle too much from
 * then on: the SDK makes a client anew for each call, and a call takes twice as long.
 */
const IDLE_CHANNELS = 4;

/** One of the programs, running, with clients to ask it. */
export interface Entrant {
  readonly rival: Rival;
  readonly running: Running;
  readonly clients: Clients;
  close(): Promise<void>;
}

export interface Clients {
  readonly port: number;
  /** The administrator, past all rules. */
  readonly db: Firestore;
  /** The user "u" where there are no rules, and where this project's own are in force. */
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
    // Refused where a task that was given up still listens: the program's end breaks that off.
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

/** Emulators read tokens and verify none. */
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
