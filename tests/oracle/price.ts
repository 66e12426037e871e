import { FEE_KINDS } from '#functions/contract/pricing.js';
import type { Promotion } from '#functions/contract/zones.js';
import { addDiscounts, discountDelivery, discountItems, discountOrder, type Discount } from './discounts.js';
import { divide, exactly, least, most, partOf, rounded, sumOf } from './exact.js';
import { required, toGoods, type Good } from './goods.js';
import type { OracleOrder } from './order.js';
import { findTaxes, sumAdded, sumTaxes, tax, type Tax } from './taxes.js';

type FeeKind = (typeof FEE_KINDS)[number];

/** A good after discounts and taxes. */
export interface OracleGood extends Good {
  itemDiscount: Discount;
  orderDiscount: Discount;
  netMinor: bigint;
  taxes: Tax[];
  merchantMinor: bigint;
}

export interface OracleFee {
  kind: FeeKind;
  grossMinor: bigint;
  discount: Discount;
  netMinor: bigint;
  taxes: Tax[];
}

/** The price under a given choice of promotions, before credit. */
export interface OraclePrice {
  promotionIds: string[];
  goods: OracleGood[];
  fees: OracleFee[];
  tipMinor: bigint;
  /** Everything that the customer owes, tip included. */
  sumMinor: bigint;
}

const NO_DISCOUNT: Discount = { amountMinor: 0n, merchantMinor: 0n };

/** Step 2: the gross sum, on which minimums, small-order fee and tip depend. */
export const sumGross = (goods: readonly Good[]): bigint => sumOf(goods.map(({ grossMinor }) => grossMinor));

/** Prices an order with exactly these promotions, as far as their minimums are reached. Undefined: too far. */
export function computePrice(order: OracleOrder, chosen: readonly Promotion[]): OraclePrice | undefined {
  const goods = toGoods(order);
  const gross = sumGross(goods);
  const promotions = chosen.filter(({ minimumItemsMinor }) => gross >= BigInt(minimumItemsMinor));
  const priced = computeGoods(order, goods, promotions);
  const fees = computeFees(order, priced, promotions);
  if (!fees) return undefined;
  const tipMinor = order.kind === 'delivery' ? rounded(partOf(gross, order.tipPpm), order.zone.rounding) : 0n;
  const parts = [...priced, ...fees].map(({ netMinor, taxes }) => netMinor + sumAdded(taxes));
  const promotionIds = chosen.map(({ id }) => id);
  return { promotionIds, goods: priced, fees, tipMinor, sumMinor: sumOf(parts) + tipMinor };
}

function computeGoods(order: OracleOrder, goods: readonly Good[], promotions: readonly Promotion[]): OracleGood[] {
  const { rounding } = order.zone;
  const items = discountItems(goods, promotions, rounding);
  const after = goods.map(({ grossMinor }, i) => grossMinor - required(items[i]).amountMinor);
  const orders = discountOrder(goods, after, promotions, rounding);
  return goods.map((good, i) => {
    const itemDiscount = required(items[i]);
    const orderDiscount = required(orders[i]);
    const discount = addDiscounts(itemDiscount, orderDiscount);
    const netMinor = good.grossMinor - discount.amountMinor;
    const rules = findTaxes(order.zone, good.item.taxCategory, order.kind);
    const taxes = tax(toTaxBase(order, netMinor, discount), rules, order.zone);
    const merchantMinor = earn(order, good, discount, taxes);
    return { ...good, itemDiscount, orderDiscount, netMinor, taxes, merchantMinor };
  });
}

/** Step 10: a discount of the platform lowers the tax base where the zone says so. */
const toTaxBase = ({ zone }: OracleOrder, netMinor: bigint, discount: Discount): bigint =>
  zone.platformDiscountLowersTaxBase ? netMinor : netMinor + discount.amountMinor - discount.merchantMinor;

