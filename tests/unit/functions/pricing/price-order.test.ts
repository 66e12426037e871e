import { strict as assert } from 'node:assert';
import type { Rounding } from '#functions/contract/zones.js';
import { aBareZone, aMenu, aPromotion, aZonePricing, START_MS } from '#fixtures/catalogue.js';
import { aPricing } from '#fixtures/orders.js';
import { calzone, margherita, priced, pricedBare, refusal } from './price.js';

describe('priceOrder', () => {
  it('prices two margheritas three kilometres away with a tip of 10 % at 29.40, and splits them', () => {
    const { trace, ...rest } = priced({ tipPpm: 100_000 });
    const { trace: _, ...expected } = aPricing();
    assert.deepEqual(rest, expected);
    assert.deepEqual(
      trace.map(({ rule, target, amountMinor }) => `${rule} on ${target}: ${amountMinor}`),
      [
        'item:margherita on line:0: 2000',
        'tax:food on line:0: 200',
        'fee:delivery on fee:delivery: 400',
        'fee:service on fee:service: 100',
        'tax:service on fee:service: 20',
        'fee:bag on fee:bag: 20',
        'tip on order: 200',
      ],
    );
  });

  describe('steps 1 and 2: units and lines', () => {
    it('adds modifiers to the base, times the quantity', () => {
      const { lines } = pricedBare({
        lines: [
          margherita(2, [
            { optionId: 'cheese', quantity: 2 },
            { optionId: 'olives', quantity: 1 },
          ]),
        ],
      });
      assert.deepEqual(
        [lines[0]?.unitMinor, lines[0]?.grossMinor, lines[0]?.modifierNames],
        [1400, 2800, ['Extra cheese ×2', 'Olives']],
      );
    });
    it('makes the cheapest units of a group free up to its free number', () => {
      const sides = [
        { optionId: 'regular', quantity: 1 },
        { optionId: 'salad', quantity: 1 },
        { optionId: 'dip', quantity: 2 },
      ];
      // 12.50 + salad 2.50 + dip 0.80; one dip is free.
      assert.equal(pricedBare({ lines: [calzone(sides)] }).totals.totalMinor, 1580);
    });
    it('counts nested modifiers once per unit of their parent', () => {
      const dips = [
        { optionId: 'large', quantity: 1 },
        { optionId: 'dip', quantity: 2, modifiers: [{ optionId: 'garlic', quantity: 2 }] },
      ];
      // 12.50 + large 3.00 + one paid dip 0.80 + 2 dips × 2 garlic × 0.40
      assert.equal(pricedBare({ lines: [calzone(dips)] }).totals.totalMinor, 1790);
    });
  });

  describe('modifiers that the menu does not allow', () => {
    const cases: [string, Parameters<typeof calzone>[0], string][] = [
      ['too few of a group', [], 'MODIFIER_COUNT'],
      [
        'too many of a group',
        [
          { optionId: 'regular', quantity: 1 },
          { optionId: 'large', quantity: 1 },
        ],
        'MODIFIER_COUNT',
      ],
      [
        'more of an option than its maximum',
        [
          { optionId: 'regular', quantity: 1 },
          { optionId: 'salad', quantity: 3 },
        ],
        'MODIFIER_COUNT',
      ],
      [
        'more of an option in two choices',
        [
          { optionId: 'regular', quantity: 1 },
          { optionId: 'salad', quantity: 2 },
          { optionId: 'salad', quantity: 1 },
        ],
        'MODIFIER_COUNT',
      ],
      [
        'an option that is not on the menu',
        [
          { optionId: 'regular', quantity: 1 },
          { optionId: 'gold', quantity: 1 },
        ],
        'MODIFIER_UNKNOWN',
      ],
      [
        'an option of another item',
        [
          { optionId: 'regular', quantity: 1 },
          { optionId: 'cheese', quantity: 1 },
        ],
        'MODIFIER_UNKNOWN',
      ],
      [
        'a nested option beside its parent',
        [
          { optionId: 'regular', quantity: 1 },
          { optionId: 'garlic', quantity: 1 },
        ],
        'MODIFIER_UNKNOWN',
      ],
      [
        'a nested option below the wrong parent',
        [{ optionId: 'regular', quantity: 1, modifiers: [{ optionId: 'garlic', quantity: 1 }] }],
        'MODIFIER_UNKNOWN',
      ],
      [
        'too many nested ones',
        [
          { optionId: 'regular', quantity: 1 },
          {
            optionId: 'dip',
            quantity: 1,
            modifiers: [
              { optionId: 'garlic', quantity: 2 },
              { optionId: 'hot', quantity: 1 },
            ],
          },
        ],
        'MODIFIER_COUNT',
      ],
    ];
    for (const [what, modifiers, reason] of cases) {
      it(`are refused: ${what}`, () => assert.equal(refusal({ lines: [calzone(modifiers)] }).reason, reason));
    }
    it('are refused by name: an unknown item, and an unknown option at any depth', () => {
      const item = refusal({ lines: [{ itemId: 'sushi', quantity: 1 }] });
      assert.deepEqual([item.reason, item.details], ['ITEM_UNKNOWN', { itemId: 'sushi' }]);
      const unknown = (...modifiers: Parameters<typeof calzone>[0] & object) =>
        refusal({ lines: [calzone([{ optionId: 'regular', quantity: 1 }, ...modifiers])] }).details;
      assert.deepEqual(unknown({ optionId: 'gold', quantity: 1 }), { optionId: 'gold' });
      const below = [{ optionId: 'gold', quantity: 1 }];
      assert.deepEqual(unknown({ optionId: 'dip', quantity: 1, modifiers: below }), { optionId: 'gold' });
      const known = { optionId: 'dip', quantity: 1, modifiers: [{ optionId: 'hot', quantity: 1 }] };
      assert.deepEqual(unknown(known, { optionId: 'silver', quantity: 1 }), { optionId: 'silver' });
    });
    it('of another number make another unit: they are priced apart', () => {
      const { lines } = pricedBare({
        lines: [1, 2].map((quantity) => margherita(1, [{ optionId: 'cheese', quantity }])),
      });
      assert.deepEqual(
        lines.map(({ unitMinor }) => unitMinor),
        [1150, 1300],
      );
    });
  });

  describe('what is sold out', () => {
    it('is refused: an item, until its time', () => {
      assert.equal(refusal({ soldOut: { margherita: START_MS + 1 } }).reason, 'ITEM_SOLD_OUT');
      assert.equal(priced({ soldOut: { margherita: START_MS } }).totals.itemsMinor, 2000);
    });
    it('is refused: an option in the cart', () => {
      const lines = [margherita(2, [{ optionId: 'cheese', quantity: 1 }])];
      assert.deepEqual(refusal({ lines, soldOut: { cheese: START_MS + 1 } }).details, {
        itemId: 'margherita',
        soldOutId: 'cheese',
      });
      assert.equal(priced({ lines, soldOut: { olives: START_MS + 1 } }).totals.itemsMinor, 2300);
    });
    it('is refused: a nested option in the cart', () => {
      const dip = [
        { optionId: 'regular', quantity: 1 },
        { optionId: 'dip', quantity: 1, modifiers: [{ optionId: 'hot', quantity: 1 }] },
      ];
      assert.equal(refusal({ lines: [calzone(dip)], soldOut: { hot: START_MS + 1 } }).reason, 'ITEM_SOLD_OUT');
    });
  });

  describe('step 4: the minimum order', () => {
    it('is checked before any promotion', () => {
      for (const kind of ['item', 'order'] as const) {
        const half = aPromotion({ kind, benefit: { type: 'percent', ratePpm: 500_000 } });
        assert.equal(priced({ lines: [margherita(1)], promotions: [half] }).totals.discountMinor, 500);
      }
    });
    it('is not reached by a cent less', () => {
      const zone = aZonePricing({ minimumOrderMinor: 1001 });
      assert.deepEqual(refusal({ zone, lines: [margherita(1)] }).details, { minimumMinor: 1001, itemsMinor: 1000 });
    });
  });

  describe('step 6: the delivery fee', () => {
    const delivery = (distanceMeters: number, surgePpm = 1_000_000) =>
      priced({ distanceMeters, surgePpm }).totals.deliveryMinor;
    it('holds up to and including the end of a bracket, metres rounded up', () => {
      assert.deepEqual(
        [delivery(0), delivery(2000), delivery(2000.1), delivery(5000), delivery(10_000)],
        [250, 250, 400, 400, 600],
      );
    });
    it('is refused beyond the last bracket', () =>
      assert.deepEqual(refusal({ distanceMeters: 10_001 }).reason, 'TOO_FAR'));
    it('is multiplied by the surge, half up, and capped', () => {
      assert.deepEqual(
        [delivery(2000, 1_250_000), delivery(2000, 1_001_000), delivery(2000, 1_002_000), delivery(9000, 2_000_000)],
        [313, 250, 251, 1000],
      );
    });
    it('falls to 0 and not below', () => {
      const gift = aPromotion({ kind: 'delivery', benefit: { type: 'fixed', amountMinor: 900 } });
      const { totals } = priced({ promotions: [gift] });
      assert.deepEqual([totals.deliveryMinor, totals.discountMinor], [400, 400]);
    });
    it('is none for an order that the customer collects, and so is the tip', () => {
      const { totals, split } = priced({ kind: 'pickup', tipPpm: 100_000, distanceMeters: 99_999 });
      assert.deepEqual([totals.deliveryMinor, totals.tipMinor, totals.totalMinor, split.courierMinor], [0, 0, 2340, 0]);
    });
  });

  describe('steps 7 to 9: small order, service, bag', () => {
    it('charges the small-order fee below its bound only', () => {
      assert.equal(priced({ lines: [margherita(1)] }).totals.smallOrderMinor, 200);
      assert.equal(priced({ lines: [margherita(1), { itemId: 'cola', quantity: 1 }] }).totals.smallOrderMinor, 200);
      assert.equal(priced({ lines: [calzone(), { itemId: 'cola', quantity: 1 }] }).totals.smallOrderMinor, 0);
    });
    it('uses the sum before any promotion', () => {
      const half = aPromotion({ kind: 'order', benefit: { type: 'percent', ratePpm: 500_000 } });
      assert.equal(priced({ promotions: [half] }).totals.smallOrderMinor, 0);
    });
    it('clamps the service fee, taken after promotions', () => {
      const service = (quantity: number, off = 0) =>
        priced({
          lines: [margherita(quantity)],
          promotions: [aPromotion({ kind: 'order', benefit: { type: 'fixed', amountMinor: off } })],
        }).totals.serviceMinor;
      assert.deepEqual([service(1, 500), service(2), service(2, 500), service(7)], [50, 100, 75, 300]);
    });
    it('never discounts the bag', () => {
      const all = aPromotion({ kind: 'order', benefit: { type: 'percent', ratePpm: 1_000_000 } });
      assert.equal(priced({ promotions: [all] }).totals.bagMinor, 20);
    });
  });

  describe('steps 11 and 12: tip and credits', () => {
    it('computes the tip from the undiscounted lines, and gives all of it to the courier', () => {
      const half = aPromotion({ kind: 'order', benefit: { type: 'percent', ratePpm: 500_000 } });
      const { totals, split } = priced({ promotions: [half], tipPpm: 150_000 });
      assert.deepEqual([totals.tipMinor, split.courierMinor], [300, 750]);
    });
    it('rounds the tip as the zone says', () => {
      // 10 % of 0.05, 0.15 and 0.25: 0.5, 1.5 and 2.5 cents.
      const tips = (rounding: 'halfUp' | 'halfEven') =>
        [5, 15, 25].map((quantity) => {
          const zone = aBareZone({ rounding, bagFeeMinor: 100 });
          return priced({ zone, lines: [{ itemId: 'mint', quantity }], tipPpm: 100_000 }).totals.tipMinor;
        });
      assert.deepEqual(
        [tips('halfUp'), tips('halfEven')],
        [
          [1, 2, 3],
          [0, 2, 2],
        ],
      );
    });
    it('leaves the tip to be paid with a coupon of 100 %', () => {
      const all = aPromotion({ kind: 'order', benefit: { type: 'percent', ratePpm: 1_000_000 } });
      const { totals } = pricedBare({ promotions: [all], tipPpm: 100_000 });
      assert.deepEqual([totals.discountMinor, totals.tipMinor, totals.totalMinor], [2000, 200, 200]);
    });
    it('uses credit last, for everything except the tip', () => {
      const { totals } = priced({ tipPpm: 100_000, creditMinor: 100_000 });
      assert.deepEqual([totals.creditMinor, totals.totalMinor], [2740, 200]);
      assert.deepEqual(priced({ creditMinor: 700 }).totals.totalMinor, 2040);
    });
  });

  describe('the total', () => {
    const gift = (amountMinor: number) => [
      aPromotion({ kind: 'order', benefit: { type: 'fixed', amountMinor }, merchantFundedPpm: 0 }),
    ];
    it('may be 0', () => {
      const { totals, split } = pricedBare({ promotions: gift(5000) });
      assert.deepEqual([totals.discountMinor, totals.totalMinor], [2000, 0]);
      assert.deepEqual(split, { merchantMinor: 1600, courierMinor: 0, taxMinor: 0, platformMinor: -1600 });
    });
    it("is refused between 0 and the provider's minimum", () => {
      const mints = (quantity: number) => ({ zone: aBareZone(), lines: [{ itemId: 'mint', quantity }] });
      assert.deepEqual(refusal(mints(49)), {
        ok: false,
        reason: 'TOTAL_BELOW_PAYMENT_MINIMUM',
        details: { totalMinor: 49, minimumMinor: 50 },
      });
      assert.equal(priced(mints(50)).totals.totalMinor, 50);
    });
    it('is refused beyond eight digits', () => {
      const menu = (priceMinor: number) =>
        aMenu({
          items: [
            { id: 'margherita', name: 'M', description: '', category: 'c', priceMinor, taxCategory: 'x', groupIds: [] },
          ],
        });
      assert.equal(pricedBare({ lines: [margherita(1)], menu: menu(99_999_999) }).totals.totalMinor, 99_999_999);
      assert.equal(
        refusal({ zone: aBareZone(), lines: [margherita(1)], menu: menu(100_000_000) }).reason,
        'AMOUNT_TOO_LARGE',
      );
      assert.deepEqual(
        refusal({ zone: aBareZone(), lines: [margherita(1)], menu: menu(1_000_000), currency: 'UGX' }).details,
        {
          totalMinor: 1_000_000,
          maximumMinor: 999_999,
        },
      );
    });
    it('is refused where sums would not be exact: in cash, and with items that are free', () => {
      const menu = (priceMinor: number) =>
        aMenu({
          items: [
            { id: 'margherita', name: 'M', description: '', category: 'c', priceMinor, taxCategory: 'x', groupIds: [] },
          ],
        });
      const inCash = (priceMinor: number, zone = aBareZone()) => ({
        zone,
        lines: [margherita(1)],
        menu: menu(priceMinor),
        coinMinor: 1,
      });
      const most = 100_000_000_000_000;
      assert.equal(priced(inCash(most)).totals.totalMinor, most);
      for (const priceMinor of [most + 1, Number.MAX_SAFE_INTEGER]) {
        assert.deepEqual(refusal(inCash(priceMinor)), {
          ok: false,
          reason: 'AMOUNT_TOO_LARGE',
          details: { totalMinor: priceMinor, maximumMinor: most },
        });
      }
      assert.deepEqual(refusal(inCash(most, aBareZone({ bagFeeMinor: 1 }))).details, {
        totalMinor: most + 1,
        maximumMinor: most,
      });
      const free = aPromotion({ kind: 'order', benefit: { type: 'percent', ratePpm: 1_000_000 } });
      assert.equal(priced({ ...inCash(most), promotions: [free] }).totals.totalMinor, 0);
      assert.equal(refusal({ ...inCash(most + 1), promotions: [free] }).reason, 'AMOUNT_TOO_LARGE');
    });
    const minimums: [currency: string, refusedMinor: number, takenMinor: number][] = [
      ['JPY', 49, 50],
      ['HUF', 17_499, 17_500],
      ['GBP', 29, 30],
      ['EUR', 49, 50],
    ];
    for (const [currency, refusedMinor, takenMinor] of minimums) {
      it(`begins in ${currency} at ${takenMinor}`, () => {
        const facts = (quantity: number) => ({
          currency,
          zone: aBareZone({ bagFeeMinor: quantity }),
          lines: [{ itemId: 'napkin', quantity: 1 }],
        });
        assert.equal(refusal(facts(refusedMinor)).reason, 'TOTAL_BELOW_PAYMENT_MINIMUM');
        assert.equal(priced(facts(takenMinor)).totals.totalMinor, takenMinor);
      });
    }
    it('is rounded down in KWD to ten fils, and the rest is not charged', () => {
      const { totals, split } = pricedBare({
        currency: 'KWD',
        lines: [margherita(1), { itemId: 'mint', quantity: 7 }],
      });
      assert.deepEqual([totals.roundingMinor, totals.totalMinor], [7, 1000]);
      assert.equal(split.merchantMinor + split.platformMinor, 1000);
    });
    it('is counted in ISK and UGX without decimals', () => {
      for (const currency of ['ISK', 'UGX'])
        assert.equal(pricedBare({ currency, lines: [margherita(1)] }).totals.totalMinor, 1000);
    });
  });

  describe('the split', () => {
    it('subtracts the included tax from what the merchant earns', () => {
      const { split, totals } = priced({ lines: [margherita(1), { itemId: 'cola', quantity: 2 }] });
      // Earned 10.00 + 6.00 − 1.00 included = 15.00, commission 20 %.
      assert.deepEqual([totals.taxMinor, totals.includedTaxMinor], [116, 167]);
      assert.equal(split.merchantMinor, 1200);
    });
    it('charges the merchant for its own promotions and the platform for its own', () => {
      const ten = (merchantFundedPpm: number) => [
        aPromotion({ kind: 'order', benefit: { type: 'fixed', amountMinor: 1000 }, merchantFundedPpm }),
      ];
      assert.equal(pricedBare({ promotions: ten(1_000_000) }).split.merchantMinor, 800);
      assert.equal(pricedBare({ promotions: ten(500_000) }).split.merchantMinor, 1200);
      assert.deepEqual(pricedBare({ promotions: ten(0) }).split, {
        merchantMinor: 1600,
        courierMinor: 0,
        taxMinor: 0,
        platformMinor: -600,
      });
    });
    it('pays the courier by the metre, half up', () => {
      const courier = (distanceMeters: number) => priced({ distanceMeters, zone: aZonePricing() }).split.courierMinor;
      assert.deepEqual([courier(0), courier(9), courier(10), courier(3001)], [300, 300, 301, 450]);
    });
    it('rounds the pay of the courier half to even where the zone does', () => {
      const courier = (distanceMeters: number, rounding: Rounding) =>
        priced({ distanceMeters, zone: aZonePricing({ rounding }) }).split.courierMinor;
      assert.deepEqual([courier(10, 'halfUp'), courier(10, 'halfEven')], [301, 300]);
      assert.deepEqual([courier(30, 'halfUp'), courier(30, 'halfEven')], [302, 302]);
    });
  });
});
