import assert from 'node:assert/strict';
import { checkMenu } from '#functions/catalog/model/check-menu.js';
import { DocumentId, IdempotencyKey, TaxCategory, Uid } from '#functions/contract/common.js';
import { checkStock, checkUses } from '#functions/orders/model/reservation-rules.js';
import { lookUp } from '#functions/core/look-up.js';
import { draftLine } from '#functions/pricing/goods.js';
import { getTaxRules } from '#functions/pricing/tax.js';
import { aMenu, aPromotion, aZonePricing, START_MS } from '#fixtures/catalogue.js';
import { inputLeaves } from './leaves.js';

/** `constructor`, `toString`, `__proto__` and so on. */
const NAMES = Object.getOwnPropertyNames(Object.prototype);
const [margherita] = aMenu().items;
assert.ok(margherita && NAMES.length >= 12);

/** The names for which something holds. */
const whichOf = (holds: (name: string) => boolean): string[] => NAMES.filter(holds);

describe('a name that every object inherits', () => {
  const ids = inputLeaves().filter(({ path }) => /(?:Id|Ids\.\*|ids\.\*|Key|taxCategory|\{key\})$/.test(path));
  // Auth makes the ids of users, and no map has them as keys.
  const own = ids.filter(({ path, schema }) => schema !== Uid && path !== 'createProfile.deviceId');

  it('is no id of a restaurant, item, option, order or anything else that a client chooses', () => {
    assert.ok(own.length >= 50);
    for (const { path, schema } of own)
      assert.deepEqual(
        whichOf((name) => schema.safeParse(name).success),
        [],
        path,
      );
  });

  it('is no document id, idempotency key or tax category; a longer name that begins with it may be', () => {
    for (const schema of [DocumentId, IdempotencyKey, TaxCategory]) {
      assert.deepEqual(
        whichOf((name) => schema.safeParse(name).success),
        [],
      );
      assert.deepEqual(
        whichOf((name) => !schema.safeParse(`${name}-1`).success),
        [],
      );
    }
  });

  it('is found in a map only where it is an entry of its own', () => {
    assert.deepEqual(
      whichOf((name) => lookUp({}, name) !== undefined),
      [],
    );
    assert.deepEqual(
      whichOf((name) => lookUp(Object.fromEntries([[name, 1]]), name) !== 1),
      [],
    );
  });

  it('is no tax category of a zone without such an entry', () => {
    const facts = { path: 'p', currency: 'EUR', version: 1, taxes: aZonePricing().taxes };
    const menu = (taxCategory: string) => ({
      ...aMenu({ groups: [] }),
      items: [{ ...margherita, groupIds: [], taxCategory }],
    });
    assert.deepEqual(
      whichOf((name) => checkMenu(menu(name), facts).ok),
      [],
    );
    assert.equal(checkMenu(menu('food'), facts).ok, true);
    assert.deepEqual(
      whichOf((name) => getTaxRules(aZonePricing(), name, 'delivery').length > 0),
      [],
    );
  });

  it('is not counted, sold out or used up without an entry', () => {
    assert.deepEqual(
      whichOf((name) => !checkStock(Object.fromEntries([[name, 1]]), { left: {} }).ok),
      [],
    );
    const once = (id: string) => ({
      ...aPromotion({ kind: 'order', benefit: { type: 'fixed', amountMinor: 1 } }),
      id,
      perUserLimit: 1,
    });
    assert.deepEqual(
      whichOf((name) => !checkUses(once(name), { credits: {}, uses: {} }).ok),
      [],
    );
    const sold = (itemId: string, soldOut = {}) =>
      draftLine(
        { menu: aMenu({ items: [{ ...margherita, id: itemId }] }), kind: 'delivery', soldOut, nowMs: START_MS },
        { itemId, quantity: 1, modifiers: [] },
      ).ok;
    assert.equal(sold('margherita'), true);
    assert.equal(sold('margherita', { margherita: START_MS + 1 }), false);
  });
});
