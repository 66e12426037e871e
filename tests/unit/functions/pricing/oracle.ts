import type { PricedFee, Totals, Split } from '#functions/contract/pricing.js';
import type { Promotion } from '#functions/contract/zones.js';
import type { PricingInput } from '#functions/pricing/price-order.js';
import { divide, rated, round, total, zeros } from './oracle-arithmetic.js';
import { combinationsOf, offDelivery, takenOff } from './oracle-discounts.js';
import { goodsOf, type Goods } from './oracle-goods.js';

/*
 * Prices an order a second time, from the domain's order of computation alone: slowly, unit by unit and over every
 * combination of promotions, sharing no line with what it checks.
 */

/** What comes of one line, of all units of an item, or of a fee. */
interface Row {
  gross: number;
  discount: number;
  funded: number;
  net: number;
  tax: number;
  added: number;
}
/** Whose part of one line's discount is the merchant's, each promotion says by itself: only the sum is compared. */
interface LineRow extends Omit<Row, 'funded'> {
  merchant: number;
}
interface FeeRow extends Row {
  kind: PricedFee['kind'];
}

export interface Price {
  lines: LineRow[];
  /** The merchant's part of the discounts on all lines. */
  promised: number;
  fees: FeeRow[];
  totals: Totals;
  split: Split;
  /** Before credit and rounding: what combinations are compared by. */
  due: number;
}

/** All prices that are as cheap as can be paid, or why there is none. */
export function cheapest(input: PricingInput): Price[] | string {
  const goods = goodsOf(input);
  if (typeof goods === 'string') return goods;
  const gross = grossOf(goods);
  if (gross < input.zone.minimumOrderMinor) return 'BASKET_BELOW_MINIMUM';
  if (deliveryFee(input) === null) return 'TOO_FAR';
  const prices = combinationsOf(input.promotions, gross, input.nowMs).flatMap((some) => priceWith(input, goods, some));
  const least = Math.min(...prices.map(({ due }) => due));
  return prices.length === 0 ? 'TOTAL_BELOW_PAYMENT_MINIMUM' : prices.filter(({ due }) => due === least);
}

const grossOf = (goods: readonly Goods[]): number => total(goods.map(({ unit, quantity }) => unit * quantity));

/** The price with exactly these promotions; none where it cannot be paid. */
function priceWith(input: PricingInput, goods: readonly Goods[], promotions: readonly Promotion[]): Price[] {
  const { kind, zone, tipPpm, distanceMeters } = input;
  const rows = goodsRows(input, goods, promotions);
  const fees = feeRows(input, goods, rows, promotions);
  const all = [...rows, ...fees];
  const of = (name: keyof Row, among: readonly Row[] = all) => total(among.map((row) => row[name]));
  const tip = kind === 'delivery' ? rated(of('gross', rows), tipPpm, zone.rounding) : 0;
  const paid = pay(input, of('net') + of('added'), tip);
  if (!paid) return [];
  const fee = (wanted: FeeRow['kind']) =>
    of(
      'gross',
      fees.filter((row) => row.kind === wanted),
    );
  const { baseMinor, perKilometerMinor } = zone.courierPay;
  const ride = baseMinor + round(BigInt(perKilometerMinor) * BigInt(distanceMeters), 1000n, 'halfUp');
  const courierMinor = kind === 'delivery' ? ride + tip : 0;
  const merchantMinor = Math.max(0, total(rows.map(({ merchant }) => merchant)) - of('funded', fees));
  const platformMinor = paid.totalMinor - merchantMinor - courierMinor - of('tax');
  return [
    {
      lines: lineRows(input, goods, rows),
      promised: of('funded', rows),
      fees,
      due: of('net') + of('added') + tip,
      totals: {
        itemsMinor: of('gross', rows),
        discountMinor: of('discount'),
        deliveryMinor: fee('delivery'),
        smallOrderMinor: fee('smallOrder'),
        serviceMinor: fee('service'),
        bagMinor: fee('bag'),
        taxMinor: of('added'),
        includedTaxMinor: of('tax') - of('added'),
        tipMinor: tip,
        ...paid,
      },
      split: { merchantMinor, courierMinor, taxMinor: of('tax'), platformMinor },
    },
  ];
}

