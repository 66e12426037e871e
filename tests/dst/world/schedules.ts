import type { Change } from '#emulator/store/document.js';
import type { Value } from '#emulator/values/value.js';
import { rollUpBoards } from '#functions/operations/boards.js';
import { sweep } from '#functions/sweep/sweep.js';
import type { Scheduled } from '../virtual/time.js';
import type { World } from './world.js';

const MINUTE_MS = 60_000;
/** The sweep reschedules a search that has waited this long. Source: sweep.ts. */
const LOST_WINDOW_MS = 60_000;
/** A deadline is handled by the sweep of its minute, or by the next one. */
const LONGEST_WAIT_MS = 3 * MINUTE_MS;
/** Sweeps fail while faults strike, and clocks are slow: a deadline may wait so long in addition. */
const LONGEST_DELAY_MS = 45 * MINUTE_MS;

/**
 * Runs the sweep of each minute, but skips those that would find nothing: an index of all deadlines, kept from the
 * commits, says when the next one is due. A day then passes as fast as a minute.
 */
export class Sweeps {
  readonly #dueMs = new Map<string, number>();
  /** The deadlines of orders alone: a search for a courier may wait for long, a deadline may not. */
  readonly #deadlines = new Map<string, number>();
  #next: { atMs: number; scheduled: Scheduled } | null = null;
  #lastMs: number;

  constructor(private readonly world: World) {
    this.#lastMs = world.time.nowMs;
    world.onCommit(({ changes }) => {
      changes.forEach((change) => this.#note(change));
      this.#plan();
    });
  }

  #note({ name, segments, after }: Change): void {
    if (segments.length !== 2 || (segments[0] !== 'orders' && segments[0] !== 'couriers')) return;
    const dueMs = after ? findDueMs(after.fields) : Infinity;
    setOrDelete(this.#dueMs, name, dueMs);
    setOrDelete(this.#deadlines, name, after ? readNumber(after.fields.get('due'), 'atMs') : Infinity);
  }

  /** Plans the sweep of the first minute that has something to do, at most one a minute. */
  #plan(): void {
    const { time } = this.world;
    const dueMs = Math.min(...this.#dueMs.values());
    const atMs = Math.max(this.#lastMs + MINUTE_MS, Math.ceil(dueMs / MINUTE_MS) * MINUTE_MS);
    if (this.#next?.atMs === atMs) return;
    this.#next?.scheduled.cancel();
    this.#next =
      atMs === Infinity ? null : { atMs, scheduled: time.after(atMs - time.nowMs, () => void this.#sweep()) };
  }

  /** The next minute's sweep comes, even where this one has failed or still runs. */
  async #sweep(): Promise<void> {
    this.#next = null;
    this.#lastMs = this.world.time.nowMs;
    const plan = this.world.time.after(MINUTE_MS - 1, () => this.#plan());
    await Promise.all([
      this.world.attempt('sweep', (ctx) => sweep(ctx), 120_000),
      this.world.attempt('boards', (ctx) => rollUpBoards(ctx), 120_000),
    ]);
    this.#checkWaits();
    plan.cancel();
    this.#plan();
  }

  /** No order starves: each deadline is handled within a bounded time, however many others are due. */
  #checkWaits(): void {
    const { world } = this;
    const longestMs = LONGEST_WAIT_MS + (world.hasFaults ? LONGEST_DELAY_MS : 0);
    for (const [name, dueMs] of this.#deadlines) {
      const waitedMs = world.time.nowMs - dueMs;
      if (waitedMs > longestMs) world.breach(`${name} waits for its deadline since ${waitedMs / MINUTE_MS} minutes`);
    }
  }
}

/** Returns when the sweep has something to do for an order or a courier, in epoch ms. */
function findDueMs(fields: ReadonlyMap<string, Value>): number {
  const dueMs = readNumber(fields.get('due'), 'atMs');
  const offerMs = readNumber(fields.get('offer'), 'expiresAtMs') + 15_000;
  const searchMs = toNumber(fields.get('searchFromMs')) + LOST_WINDOW_MS;
  return Math.min(dueMs, offerMs, searchMs);
}

function setOrDelete(map: Map<string, number>, name: string, dueMs: number): void {
  if (dueMs === Infinity) map.delete(name);
  else map.set(name, dueMs);
}

const readNumber = (value: Value | undefined, field: string): number =>
  value?.kind === 'map' ? toNumber(value.fields.get(field)) : Infinity;

function toNumber(value: Value | undefined): number {
  return value?.kind === 'integer' || value?.kind === 'double' ? Number(value.value) : Infinity;
}
