import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '#fixtures/free-port.js';

const MAIN = fileURLToPath(new URL('../../emulator/src/main.ts', import.meta.url));
/** On SIGUSR2 the emulator collects its garbage and prints how much heap is left. */
const COLLECTOR = `process.on('SIGUSR2', () => { gc(); gc(); console.log('heap ' + process.memoryUsage().heapUsed); });`;
const ENDED_MS = 10_000;

export interface Memory {
  readonly heapBytes: number;
  /** Undefined where there is no /proc. */
  readonly residentBytes: number | undefined;
}

/** The emulator under test in a process of its own, so that a crash is detected and its memory is measured alone. */
export class Target {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {
    const collect = (chunk: Buffer): void => void (this.output = (this.output + chunk.toString()).slice(-20_000));
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
  }

  static async start(): Promise<Target> {
    const port = await freePort();
    const collector = `data:text/javascript,${encodeURIComponent(COLLECTOR)}`;
    const child = spawn(
      process.execPath,
      ['--expose-gc', '--import', collector, '--import', 'tsx', MAIN, '--port', String(port)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const target = new Target(child, port);
    await target.said(/is now running/);
    return target;
  }

  /** How the process ended, with its last output; undefined while it runs. */
  get end(): string | undefined {
    const { exitCode, signalCode } = this.child;
    return exitCode === null && signalCode === null
      ? undefined
      : `exit ${exitCode ?? signalCode}\n${this.output.slice(-2000)}`;
  }

  async memory(): Promise<Memory> {
    this.output = '';
    this.child.kill('SIGUSR2');
    const [, heap] = await this.said(/heap (\d+)\n/);
    return { heapBytes: Number(heap), residentBytes: residentBytes(this.child.pid) };
  }

  async stop(): Promise<void> {
    if (this.end !== undefined) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  private async said(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = AbortSignal.timeout(ENDED_MS);
    for (;;) {
      const found = pattern.exec(this.output);
      if (found) return found;
      if (!this.child.stdout || this.end !== undefined) throw new Error(`the emulator ended: ${this.end}`);
      await once(this.child.stdout, 'data', { signal: deadline });
    }
  }
}

function residentBytes(pid: number | undefined): number | undefined {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    return undefined;
  }
}