// Steps 1 to 5, 10: the goods.

interface Tax {
  /** By rate. */
  parts: number[];
  isAdded: boolean;
}

/** Rounded once, divided among the rates. */
function taxOn({ zone, kind }: PricingInput, base: number, category: string): Tax {
  const rules = [zone.taxes[category] ?? []].flat().filter(({ kinds = [kind] }) => kinds.includes(kind));
  const rates = rules.map(({ ratePpm }) => ratePpm);
  const isAdded = rules[0]?.mode === 'exclusive';
  const of = 1_000_000 + (isAdded ? 0 : total(rates));
  return { isAdded, parts: divide(round(BigInt(base) * BigInt(total(rates)), BigInt(of), zone.rounding), rates) };
}

const sumOf = (taxes: readonly Tax[]) => ({
  tax: total(taxes.flatMap(({ parts }) => parts)),
  added: total(taxes.filter(({ isAdded }) => isAdded).flatMap(({ parts }) => parts)),
});

/** A discount leaves the tax base, but for the platform's part where the zone says so. */
const taxBase = ({ zone }: PricingInput, gross: number, discount: number, funded: number): number =>
  gross - (zone.platformDiscountLowersTaxBase ? discount : funded);

interface GoodsRow extends Row {
  merchant: number;
  taxes: Tax;
}

function goodsRows(input: PricingInput, goods: readonly Goods[], promotions: readonly Promotion[]): GoodsRow[] {
  const mode = input.zone.rounding;
  const taken = takenOff(goods, promotions, mode);
  return goods.map(({ item, unit, quantity }, index) => {
    const gross = unit * quantity;
    const discount = (taken.item[index] ?? 0) + (taken.order[index] ?? 0);
    const funded = taken.funded[index] ?? 0;
    const taxes = taxOn(input, taxBase(input, gross, discount, funded), item.taxCategory);
    const { tax, added } = sumOf([taxes]);
    const earned = Math.max(0, gross - (tax - added) - funded);
    const merchant = earned - rated(earned, input.commissionPpm, mode);
    return { gross, discount, funded, net: gross - discount, tax, added, merchant, taxes };
  });
}

/** What comes of the goods, divided among their lines. */
function lineRows({ lines }: PricingInput, goods: readonly Goods[], rows: readonly GoodsRow[]): LineRow[] {
  const divided: LineRow[] = [];
  goods.forEach((one, at) => {
    const row = rows[at];
    if (!row) return;
    const over = (amount: number) =>
      divide(
        amount,
        one.lines.map(({ quantity }) => quantity),
      );
    const [discounts, merchants, taxes] = [over(row.discount), over(row.merchant), row.taxes.parts.map(over)];
    one.lines.forEach(({ index, quantity }, place) => {
      const [gross, discount] = [one.unit * quantity, discounts[place] ?? 0];
      const tax = total(taxes.map((parts) => parts[place] ?? 0));
      const merchant = merchants[place] ?? 0;
      divided[index] = { gross, discount, net: gross - discount, tax, added: row.taxes.isAdded ? tax : 0, merchant };
    });
  });
  return lines.flatMap((_, index) => divided[index] ?? []);
}

// Steps 6 to 10: the fees.

/** Null where no zone delivers that far. */
function deliveryFee({ kind, zone, distanceMeters, surgePpm }: PricingInput): number | null {
  if (kind === 'pickup') return 0;
  const bracket = zone.deliveryBrackets.find(({ upToMeters }) => Math.ceil(distanceMeters) <= upToMeters);
  return bracket ? Math.min(rated(bracket.feeMinor, surgePpm, zone.rounding), zone.deliveryFeeCapMinor) : null;
}

