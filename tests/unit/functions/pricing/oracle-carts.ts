import fc from 'fast-check';
import { LIMITS } from '#functions/contract/common.js';
import { CartLine, Menu } from '#functions/contract/restaurants.js';
import { Promotion, ZonePricing, type TaxRule } from '#functions/contract/zones.js';
import type { PricingInput } from '#functions/pricing/price-order.js';
import { START_MS } from '#fixtures/catalogue.js';
import { ISO_4217 } from '../../../oracle/currencies.js';
import { listFaults } from './cart-faults.js';

/** Carts of all kinds: menus, promotions, zones, currencies and ways to pay. Most of them can be priced. */

/**
 * Amounts at which a total is too large to be charged; the sums of a full cart of them are still safe integers. Prices
 * may be larger.
 */
const HUGE = [99_999_999, 100_000_000, 100_000_000_000];
const rarely = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: other });
/** One value most of the time. */
const mostly = <T>(usual: T, other: fc.Arbitrary<T>, weight = 5): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
const usualPrice = fc.oneof(fc.constantFrom(0, 1, 5, 99, 100, 333, 1000, 1005), fc.integer({ min: 0, max: 2500 }));
const usualAmount = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 60 }));
const price = rarely(usualPrice, fc.constantFrom(...HUGE, Number.MAX_SAFE_INTEGER));
const amount = rarely(usualAmount, fc.constantFrom(...HUGE));
const share = fc.oneof(fc.constantFrom(0, 1_000_000, 500_000, 100_000), fc.integer({ min: 0, max: 1_000_000 }));
/** Without what is undefined, as a document has it. */
const asStored = (value: object): unknown => JSON.parse(JSON.stringify(value));

const option = (id: string, groupIds: string[] = []) =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    groupIds: fc.constant(groupIds),
    priceMinor: fc.oneof(fc.integer({ min: -150, max: 300 }), fc.constantFrom(0, 50, 100)),
    maxQuantity: fc.integer({ min: 1, max: 4 }),
  });
const group = (id: string, ...options: ReturnType<typeof option>[]) =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    options: fc.tuple(...options),
    min: mostly(0, fc.constant(1)),
    max: fc.integer({ min: 1, max: 5 }),
    free: fc.integer({ min: 0, max: 2 }),
  });
const item = (id: string) =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    category: fc.constant('Dishes'),
    priceMinor: price,
    pickupPriceMinor: fc.option(price, { nil: undefined }),
    taxCategory: fc.constantFrom('food', 'drink', 'other'),
    groupIds: fc.subarray(['extras', 'sides']),
  });
const menu = fc
  .record({
    items: fc.tuple(item('a'), item('b'), item('c')),
    groups: fc.tuple(
      group('extras', option('cheese'), option('olives')),
      group('sides', option('salad'), option('dip', ['sauce'])),
      group('sauce', option('garlic'), option('hot')),
    ),
  })
  .map((facts) => Menu.parse(asStored({ version: 1, currency: 'EUR', ...facts })));

const few = fc.integer({ min: 1, max: 2 });
const modifier = fc.record({
  optionId: fc.constantFrom('cheese', 'olives', 'salad', 'dip', 'dip'),
  quantity: few,
  modifiers: fc.array(fc.record({ optionId: fc.constantFrom('garlic', 'hot'), quantity: few }), { maxLength: 2 }),
});
const line = fc
  .record({
    itemId: mostly('a', fc.constantFrom('b', 'c'), 1),
    quantity: rarely(
      fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 })),
      fc.constantFrom(50, LIMITS.quantityPerLine),
    ),
    modifiers: fc.oneof(fc.constant([]), fc.array(modifier, { maxLength: 3 })),
  })
  .map((facts) => CartLine.parse(facts));

const rule = (mode: TaxRule['mode']) =>
  fc.record({
    mode: fc.constant(mode),
    ratePpm: fc.oneof(
      fc.constantFrom(50_000, 100_000, 200_000),
      fc.integer({ min: 0, max: 300_000 }),
      fc.constantFrom(0, 1, 1_000_000, 10_000_000),
    ),
    kinds: mostly(undefined, fc.constantFrom(['delivery'], ['pickup'])),
  });
const taxes = fc
  .constantFrom<TaxRule['mode'][]>('exclusive', 'inclusive')
  .chain((mode) => fc.array(rule(mode), { maxLength: 5 }));
const zone = fc
  .record({
    near: amount,
    far: amount,
    deliveryFeeCapMinor: mostly(2000, amount),
    minimumOrderMinor: mostly(0, amount),
    smallOrderBelowMinor: fc.constantFrom(0, 800, 3000),
    smallOrderFeeMinor: amount,
    bagFeeMinor: fc.constantFrom(0, 7, 20),
    service: fc.record({
      ratePpm: fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.constantFrom(0, 1_000_000, 10_000_000)),
      minMinor: fc.integer({ min: 0, max: 100 }),
      more: amount,
    }),
    taxes: fc.record({ food: taxes, drink: taxes, delivery: taxes, service: taxes, bag: taxes, smallOrder: taxes }),
    deliveryTax: fc.constantFrom('own', 'goods'),
    rounding: fc.constantFrom('halfUp', 'halfEven'),
    platformDiscountLowersTaxBase: fc.boolean(),
    courierPay: fc.record({ baseMinor: amount, perKilometerMinor: amount }),
  })
  .map(({ near, far, service: { ratePpm, minMinor, more }, ...rest }) =>
    ZonePricing.parse(
      asStored({
        ...rest,
        deliveryBrackets: [
          { upToMeters: 2000, feeMinor: near },
          { upToMeters: 8000, feeMinor: far },
        ],
        serviceFee: { ratePpm, minMinor, maxMinor: minMinor + more },
      }),
    ),
  );

