import { strict as assert } from 'node:assert';
import { DEMO_ZONE } from '#local/seed.js';
import { drawCart, drawCity, type RestaurantDraft } from '#simulator/city/population.js';
import { PARTY_PORTIONS } from '#simulator/people/cart.js';
import { Random } from '#simulator/random.js';

type Menu = RestaurantDraft['menu'];
const restaurants = [1, 7, 41].flatMap((seed) => drawCity(seed).restaurants);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The price of a cart without fees and tip. */
function priceOf({ items, groups }: Menu, lines: ReturnType<typeof drawCart>): number {
  const options = new Map(groups.flatMap((group) => group.options.map(({ id, priceMinor }) => [id, priceMinor])));
  const prices = new Map(items.map(({ id, priceMinor }) => [id, priceMinor]));
  const extras = (line: (typeof lines)[number]) =>
    sum(line.modifiers.flatMap((one) => [one, ...one.modifiers]).map(({ optionId }) => options.get(optionId) ?? 0));
  return sum(lines.map((line) => line.quantity * ((prices.get(line.itemId) ?? 0) + extras(line))));
}

describe('carts of the demo city', () => {
  const largeMinor = DEMO_ZONE.triage?.largeOrderMinor ?? 0;
  const carts = restaurants.flatMap(({ menu }) =>
    Array.from({ length: 100 }, (_, seed) => priceOf(menu, drawCart(new Random(seed), menu))),
  );

  it('are never checked by operators where they have the usual size: a plain order costs no read more', () =>
    assert.ok(Math.max(...carts) * 1.3 + 2000 < largeMinor, `${Math.max(...carts)} of ${largeMinor}`));
  it('are always checked where they are for a party', () => {
    const parties = restaurants.map(({ menu }) =>
      priceOf(
        menu,
        drawCart(new Random(5), menu).map((line) => ({ ...line, quantity: PARTY_PORTIONS })),
      ),
    );
    assert.ok(Math.min(...parties) > largeMinor, `${Math.min(...parties)} of ${largeMinor}`);
  });
});
