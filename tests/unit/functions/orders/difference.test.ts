import assert from 'node:assert/strict';
import { listChangedItems } from '#functions/orders/flow/requote.js';
import { margherita, pricedBare, type Line } from '../pricing/price.js';
import { aMenu } from '#fixtures/catalogue.js';

const withOlives = (quantity: number) => margherita(quantity, [{ optionId: 'olives', quantity: 1 }]);
const [extras, ...others] = aMenu().groups;
assert.ok(extras);
const dearerOlives = aMenu({
  groups: [
    { ...extras, options: extras.options.map((one) => ({ ...one, priceMinor: one.priceMinor + 50 })) },
    ...others,
  ],
});

describe('listChangedItems', () => {
  const changed = (before: Line[], after: Line[], menu = aMenu()) =>
    listChangedItems({ pricing: pricedBare({ lines: before }) }, { pricing: pricedBare({ lines: after, menu }) });
  const cola = { itemId: 'cola', quantity: 1 };

  it('names the item whose line costs more now, though another line of it does not', () => {
    for (const lines of [
      [withOlives(1), margherita(1)],
      [margherita(1), withOlives(1)],
    ])
      assert.deepEqual(changed(lines, lines, dearerOlives), ['margherita']);
  });
  it('names nothing where every line costs the same', () =>
    assert.deepEqual(changed([withOlives(1), margherita(1)], [withOlives(1), margherita(1)]), []));
  it('names a removed item, once, and not the items after it', () => {
    assert.deepEqual(changed([cola, margherita(1), cola], [margherita(1)]), ['cola']);
    assert.deepEqual(changed([margherita(1), cola], [cola]), ['margherita']);
  });
});
