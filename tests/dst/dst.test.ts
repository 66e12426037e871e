import assert from 'node:assert/strict';
import { Random } from '#simulator/random.js';
import { Pool } from './pool.js';
import type { RunOptions, RunResult } from './run.js';
import { shrink, toKind } from './shrink.js';
import { Heap } from './virtual/heap.js';
import { VirtualTime } from './virtual/time.js';
import { drawFaultRates, NO_FAULTS } from './world/fault-rates.js';

describe('a simulated run', () => {
  const options: RunOptions = { seed: 5, orders: [0, 1, 2] };
  const runIn = async (run: RunOptions, times = 1): Promise<RunResult[]> => {
    const pool = await Pool.open(1);
    const results: RunResult[] = [];
    for (let n = 0; n < times; n += 1) results.push(await pool.run(run));
    pool.close();
    return results;
  };

  it('is the same again, in the same process and in another', async () => {
    const [first, again] = await runIn(options, 2);
    const [other] = await runIn(options);
    assert.deepEqual(again, first);
    assert.deepEqual(other, first);
    assert.deepEqual(first?.breaches, []);
  });

  it('is another one with another seed, and tells its faults', async () => {
    const [one] = await runIn(options);
    const [other] = await runIn({ ...options, seed: 6, faults: { ...NO_FAULTS, duplicate: 0.5 } });
    assert.notEqual(one?.digest, other?.digest);
    assert.ok(other?.story.some((sentence) => sentence.includes('is delivered twice')));
  });

  it('delivers and charges a plain order, and pays the kitchen', async () => {
    const [result] = await runIn({ seed: 1, orders: [0], plain: true });
    assert.deepEqual(result?.breaches, []);
    assert.ok(result?.story.some((sentence) => sentence.includes('"action":"deliver"')));
  });
});

describe('a violation', () => {
  const toResult = (options: RunOptions, breaches: string[]): RunResult => ({
    seed: options.seed,
    breaches,
    story: [],
    digest: '',
    calls: 0,
    faults: options.faults ?? { ...NO_FAULTS, crash: 0.1, late: 0.1 },
  });
  /** Order 3 is late where tasks are late. */
  const run = async (options: RunOptions): Promise<RunResult> => {
    const { late } = options.faults ?? { late: 1 };
    return toResult(
      options,
      options.orders.includes(3) && late > 0 ? [`order order-${options.orders.length} is late`] : [],
    );
  };

  it('is shrunk to the orders and the faults that it needs', async () => {
    const options = { seed: 1, orders: [0, 1, 2, 3, 4] };
    const shortest = await shrink(run, { options, result: await run(options) });
    assert.deepEqual(shortest.options, { seed: 1, orders: [3], faults: { ...NO_FAULTS, late: 0.1 } });
  });

  it('is the same one under other order ids', () => {
    assert.equal(toKind(['order order-4: event 7 was changed']), toKind(['order order-11: event 2 was changed']));
    assert.notEqual(
      toKind(['order order-4: event 7 was changed']),
      toKind(['order order-4: accepted without a deadline']),
    );
  });
});

describe('faults of a run', () => {
  it('lose tasks only where nothing else fails', () => {
    const drawn = Array.from({ length: 400 }, (_, seed) => drawFaultRates(new Random(seed)));
    const losing = drawn.filter(({ lostTask }) => lostTask > 0);
    assert.ok(losing.length > 100 && drawn.some(({ crash }) => crash > 0));
    assert.ok(losing.every(({ crash, lostAnswer, refusedCall }) => crash + lostAnswer + refusedCall === 0));
  });
});

describe('virtual time', () => {
  it('runs calls in the order of their times, and equal ones in the order that is drawn', () => {
    const ties = [0.9, 0.1, 0.5];
    const time = new VirtualTime(1_000, () => ties.shift() ?? 0);
    const ran: string[] = [];
    time.after(10, () => ran.push(`late ${time.nowMs}`));
    time.after(5, () => ran.push(`second ${time.nowMs}`));
    time.after(5.5, () => ran.push(`third ${time.nowMs}`));
    while (time.step());
    assert.deepEqual(ran, ['second 1005', 'third 1005', 'late 1010']);
  });

  it('ends with the last call that keeps it going; a cancelled one does not', () => {
    const time = new VirtualTime(0, () => 0);
    time.after(1_000, () => assert.fail('idle'), true);
    time.after(500, () => assert.fail('cancelled')).cancel();
    assert.equal(time.hasWork, false);
    assert.equal(time.step(), false);
  });

  it('sorts as a list does', () => {
    const random = new Random(7);
    const heap = new Heap<number>((a, b) => a - b);
    const values = Array.from({ length: 200 }, () => random.between(0, 50));
    for (const value of values) heap.push(value);
    assert.deepEqual(
      values.map(() => heap.pop()),
      values.toSorted((a, b) => a - b),
    );
    assert.equal(heap.pop(), undefined);
  });
});
