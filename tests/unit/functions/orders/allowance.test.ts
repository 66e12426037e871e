import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { checkAllowance, sumReserved, toAllowance, type OpenOrders } from '#functions/orders/model/allowance.js';
import { theLimits } from '#fixtures/catalogue.js';
import { runs } from '#fixtures/proofs.js';

const { trust } = theLimits();
const NOTHING: OpenOrders = { unpaid: 0, cash: 0, units: 0, places: 0, uses: 0 };
const answer = (open: Partial<OpenOrders>, completed = 0) => {
  const judged = checkAllowance({ ...NOTHING, ...open }, completed, trust);
  return judged.ok ? 'allowed' : `${String(judged.details['kind'])} ${String(judged.details['max'])}`;
};

describe('the open orders that an account may have', () => {
  const rows: [open: Partial<OpenOrders>, completed: number, expected: string][] = [
    [{ unpaid: 2 }, 0, 'allowed'],
    [{ unpaid: 3 }, 0, 'unpaid 2'],
    [{ unpaid: 3 }, 1, 'allowed'],
    [{ unpaid: 8 }, 100, 'allowed'],
    [{ unpaid: 9 }, 100, 'unpaid 8'],
    [{ cash: 1 }, 0, 'allowed'],
    [{ cash: 2 }, 0, 'cash 1'],
    [{ units: 3 }, 0, 'allowed'],
    [{ units: 4 }, 0, 'units 3'],
    [{ units: 4 }, 1, 'allowed'],
    [{ places: 1 }, 0, 'allowed'],
    [{ places: 2 }, 0, 'places 1'],
    [{ uses: 2 }, 0, 'allowed'],
    [{ uses: 3 }, 0, 'uses 2'],
  ];
  for (const [open, completed, expected] of rows)
    it(`are ${expected} for ${JSON.stringify(open)} after ${completed} completed orders`, () =>
      assert.equal(answer(open, completed), expected));

  it('never decrease with one more completed order, and never exceed the maximum', () => {
    const count = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(count, count, (base, completed) => {
        const [now, next] = [toAllowance(base, completed, trust), toAllowance(base, completed + 1, trust)];
        assert.ok(next >= now && now >= base && now <= Math.max(base, 8));
      }),
      runs(200, 5_000),
    );
  });

  it('count the units of one item over all open orders of the restaurant, places and uses of a promotion in any', () => {
    const reserving = (restaurantId: string, stock: Record<string, number>, slotMs: number | null, ids: string[]) => ({
      restaurantId,
      reserved: { promotions: ids.map((id) => ({ id, shard: 0 })), uses: [], slotMs, stock, creditMinor: 0 },
    });
    const own = reserving('rosa', { margherita: 2, cola: 1 }, 1, ['launch', 'half']);
    const others = [
      reserving('rosa', { margherita: 3 }, null, ['launch']),
      reserving('luigi', { margherita: 7 }, 1, ['launch', 'other']),
      reserving('luigi', {}, null, ['other']),
      { restaurantId: 'rosa' },
    ];
    assert.deepEqual(sumReserved(own, [own, ...others]), { units: 5, places: 2, uses: 3 });
    assert.deepEqual(sumReserved({ restaurantId: 'rosa' }, [own, ...others]), { units: 0, places: 0, uses: 0 });
  });

  it('are never exceeded, in any sequence of writing, reading and removing orders', () => {
    type Step = { order: number; does: 'write' | 'look' };
    const interleavings = fc.integer({ min: 1, max: 12 }).chain((orders) => {
      const steps = Array.from({ length: orders }, (_, order): Step[] => [
        { order, does: 'write' },
        { order, does: 'look' },
      ]);
      return fc.shuffledSubarray(steps.flat(), { minLength: 2 * orders, maxLength: 2 * orders });
    });
    fc.assert(
      fc.property(interleavings, (steps) => {
        const open = new Set<number>();
        const written = new Set<number>();
        const look = (order: number) => {
          if (answer({ unpaid: open.size }) !== 'allowed') open.delete(order);
        };
        for (const { order, does } of steps) {
          // An order is counted only after it was written.
          if (!written.has(order)) open.add(order);
          written.add(order);
          if (does === 'look') look(order);
        }
        for (const order of [...open]) look(order);
        assert.ok(open.size <= 2);
      }),
      runs(300, 20_000),
    );
  });
});