const benefit = fc.oneof(
  fc.record({ type: fc.constant('percent'), ratePpm: share }),
  fc.record({ type: fc.constant('fixed'), amountMinor: amount }),
);
const buyGet = fc.record({ type: fc.constant('buyGet'), buy: few, free: few });
const someItems = fc.subarray(['a', 'b', 'c'], { minLength: 1 });
const promotion = fc
  .record({
    what: fc.oneof(
      fc.record({ kind: fc.constant('item'), benefit: fc.oneof(benefit, buyGet), itemIds: someItems }),
      fc.record({ kind: fc.constant('order'), benefit, itemIds: fc.option(someItems, { nil: undefined }) }),
      fc.record({ kind: fc.constant('delivery'), benefit, itemIds: mostly(undefined, someItems) }),
    ),
    capMinor: fc.option(amount, { nil: undefined }),
    minimumItemsMinor: mostly(0, fc.constantFrom(500, 2000), 3),
    merchantFundedPpm: share,
    exclusive: mostly(false, fc.constant(true)),
    code: fc.option(fc.constant('CODE'), { nil: undefined }),
    startsAtMs: mostly(START_MS - 5, fc.constantFrom(START_MS, START_MS + 1), 8),
    endsAtMs: mostly(START_MS + 5, fc.constantFrom(START_MS, START_MS + 1), 8),
  })
  .map(({ what, ...rest }) => ({ version: 1, ...what, ...rest }));
const promotions = fc
  .record({
    all: rarely(fc.array(promotion, { maxLength: 4 }), fc.array(promotion, { maxLength: 7 })),
    isTurned: fc.boolean(),
  })
  .map(({ all, isTurned }) =>
    all.map((facts, index) => Promotion.parse(asStored({ id: `p${isTurned ? 9 - index : index}`, ...facts }))),
  );

/** A line without the choices that the menu does not allow. */
function allowed(input: PricingInput, wished: CartLine): CartLine {
  return wished.modifiers.reduce<CartLine>(
    (kept, one) => {
      const tries = [one, { ...one, modifiers: [] }].map((tried) => ({
        ...kept,
        modifiers: [...kept.modifiers, tried],
      }));
      return tries.find((tried) => listFaults(input, tried).length === 0) ?? kept;
    },
    { ...wished, modifiers: [] },
  );
}

/** The same line, its modifiers chosen one by one. */
const oneByOne = ({ modifiers, ...rest }: CartLine): CartLine => ({
  ...rest,
  modifiers: modifiers.flatMap((one) => Array.from({ length: one.quantity }, () => ({ ...one, quantity: 1 }))),
});

const anyCurrency = fc.constantFrom(...[...ISO_4217.values()].flat());
const soldOut = fc.constantFrom<Record<string, number>[]>(
  { a: START_MS + 1 },
  { cheese: START_MS + 1 },
  { hot: START_MS + 1, a: START_MS },
  { dip: START_MS + 9 },
);

export const anyCart: fc.Arbitrary<PricingInput> = fc
  .record({
    currency: fc.oneof(fc.constant('EUR'), fc.constantFrom('JPY', 'KWD', 'ISK', 'HUF', 'MGA'), anyCurrency),
    kind: fc.constantFrom<PricingInput['kind'][]>('delivery', 'delivery', 'pickup'),
    zone,
    menu,
    promotions,
    lines: rarely(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      fc.array(line, { minLength: 10, maxLength: LIMITS.linesPerOrder - 1 }),
    ),
    again: fc.constantFrom('not', 'same', 'oneByOne'),
    hasAnyChoice: mostly(false, fc.constant(true), 12),
    soldOut: mostly({}, soldOut, 12),
    distanceMeters: mostly(3000, fc.integer({ min: 0, max: 8300 }), 1),
    surgePpm: mostly(1_000_000, fc.integer({ min: 0, max: 10_000_000 }), 1),
    tipPpm: fc.constantFrom(0, 100_000, 155_555, 1_000_000),
    creditMinor: rarely(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6000 })), fc.constantFrom(...HUGE)),
    commissionPpm: fc.constantFrom(0, 200_000, 300_000, 333_333, 500_000),
    coinMinor: mostly<number | undefined>(undefined, fc.constantFrom(1, 5, 10, 100_000), 3),
  })
  .map(({ lines, again, hasAnyChoice, coinMinor, ...facts }) => {
    const repeated = again === 'not' ? [] : lines.slice(0, 1).map((one) => (again === 'same' ? one : oneByOne(one)));
    const all = [...lines, ...repeated];
    const input: PricingInput = {
      ...facts,
      lines: all,
      zoneVersion: 1,
      nowMs: START_MS,
      ...(coinMinor !== undefined && { coinMinor }),
    };
    return hasAnyChoice ? input : { ...input, lines: all.map((one) => allowed({ ...input, soldOut: {} }, one)) };
  });
