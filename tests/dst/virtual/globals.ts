import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Random } from '#simulator/random.js';
import type { Scheduled, VirtualTime } from './time.js';

/** What replaces the process's clock and chance, for one run. */
export interface VirtualProcess {
  time: VirtualTime;
  random: Random;
}

let current: VirtualProcess | undefined;

/** The current run. The clock and random numbers of the process belong to it. */
function running(): VirtualProcess {
  if (!current) throw new Error('no run has started');
  return current;
}

/** Starts a run: from now on the process has its time and its random numbers. */
export function startProcess(process: VirtualProcess): void {
  current = process;
}

/** A timer of Node, on the virtual clock. */
class Timer {
  #scheduled: Scheduled;
  #isIdle = false;
  readonly #time = running().time;

  constructor(
    private readonly run: () => void,
    private readonly ms: number,
    private readonly repeats: boolean,
  ) {
    this.#scheduled = this.#schedule();
  }

  #schedule(): Scheduled {
    const fire = () => {
      if (this.repeats) this.refresh();
      this.run();
    };
    return this.#time.after(this.ms, fire, this.#isIdle);
  }

  refresh(): this {
    this.#scheduled.cancel();
    this.#scheduled = this.#schedule();
    return this;
  }

  unref(): this {
    this.#isIdle = true;
    return this.refresh();
  }

  ref(): this {
    this.#isIdle = false;
    return this.refresh();
  }

  hasRef(): boolean {
    return !this.#isIdle;
  }

  close(): this {
    this.#scheduled.cancel();
    return this;
  }
}

const start =
  (repeats: boolean) =>
  (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    new Timer(() => run(...args), Math.max(repeats ? 1 : 0, ms ?? 0), repeats);
const stop = (timer: unknown) => void (timer instanceof Timer && timer.close());

const RealDate = Date;
/** Dates without an argument are the run's time. */
const VirtualDate = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [running().time.nowMs] : args, newTarget),
  get: (target, key, receiver) => (key === 'now' ? () => running().time.nowMs : Reflect.get(target, key, receiver)),
});

const fill = <T extends Uint8Array>(bytes: T): T => {
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = running().random.between(0, 255);
  return bytes;
};
const randomBytes = (size: number) => fill(Buffer.alloc(size));

function randomUUID(): string {
  const hex = randomBytes(16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * Replaces the timers, the clock and the random numbers of this process by those of the current run, so that the
 * Firestore SDK, the drop-in and the backend depend on nothing but the seed. `setImmediate` stays real: the run waits
 * with it until all promises have settled.
 */
export function installVirtualProcess(): void {
  const replace = (owner: object, name: string, value: unknown) => Object.defineProperty(owner, name, { value });
  replace(globalThis, 'setTimeout', start(false));
  replace(globalThis, 'setInterval', start(true));
  replace(globalThis, 'clearTimeout', stop);
  replace(globalThis, 'clearInterval', stop);
  replace(globalThis, 'Date', VirtualDate);
  replace(performance, 'now', () => running().time.nowMs);
  replace(Math, 'random', () => running().random.next());
  replace(crypto, 'randomBytes', randomBytes);
  replace(crypto, 'randomFillSync', fill);
  replace(crypto, 'randomUUID', randomUUID);
  syncBuiltinESMExports();
}

const realImmediate = setImmediate;

/** Waits until every promise that can settle without the virtual clock has settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void realImmediate(resolve));
}
