import assert from 'node:assert/strict';
import fc from 'fast-check';
import { takeFromBucket, type Bucket, type Limit } from '#functions/core/bucket.js';

/** How many of the requests at these times are let through. */
function passed(limit: Limit, timesMs: readonly number[]): number {
  let bucket: Bucket | undefined;
  let count = 0;
  for (const nowMs of timesMs) {
    const taken = takeFromBucket(bucket, limit, nowMs);
    if (!taken.ok) continue;
    bucket = taken.bucket;
    count += 1;
  }
  return count;
}

describe('takeFromBucket', () => {
  const limit = { capacity: 60, refillMs: 1000 };

  it('lets exactly 69 of 1,000 requests in 10 s through: 60, and one for each second that passed', () => {
    const times = Array.from({ length: 1000 }, (_, index) => index * 10);
    assert.equal(passed(limit, times), 69);
    assert.equal(passed(limit, [...times, 10_000]), 70);
  });

  it('returns the seconds until the next token, and then has one', () => {
    const bucket = { tokens: 0, atMs: 5_000 };
    assert.deepEqual(takeFromBucket(bucket, limit, 5_200), { ok: false, retryAfterSeconds: 1 });
    assert.deepEqual(takeFromBucket(bucket, { ...limit, refillMs: 60_000 }, 5_000), {
      ok: false,
      retryAfterSeconds: 60,
    });
    assert.deepEqual(takeFromBucket(bucket, limit, 6_000), { ok: true, bucket: { tokens: 0, atMs: 6_000 } });
  });

  it('takes several tokens or none, and returns the seconds until all of them are there', () => {
    const bucket = { tokens: 2, atMs: 5_000 };
    assert.deepEqual(takeFromBucket(bucket, limit, 5_000, 2), { ok: true, bucket: { tokens: 0, atMs: 5_000 } });
    assert.deepEqual(takeFromBucket(bucket, limit, 5_000, 4), { ok: false, retryAfterSeconds: 2 });
    assert.deepEqual(takeFromBucket(bucket, limit, 7_000, 4), { ok: true, bucket: { tokens: 0, atMs: 7_000 } });
  });

  it('stores no more tokens than its capacity', () => {
    const day = 24 * 3_600_000;
    assert.equal(passed(limit, [0, ...Array.from({ length: 100 }, () => day)]), 61);
  });

  it('never lets more through than its capacity and the tokens added since, nor fewer than its capacity', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 2_000 }),
        (gaps, capacity, refillMs) => {
          let nowMs = 0;
          const times = gaps.map((gap) => (nowMs += gap));
          const count = passed({ capacity, refillMs }, times);
          const spanMs = nowMs - (times[0] ?? 0);
          assert.ok(count <= capacity + Math.floor(spanMs / refillMs));
          assert.ok(count >= Math.min(gaps.length, capacity));
        },
      ),
    );
  });
});
