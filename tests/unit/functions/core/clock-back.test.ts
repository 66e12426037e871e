import assert from 'node:assert/strict';
import {
  CALLS_BY_ADDRESS,
  CALLS_BY_USER,
  COUNTED,
  FREE_DECLINES,
  UNKNOWN_LINKS,
} from '#functions/abuse/model/limits.js';
import { returnToBucket, takeFromBucket, type Bucket, type Limit } from '#functions/core/bucket.js';
import { Cache } from '#functions/core/cache.js';
import { Limiter } from '#functions/platform/limiter.js';
import { START_MS } from '#fixtures/catalogue.js';

const TEN_MINUTES_MS = 600_000;
const LIMITS: Readonly<Record<string, Limit>> = {
  ...COUNTED,
  CALLS_BY_ADDRESS,
  CALLS_BY_USER,
  FREE_DECLINES,
  UNKNOWN_LINKS,
};

/** Takes until nothing is left; returns how many there were. */
function takeAll(limiter: Limiter, limit: Limit): number {
  for (let taken = 0; ; taken += 1) if (limiter.wait('someone', limit) > 0) return taken;
}

describe('a clock that goes back by ten minutes', () => {
  for (const [name, limit] of Object.entries(LIMITS)) {
    it(`grants nothing twice and blocks nothing for ever: the limit ${name}`, () => {
      let nowMs = START_MS;
      const limiter = new Limiter(() => nowMs);
      assert.equal(takeAll(limiter, limit), limit.capacity);
      nowMs += limit.refillMs;
      assert.equal(takeAll(limiter, limit), 1);
      nowMs -= TEN_MINUTES_MS;
      assert.equal(takeAll(limiter, limit), 0);
      const waitMs = limiter.wait('someone', limit) * 1000;
      assert.ok(waitMs <= TEN_MINUTES_MS + limit.refillMs + 999, `${waitMs} ms`);
      nowMs += waitMs;
      assert.ok(takeAll(limiter, limit) >= 1);
      nowMs = START_MS + TEN_MINUTES_MS + (limit.capacity + 2) * limit.refillMs;
      assert.equal(takeAll(limiter, limit), limit.capacity);
    });
  }

  it('adds one token, not more, where one is returned', () => {
    const limit = { capacity: 3, refillMs: 60_000 };
    const empty: Bucket = { tokens: 0, atMs: START_MS };
    const returned = returnToBucket(empty, limit, START_MS - TEN_MINUTES_MS);
    assert.deepEqual(returned, { tokens: 1, atMs: START_MS });
    const taken = takeFromBucket(returned, limit, START_MS - TEN_MINUTES_MS);
    assert.equal(taken.ok && takeFromBucket(taken.bucket, limit, START_MS).ok, false);
  });

  it('keeps no entry of a cache longer than its time', async () => {
    let nowMs = START_MS;
    let loads = 0;
    const cache = new Cache<number>(() => nowMs, 20_000);
    const read = () => cache.get('key', async () => (loads += 1));
    assert.equal(await read(), 1);
    nowMs -= TEN_MINUTES_MS;
    assert.equal(await read(), 2);
    nowMs += 19_999;
    assert.equal(await read(), 2);
    nowMs += 1;
    assert.equal(await read(), 3);
  });
});
