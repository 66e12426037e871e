import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { LaunchError } from './launch-error.js';

/** Throws a LaunchError that names every taken port and, if known, the process that uses it. */
export async function requireFreePorts(ports: Readonly<Record<string, number>>): Promise<void> {
  const taken = await Promise.all(
    Object.entries(ports).map(async ([name, port]) =>
      (await isFree(port))
        ? []
        : [`${name} needs port ${port}, used by ${(await findHolder(port)) ?? 'another process'}`],
    ),
  );
  const conflicts = taken.flat();
  if (conflicts.length === 0) return;
  throw new LaunchError(
    'The emulators cannot start.',
    conflicts.join('; '),
    `stop that process, or move every port: -- --port-offset ${await findFreeOffset(Object.values(ports))}.`,
  );
}

const OFFSETS = Array.from({ length: 20 }, (_, i) => 1000 * (i + 1));

/** Finds an offset at which all ports of a stack are free and none is a port of the stack without an offset. */
export async function findFreeOffset(ports: readonly number[]): Promise<number> {
  for (const offset of OFFSETS) {
    const moved = ports.map((port) => port + offset);
    if (moved.some((port) => port > 65_535 || ports.includes(port))) continue;
    if (await areFree(moved)) return offset;
  }
  return OFFSETS[0] ?? 0;
}

export async function areFree(ports: readonly number[]): Promise<boolean> {
  return (await Promise.all(ports.map(isFree))).every(Boolean);
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Returns `process 4711 (node)`, from /proc on Linux and from lsof elsewhere; undefined when neither finds the process.
 */
async function findHolder(port: number): Promise<string | undefined> {
  const pid = (await pidFromProc(port).catch(() => undefined)) ?? (await pidFromLsof(port).catch(() => undefined));
  if (pid === undefined) return undefined;
  const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return `process ${pid}${command ? ` (${command.trim()})` : ''}`;
}

async function pidFromProc(port: number): Promise<string | undefined> {
  const inodes = new Set(
    [...(await listeningInodes('tcp', port)), ...(await listeningInodes('tcp6', port))].map(
      (inode) => `socket:[${inode}]`,
    ),
  );
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      if (inodes.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))) return pid;
    }
  }
  return undefined;
}

/** Reads /proc/net/tcp: `sl local_address rem_address st … inode`, ports in hexadecimal, state 0A = listening. */
async function listeningInodes(table: 'tcp' | 'tcp6', port: number): Promise<string[]> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (await readFile(`/proc/net/${table}`, 'utf8')).split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(suffix) && state === '0A')
    .flatMap((columns) => columns[9] ?? []);
}

async function pidFromLsof(port: number): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']);
  return stdout.split('\n')[0] || undefined;
}
