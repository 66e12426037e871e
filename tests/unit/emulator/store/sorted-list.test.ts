import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SortedList } from '#emulator/store/sorted-list.js';

describe('a sorted list', () => {
  it('equals a sorted set, after any additions and deletions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 400 })), { maxLength: 2000, size: 'max' }),
        fc.integer({ min: 0, max: 400 }),
        (steps, from) => {
          const list = new SortedList<number>((a, b) => a - b);
          const model = new Set<number>();
          for (const [adds, item] of steps) {
            if (adds) list.add(item);
            else list.delete(item);
            if (adds) model.add(item);
            else model.delete(item);
          }
          const sorted = [...model].sort((a, b) => a - b);
          assert.deepEqual([...list], sorted);
          assert.equal(list.size, sorted.length);
          assert.deepEqual(
            [...list.from((item) => item < from)],
            sorted.filter((item) => item >= from),
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});
