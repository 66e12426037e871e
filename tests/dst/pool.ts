import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '#local/suite/bundle.js';
import type { RunOptions, RunResult } from './run.js';
import type { WorkerAnswer } from './worker.js';

const ROOT = resolve(import.meta.dirname, '../..');
/** Loaded as they are: they find files beside them, or are native. */
const EXTERNAL = ['firebase-admin', '@google-cloud', 'google-gax', 'firebase-functions', 'stripe', 'sharp'];

interface Worker {
  process: ChildProcess;
  waiting: ((answer: WorkerAnswer) => void)[];
}

/** Processes that run seeds side by side. Each has the whole backend in one bundle, so that no module loads late. */
export class Pool {
  #idle: Worker[] = [];
  #queue: ((worker: Worker) => void)[] = [];

  private constructor(
    private readonly folder: string,
    private readonly workers: readonly Worker[],
  ) {
    this.#idle = [...workers];
  }

  static async open(size: number, hasStacks = false): Promise<Pool> {
    const folder = mkdtempSync(join(tmpdir(), 'tiffin-dst-'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const outfile = join(folder, 'worker.cjs');
    const external = EXTERNAL.flatMap((name) => [name, `${name}/*`]);
    const { outExtension: _, ...options } = BUNDLE_OPTIONS;
    await build({
      ...options,
      entryPoints: [join(import.meta.dirname, 'worker.ts')],
      outfile,
      external,
      sourcemap: true,
    });
    const env = { ...process.env, DST_STACKS: hasStacks ? '1' : '0', METADATA_SERVER_DETECTION: 'none' };
    const execArgv = hasStacks ? ['--enable-source-maps'] : [];
    const start = () => startWorker(fork(outfile, [], { cwd: ROOT, env, execArgv, serialization: 'advanced' }));
    return new Pool(folder, Array.from({ length: size }, start));
  }

  /** Runs one seed on the next process that is free. Throws where the run itself breaks. */
  async run(options: RunOptions): Promise<RunResult> {
    const worker = this.#idle.pop() ?? (await new Promise<Worker>((take) => this.#queue.push(take)));
    const answer = await new Promise<WorkerAnswer>((take) => {
      worker.waiting.push(take);
      worker.process.send(options);
    });
    const next = this.#queue.shift();
    if (next) next(worker);
    else this.#idle.push(worker);
    if (answer.type === 'broken') throw new Error(`seed ${answer.seed}: the run breaks: ${answer.error}`);
    return answer.result;
  }

  close(): void {
    for (const { process } of this.workers) process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function startWorker(process: ChildProcess): Worker {
  const worker: Worker = { process, waiting: [] };
  process.on('message', (answer: WorkerAnswer) => worker.waiting.shift()?.(answer));
  process.on('exit', (code) => {
    const error = `its process ended with code ${code}`;
    for (const answer of worker.waiting.splice(0)) answer({ type: 'broken', seed: -1, error });
  });
  return worker;
}
