import assert from 'node:assert/strict';
import { SavePromotionInput } from '#functions/calls/promotions.js';
import { MAX_SHOWN_PROMOTIONS, ShownPromotion, PromotionTexts } from '#functions/contract/shown-promotions.js';
import type { Promotion } from '#functions/contract/zones.js';
import { toShownPromotion, updateShownPromotions } from '#functions/promotions/model/shown-promotions.js';
import { aPromotion, START_MS } from '#fixtures/catalogue.js';

const SHOWN = PromotionTexts.parse({ title: 'A fifth off' });
const promotionOf = (id: string, changes: Partial<Promotion> = {}): Promotion => ({
  ...aPromotion({ id, kind: 'order', benefit: { type: 'percent', ratePpm: 200_000 }, code: 'FIFTH' }),
  ...{ totalLimit: 10, perUserLimit: 1, savedBy: 'a'.repeat(20) },
  ...(changes as object),
});
const idsOf = (listed: readonly ShownPromotion[]) => listed.map(({ id }) => id);

describe('toShownPromotion', () => {
  it('shows the terms, without limits, funding and who saved it', () => {
    const shown = toShownPromotion(promotionOf('fifth'), SHOWN);
    assert.deepEqual(ShownPromotion.parse(shown), shown);
    assert.deepEqual(Object.keys(shown).toSorted(), [
      'benefit',
      'description',
      'endsAtMs',
      'firstOrderOnly',
      'id',
      'kind',
      'minimumItemsMinor',
      'startsAtMs',
      'title',
    ]);
  });
  it('shows the code only where it is to be shown', () => {
    assert.equal(toShownPromotion(promotionOf('fifth'), SHOWN).code, undefined);
    assert.equal(toShownPromotion(promotionOf('fifth'), { ...SHOWN, showsCode: true }).code, 'FIFTH');
  });
});

describe('updateShownPromotions', () => {
  const list = (...ids: string[]) => ids.map((id) => toShownPromotion(promotionOf(id), SHOWN));
  it('puts a saved promotion first, once, and removes it where it is no longer shown', () => {
    assert.deepEqual(idsOf(updateShownPromotions(list('a', 'b'), promotionOf('b'), SHOWN, START_MS)), ['b', 'a']);
    assert.deepEqual(idsOf(updateShownPromotions(list('a', 'b'), promotionOf('b'), undefined, START_MS)), ['a']);
  });
  it('removes what has ended, the saved one as well, and keeps what has not begun', () => {
    const { endsAtMs } = promotionOf('a');
    const later = promotionOf('c', { startsAtMs: endsAtMs + 1, endsAtMs: endsAtMs + 2 });
    assert.deepEqual(idsOf(updateShownPromotions(list('a', 'b'), later, SHOWN, endsAtMs - 1)), ['c', 'a', 'b']);
    assert.deepEqual(idsOf(updateShownPromotions(list('a', 'b'), later, SHOWN, endsAtMs)), ['c']);
    assert.deepEqual(idsOf(updateShownPromotions([], promotionOf('a'), SHOWN, endsAtMs)), []);
  });
  it('keeps the twenty that were saved last', () => {
    const ids = Array.from({ length: MAX_SHOWN_PROMOTIONS }, (_, index) => `shown-${index}`);
    assert.deepEqual(idsOf(updateShownPromotions(list(...ids), promotionOf('new'), SHOWN, START_MS)), [
      'new',
      ...ids.slice(0, -1),
    ]);
  });
});

describe('the texts of a shown promotion', () => {
  const parse = (shown: object) =>
    SavePromotionInput.safeParse({ zoneId: 'centre', promotion: promotionOf('fifth'), shown }).success;
  it('contain no contacts', () => {
    assert.ok(parse({ title: '20 % off until 22:00', description: 'From 15 euros' }));
    assert.ok(!parse({ title: 'Call 0660 1234567' }));
    assert.ok(!parse({ title: 'A fifth off', description: 'Write to us: max@mail.com' }));
  });
  it('have a title', () => assert.ok(!parse({ title: ' ' })));
});