/** The merchant's share: gross − included tax − its own promises − commission on that, never below 0. */
function earn({ commissionPpm, zone }: OracleOrder, good: Good, { merchantMinor }: Discount, taxes: readonly Tax[]) {
  const base = good.grossMinor - (sumTaxes(taxes) - sumAdded(taxes)) - merchantMinor;
  if (base <= 0n) return 0n;
  return most(0n, base - rounded(partOf(base, commissionPpm), zone.rounding));
}

/** Steps 6 to 9: the fees, in the order of the specification. Undefined: no bracket reaches the door. */
function computeFees(order: OracleOrder, goods: readonly OracleGood[], promotions: readonly Promotion[]) {
  const { zone } = order;
  const delivery = findDeliveryFee(order);
  if (delivery === undefined) return undefined;
  const net = sumOf(goods.map(({ netMinor }) => netMinor));
  const gross = sumGross(goods);
  const { ratePpm, minMinor, maxMinor } = zone.serviceFee;
  const service = rounded(partOf(net, ratePpm), zone.rounding);
  const amounts: Record<FeeKind, bigint> = {
    delivery,
    smallOrder: gross < BigInt(zone.smallOrderBelowMinor) ? BigInt(zone.smallOrderFeeMinor) : 0n,
    service: most(BigInt(minMinor), least(service, BigInt(maxMinor))),
    bag: BigInt(zone.bagFeeMinor),
  };
  return FEE_KINDS.map((kind): OracleFee => {
    const grossMinor = amounts[kind];
    const discount = kind === 'delivery' ? discountDelivery(grossMinor, promotions, zone.rounding) : NO_DISCOUNT;
    const netMinor = grossMinor - discount.amountMinor;
    const base = toTaxBase(order, netMinor, discount);
    const byGoods = kind === 'delivery' && zone.deliveryTax === 'goods';
    const taxes = byGoods ? taxByGoods(order, base, goods) : tax(base, findTaxes(zone, kind, order.kind), zone);
    return { kind, grossMinor, discount, netMinor, taxes };
  });
}

/** Step 6: the first bracket that reaches the door, times the surge, capped. */
function findDeliveryFee({ kind, zone, distanceMeters }: OracleOrder): bigint | undefined {
  if (kind === 'pickup') return 0n;
  const reaching = zone.deliveryBrackets
    .filter(({ upToMeters }) => Math.ceil(distanceMeters) <= upToMeters)
    .sort((a, b) => a.upToMeters - b.upToMeters)[0];
  if (!reaching) return undefined;
  const surged = rounded(partOf(BigInt(reaching.feeMinor), zone.surgePpm), zone.rounding);
  return least(surged, BigInt(zone.deliveryFeeCapMinor));
}

/**
 * Divides the base over the tax categories in proportion to what their goods cost; where all goods are free, the one
 * whose name comes first has all of it.
 */
function taxByGoods(order: OracleOrder, base: bigint, goods: readonly OracleGood[]): Tax[] {
  const categories = [...new Set(goods.map(({ item }) => item.taxCategory))];
  const nets = categories.map((category) =>
    sumOf(goods.filter(({ item }) => item.taxCategory === category).map(({ netMinor }) => netMinor)),
  );
  const first = categories.toSorted()[0];
  const shares = sumOf(nets) > 0n ? divide(base, nets) : categories.map((one) => (one === first ? base : 0n));
  return categories.flatMap((category, i) =>
    tax(required(shares[i]), findTaxes(order.zone, category, order.kind), order.zone),
  );
}

/** The courier's pay: a base and a part per metre, and the whole tip. No courier comes for pickup. */
export function payCourier({ kind, zone, distanceMeters }: OracleOrder, tipMinor: bigint): bigint {
  if (kind === 'pickup') return 0n;
  const { baseMinor, perKilometerMinor } = zone.courierPay;
  const ride = rounded(exactly(BigInt(perKilometerMinor) * BigInt(distanceMeters), 1000n), zone.rounding);
  return BigInt(baseMinor) + ride + tipMinor;
}
