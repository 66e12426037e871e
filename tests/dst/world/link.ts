import type { Random } from '#simulator/random.js';
import type { VirtualTime } from '../virtual/time.js';
import type { FaultRates } from './fault-rates.js';

/** What a link needs of the run around it. */
export interface LinkFacts {
  time: VirtualTime;
  random: Random;
  faults: () => FaultRates;
  /** Called where the faults lets this process die. */
  crash: () => void;
  /** Notes a fault for the story of the run. */
  note: (fault: string) => void;
  /** Creates the error of a call that found no server. */
  unavailable: (call: string) => Error;
}

const never = new Promise<never>(() => undefined);

/**
 * The calls of one process to the outside: request and answer each take time, so that calls of other processes come in
 * between, and each may fail, lose its answer, or be the last one of the process. Of a process that has died no
 * call returns.
 */
export class Link {
  #isDead = false;

  constructor(private readonly facts: LinkFacts) {}

  /** Ends the process: its calls never return, and those that have not arrived take no effect. */
  cut(): void {
    this.#isDead = true;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Carries a call with an effect: its answer may be lost. */
  async around<T>(call: string, effect: () => Promise<T>): Promise<T> {
    const value = await this.before(call, effect);
    await this.#travel(call);
    if (this.#strikes('lostAnswer', call)) throw this.#fail(`the answer to ${call} is lost`, call);
    return value;
  }

  /** Carries a call without an effect: losing its answer is the same as losing the call. */
  async before<T>(call: string, effect: () => Promise<T>): Promise<T> {
    await this.#travel(call);
    const isDown = call.startsWith('payments.') && this.#strikes('providerDown', call);
    if (isDown || this.#strikes('refusedCall', call)) throw this.#fail(`${call} fails`, call);
    return effect();
  }

  async #travel(call: string): Promise<void> {
    if (this.#isDead) return never;
    if (this.#strikes('crash', call)) {
      this.facts.note(`an instance dies at ${call}`);
      this.facts.crash();
      return never;
    }
    await this.facts.time.sleep(this.#latencyMs(call));
    if (this.#isDead) return never;
  }

  #latencyMs(call: string): number {
    const { random } = this.facts;
    if (!this.#strikes('slowCall', call)) return 1 + 20 * random.next() ** 3;
    const ms = random.between(500, 60_000);
    this.facts.note(`${call} takes ${ms} ms`);
    return ms;
  }

  #strikes(kind: 'crash' | 'lostAnswer' | 'refusedCall' | 'providerDown' | 'slowCall', call: string): boolean {
    // A step may lose its effects or its recovery task, not both: see `drawFaultRates`.
    if (kind !== 'crash' && call === 'tasks.schedule') return false;
    const { [kind]: probability } = this.facts.faults();
    return probability > 0 && this.facts.random.chance(probability);
  }

  #fail(what: string, call: string): Error {
    this.facts.note(what);
    return this.facts.unavailable(call);
  }
}
