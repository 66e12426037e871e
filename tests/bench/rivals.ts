import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { freePort } from '#fixtures/free-port.js';
import { BUNDLE_OPTIONS } from '#local/suite/bundle.js';

const PEER = '@firestore-emulator/server';
const PEER_PROGRAM = `
import { FirestoreServer } from '${PEER}';
await new FirestoreServer().start(Number(process.argv[2]));
`;
const NPM_MS = 120_000;
const BOOT_MS = 20_000;

/** A program to measure, as a single file. */
export interface Rival {
  readonly name: 'emulator' | 'floor' | 'peer';
  readonly file: string;
  readonly args: (port: number) => string[];
}

export interface Running {
  readonly port: number;
  /** From the start of the process until its port is open. */
  readonly bootMs: number;
  residentBytes(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** Collects all programs that are available into a folder of the benchmark's own; prints why one is not. */
export async function gather(): Promise<{ rivals: Rival[]; missing: string[]; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const rivals: Rival[] = [
    {
      name: 'emulator',
      file: await bundled('../../emulator/src/main.ts', folder),
      args: (port) => ['--port', String(port)],
    },
    { name: 'floor', file: await bundled('./floor.ts', folder), args: (port) => [String(port)] },
  ];
  try {
    rivals.push({ name: 'peer', file: await installedPeer(folder), args: (port) => [String(port)] });
    return { rivals, missing: [], remove };
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message.split('\n')[0] : String(fault);
    return { rivals, missing: [`${PEER} is left out: ${reason}`], remove };
  }
}

async function bundled(source: string, folder: string): Promise<string> {
  const entry = fileURLToPath(new URL(source, import.meta.url));
  const name = source.replace(/\W/g, '');
  await build({ ...BUNDLE_OPTIONS, entryPoints: { [name]: entry }, outdir: folder });
  return join(folder, `${name}.cjs`);
}

async function installedPeer(folder: string): Promise<string> {
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const args = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', PEER];
  await promisify(execFile)('npm', args, { cwd: folder, timeout: NPM_MS });
  const file = join(folder, 'peer.mjs');
  await writeFile(file, PEER_PROGRAM);
  return file;
}

export async function start({ name, file, args }: Rival): Promise<Running> {
  const port = await freePort();
  const begun = performance.now();
  // It runs in a folder without firebase.json, so the project's rules and indexes are not in force there.
  const folder = dirname(file);
  const child = spawn(process.execPath, [file, ...args(port)], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const kill = (): unknown => child.kill('SIGKILL');
  process.on('exit', kill);
  while (!(await isOpen(port))) {
    if (child.exitCode !== null || performance.now() - begun > BOOT_MS) throw new Error(`${name} did not start`);
  }
  return {
    port,
    bootMs: performance.now() - begun,
    residentBytes: () => residentBytes(child),
    stop: async () => {
      const ended = once(child, 'exit');
      kill();
      await ended;
      process.off('exit', kill);
    },
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => setTimeout(() => resolve(false), 2));
    socket.on('connect', () => socket.destroy());
  });
}

/** Undefined where there is no /proc. */
async function residentBytes(child: ChildProcess): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  } catch {
    return undefined;
  }
}