function feeRows(
  input: PricingInput,
  goods: readonly Goods[],
  rows: readonly Row[],
  promotions: readonly Promotion[],
): FeeRow[] {
  const { zone } = input;
  const delivery = deliveryFee(input) ?? 0;
  const { discount, funded } = offDelivery(delivery, promotions, zone.rounding);
  const base = taxBase(input, delivery, discount, funded);
  const taxes = zone.deliveryTax === 'own' ? [taxOn(input, base, 'delivery')] : taxLikeGoods(input, base, goods, rows);
  const { ratePpm, minMinor, maxMinor } = zone.serviceFee;
  const service = rated(total(rows.map(({ net }) => net)), ratePpm, zone.rounding);
  const plain = (kind: FeeRow['kind'], gross: number): FeeRow => ({
    kind,
    gross,
    discount: 0,
    funded: 0,
    net: gross,
    ...sumOf([taxOn(input, gross, kind)]),
  });
  const fees: FeeRow[] = [
    { kind: 'delivery', gross: delivery, discount, funded, net: delivery - discount, ...sumOf(taxes) },
    plain('smallOrder', grossOf(goods) < zone.smallOrderBelowMinor ? zone.smallOrderFeeMinor : 0),
    plain('service', Math.min(maxMinor, Math.max(minMinor, service))),
    plain('bag', zone.bagFeeMinor),
  ];
  return fees.filter(({ gross }) => gross > 0);
}

/** The delivery fee divided among the goods' categories by what they cost. */
function taxLikeGoods(input: PricingInput, base: number, goods: readonly Goods[], rows: readonly Row[]): Tax[] {
  const categories = [...new Set(goods.map(({ item }) => item.taxCategory))];
  const nets = zeros(categories);
  goods.forEach(({ item }, index) => {
    const at = categories.indexOf(item.taxCategory);
    nets[at] = (nets[at] ?? 0) + (rows[index]?.net ?? 0);
  });
  return divide(base, nets).map((share, at) => taxOn(input, share, categories[at] ?? ''));
}

// Steps 11 to 13: what is paid.

/** As Stripe lists them: the least charge, the step of a charge, and what it counts a minor unit as. */
const CURRENCIES = new Map([
  ['EUR', { least: 50, step: 1, counted: 1 }],
  ['JPY', { least: 50, step: 1, counted: 1 }],
  ['HUF', { least: 17_500, step: 1, counted: 1 }],
  ['ISK', { least: 1, step: 1, counted: 100 }],
  ['KWD', { least: 10, step: 10, counted: 1 }],
  ['TND', { least: 10, step: 10, counted: 1 }],
  ['MGA', { least: 100, step: 100, counted: 0.01 }],
]);
const MOST = 99_999_999;

type Paid = Pick<Totals, 'creditMinor' | 'roundingMinor' | 'totalMinor'>;

/** Credit on all but the tip, as far as the rest can be charged; null where it cannot. */
function pay({ currency, creditMinor, coinMinor }: PricingInput, exact: number, tip: number): Paid | null {
  const whole = Math.min(creditMinor, exact);
  const rounded = (credit: number, totalMinor: number): Paid => ({
    creditMinor: credit,
    roundingMinor: exact + tip - credit - totalMinor,
    totalMinor,
  });
  if (coinMinor !== undefined) {
    const coins = round(BigInt(exact + tip - whole), BigInt(coinMinor), 'halfUp');
    return rounded(whole, coins * coinMinor);
  }
  const { least, step, counted } = CURRENCIES.get(currency) ?? { least: 1, step: 1, counted: 1 };
  const chargeFor = (credit: number) => Math.floor((exact + tip - credit) / step) * step;
  const isTooLittle = chargeFor(whole) > 0 && chargeFor(whole) < least;
  const credit = isTooLittle ? Math.max(0, Math.min(whole, exact + tip - least)) : whole;
  const charge = chargeFor(credit);
  return (charge > 0 && charge < least) || charge * counted > MOST ? null : rounded(credit, charge);
}
