import { strict as assert } from 'node:assert';
import { FIRST_ORDER } from '#functions/contract/accounts.js';
import type { OrderStatus, Reservation } from '#functions/contract/orders.js';
import type { SettlementScope } from '#functions/contract/pricing.js';
import type { Promotion } from '#functions/contract/zones.js';
import {
  checkStock,
  checkUses,
  computeReleased,
  computeWanted,
  countPortions,
  countShards,
  listLatePortions,
  listUses,
  listUsedPromotions,
  reservesLimited,
  selectAvailable,
  selectLiveHolds,
  toSlotMs,
} from '#functions/orders/model/reservation-rules.js';
import { aMenu, aPromotion, aZonePricing, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { anOrder, aPricing, aQuote, type OrderFacts } from '#fixtures/orders.js';

interface Limits {
  id?: string;
  totalLimit?: number;
  perUserLimit?: number;
  firstOrderOnly?: boolean;
}
/** Half of the order, with these limits. */
const aDiscount = (limits: Limits = {}): Promotion => ({
  ...aPromotion({ id: 'half', kind: 'order', benefit: { type: 'percent', ratePpm: 500_000 } }),
  ...limits,
});
const rulesWith = (...promotions: Promotion[]) => ({ pricing: aZonePricing(), menu: aMenu(), promotions });
const quoteWith = (...promotions: Promotion[]) =>
  aQuote({ pricing: aPricing({ promotionIds: ['half'] }), rules: rulesWith(...promotions) });

const SIX_DAYS_MS = 6 * 24 * 3_600_000;

describe('the limited resources of a quote', () => {
  const NOTHING = { promotions: [], slotMs: null, stock: {}, creditMinor: 0 };

  it('are none for the usual order', () => assert.equal(computeWanted(aQuote(), false, START_MS), null));
  it('are none for a promotion without limits', () =>
    assert.equal(computeWanted(quoteWith(aDiscount()), false, START_MS), null));
  for (const [what, limit] of [
    ['a total limit', { totalLimit: 100 }],
    ['a limit for each customer', { perUserLimit: 1 }],
    ['a first order only', { firstOrderOnly: true }],
  ] as const)
    it(`include a promotion with ${what}`, () => {
      const limited = aDiscount(limit);
      assert.deepEqual(computeWanted(quoteWith(limited), false, START_MS), { ...NOTHING, promotions: [limited] });
    });
  it('include no limited promotion that the price does not depend on', () =>
    assert.equal(computeWanted(quoteWith(aDiscount({ id: 'other', totalLimit: 1 })), false, START_MS), null));
  it('include the place in the kitchen, the credit, and the portions where they are counted', () => {
    assert.deepEqual(computeWanted(aQuote({ slotMs: START_MS }), false, START_MS), { ...NOTHING, slotMs: START_MS });
    assert.deepEqual(computeWanted(aQuote(), true, START_MS), { ...NOTHING, stock: { margherita: 2 } });
    const pricing = aPricing({ totals: { ...aPricing().totals, creditMinor: 500 } });
    assert.deepEqual(computeWanted(aQuote({ pricing }), false, START_MS), { ...NOTHING, creditMinor: 500 });
  });
  it('include portions for a slot of the next six days, none for a later one', () => {
    const wanted = (scheduledForMs: number) => computeWanted(aQuote({ scheduledForMs }), true, START_MS);
    assert.deepEqual(wanted(START_MS + SIX_DAYS_MS)?.stock, { margherita: 2 });
    assert.equal(wanted(START_MS + SIX_DAYS_MS + 1), null);
  });
  it('count the portions of an item over all lines', () => {
    const line = (itemId: string, quantity: number) => ({ itemId, quantity, modifiers: [] });
    const lines = [line('margherita', 2), line('cola', 1), line('margherita', 3)];
    assert.deepEqual(countPortions({ lines }), { margherita: 5, cola: 1 });
  });
  it('name the promotions on which the price depends', () =>
    assert.deepEqual(
      listUsedPromotions(quoteWith(aDiscount(), aDiscount({ id: 'other' }))).map(({ id }) => id),
      ['half'],
    ));
  it('spread a total limit over one document for each hundred uses, ten at most', () =>
    assert.deepEqual([1, 100, 101, 1000, 1001, 5000].map(countShards), [1, 1, 2, 10, 10, 10]));
  it('have a place in the quarter of an hour in which the food is ready', () =>
    assert.deepEqual(
      [0, 1, 15 * MINUTE - 1, 15 * MINUTE].map((ms) => toSlotMs(START_MS + ms) - START_MS),
      [0, 0, 0, 15 * MINUTE],
    ));
});

describe('the uses of a promotion', () => {
  const answer = (promotion: Promotion, uses: Record<string, number>, shared?: Record<string, number>) => {
    const checked = checkUses(promotion, { credits: {}, uses }, shared);
    return checked.ok ? 'allowed' : checked.reason;
  };
  const twice = aDiscount({ perUserLimit: 2 });
  const once = aDiscount({ firstOrderOnly: true });

  it('are as many as its limit, those of linked accounts included', () => {
    assert.deepEqual([answer(twice, { half: 1 }), answer(twice, { half: 2 })], ['allowed', 'PROMOTION_LIMIT_REACHED']);
    assert.deepEqual(
      [answer(twice, { half: 1 }, { half: 0 }), answer(twice, { half: 1 }, { half: 1 })],
      ['allowed', 'PROMOTION_LIMIT_REACHED'],
    );
    assert.equal(answer(twice, { other: 2 }), 'allowed');
  });
  it('are unlimited without a limit', () => assert.equal(answer(aDiscount(), { half: 99 }), 'allowed'));
  it('are refused with the promotion', () => {
    const details = (promotion: Promotion) => {
      const checked = checkUses(promotion, { credits: {}, uses: { half: 2, [FIRST_ORDER]: 1 } });
      return checked.ok || checked.details;
    };
    assert.deepEqual(
      [details(twice), details(once)],
      [{ promotionId: 'half', perUserLimit: 2 }, { promotionId: 'half' }],
    );
  });
  it('of a first order are one in all', () => {
    assert.deepEqual([answer(once, {}), answer(once, { [FIRST_ORDER]: 1 })], ['allowed', 'FIRST_ORDER_ONLY']);
    assert.equal(answer(aDiscount(), { [FIRST_ORDER]: 1 }), 'allowed');
  });
  it('are counted by the promotion where it has a limit, and by the first order once for several', () => {
    assert.deepEqual(listUses([aDiscount(), twice, once]), ['half', FIRST_ORDER]);
    assert.deepEqual(listUses([once, aDiscount({ id: 'other', firstOrderOnly: true })]), [FIRST_ORDER]);
    assert.deepEqual(listUses([aDiscount()]), []);
  });
});

describe('the portions that are left', () => {
  const answer = (portions: Record<string, number>) => checkStock(portions, { left: { margherita: 2, tonno: 0 } });

  it('suffice up to the last one, and only counted items are taken', () =>
    assert.deepEqual(answer({ margherita: 2, cola: 9 }), { ok: true, value: { margherita: 2 } }));
  it('do not suffice for one more: the refusal names the item and what is left', () => {
    const refused = answer({ cola: 1, margherita: 3 });
    assert.deepEqual(refused.ok || [refused.reason, refused.details], [
      'ITEM_SOLD_OUT',
      { itemId: 'margherita', left: 2 },
    ]);
  });
});

describe('the holds of a place in the kitchen', () => {
  const NOW = START_MS;
  const hold = (accountId: string, untilMs: number | null) => ({ accountId, untilMs });
  const holds = {
    placed: hold('carla', null),
    running: hold('carla', NOW + 1),
    expired: hold('nina', NOW),
    other: hold('nina', NOW + 1),
  };
  const live = (except?: { quoteId: string; accountId: string }) =>
    Object.keys(selectLiveHolds({ holds, expireAt: NOW }, NOW, except));

  it('count until they expire, those of orders always', () => assert.deepEqual(live(), ['placed', 'running', 'other']));
  it('do not count for a newer quote of the same account, unless an order has the place', () =>
    assert.deepEqual(live({ quoteId: 'new', accountId: 'carla' }), ['placed', 'other']));
  it('do not count for the same quote', () =>
    assert.deepEqual(live({ quoteId: 'placed', accountId: 'otto' }), ['running', 'other']));
});

const RESERVED: Reservation = {
  promotions: [{ id: 'half', shard: 0 }],
  uses: ['half'],
  slotMs: START_MS,
  stock: { margherita: 2 },
  creditMinor: 500,
};

describe('an order that reserves something limited', () => {
  const none: Reservation = { promotions: [], uses: [], slotMs: null, stock: {}, creditMinor: 500 };
  for (const [what, reserved, expected] of [
    ['a place', { ...none, slotMs: START_MS }, true],
    ['a portion', { ...none, stock: { cola: 1 } }, true],
    ['a promotion', { ...none, promotions: [{ id: 'half', shard: null }] }, true],
    ['credit alone', none, false],
  ] as const)
    it(`is ${expected ? 'one' : 'none'} with ${what}`, () =>
      assert.equal(reservesLimited({ reserved: { ...reserved, promotions: [...reserved.promotions] } }), expected));
  it('is none without a reservation', () => assert.equal(reservesLimited({}), false));
});

describe('what the end of an order releases', () => {
  const released = (status: OrderStatus, scope: SettlementScope, creditMinor = 0) =>
    computeReleased(anOrder({ status, reserved: RESERVED }), scope, { creditMinor });

  for (const scope of ['none', 'platformPaysKitchen', 'platformPaysCourier'] as const) {
    it(`is all of it where the customer pays nothing (${scope}) before the kitchen cooks`, () =>
      assert.deepEqual(released('accepted', scope), RESERVED));
  }
  it('is all but the portions once the kitchen has begun', () =>
    assert.deepEqual(released('preparing', 'none'), { ...RESERVED, stock: {} }));
  it('is all but the portions where the kitchen only reported that they are ready', () => {
    const { events, ...ready } = anOrder({ status: 'ready', reserved: RESERVED });
    const atOnce = events.filter(({ action }) => action !== 'startPreparing');
    assert.deepEqual(computeReleased({ ...ready, events: atOnce }, 'none', { creditMinor: 0 }), {
      ...RESERVED,
      stock: {},
    });
  });
  it('is the credit that was not needed where the customer pays', () => {
    const left = (creditMinor: number) => released('accepted', 'items', creditMinor);
    const NOTHING = { promotions: [], uses: [], slotMs: null, stock: {} };
    assert.deepEqual(
      [left(300), left(500)],
      [
        { ...NOTHING, creditMinor: 200 },
        { ...NOTHING, creditMinor: 0 },
      ],
    );
  });
  it('is nothing where nothing was reserved', () =>
    assert.equal(computeReleased(anOrder(), 'none', { creditMinor: 0 }), null));
});

describe('the portions of a slot more than six days ahead', () => {
  const placed = (facts: OrderFacts, createdAtMs = START_MS - SIX_DAYS_MS - 1) =>
    anOrder({ status: 'scheduled', scheduledForMs: START_MS, createdAtMs, ...facts });
  const paid = placed({});
  const free = placed({ payment: { status: 'none' } });
  it('are taken when the order is paid, or released without a payment', () => {
    const portions = countPortions(paid);
    assert.deepEqual(listLatePortions(paid, { action: 'authorize' }), portions);
    assert.deepEqual(listLatePortions(free, { action: 'release' }), portions);
  });
  it('are taken in no other step, and not for a nearer slot', () => {
    assert.equal(listLatePortions(paid, { action: 'release' }), null);
    assert.equal(listLatePortions(paid, { action: 'failPayment' }), null);
    assert.equal(listLatePortions(placed({}, START_MS - SIX_DAYS_MS), { action: 'authorize' }), null);
  });
  it('are those of counted items, as many as are left', () => {
    const wanted = { margherita: 2, cola: 3, tiramisu: 1, constructor: 1 };
    const all = () => 8;
    assert.deepEqual(selectAvailable(wanted, { left: { margherita: 5, cola: 2, tiramisu: 0 } }, all), {
      margherita: 2,
      cola: 2,
    });
    assert.deepEqual(selectAvailable(wanted, { left: { cola: -1 } }, all), {});
  });
  it('are as many as the allowance permits of each item', () => {
    const permitted = (itemId: string) => (itemId === 'cola' ? 1 : 0);
    const left = { margherita: 5, cola: 5 };
    assert.deepEqual(selectAvailable({ margherita: 2, cola: 3 }, { left }, permitted), { cola: 1 });
  });
});
