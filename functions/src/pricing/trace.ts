import type { PricedFee, PricedLine, Totals, TraceEntry } from '../contract/pricing.js';
import type { Discount, SpreadDiscount } from './discounts.js';
import type { DraftLine } from './price-lines.js';

export interface Traced {
  menuVersion: number;
  zoneVersion: number;
  drafts: readonly DraftLine[];
  spread: readonly SpreadDiscount[];
  lines: readonly PricedLine[];
  fees: readonly PricedFee[];
  deliveryDiscounts: readonly Discount[];
  totals: Totals;
}

/** Every cent of the total with the rule that put it there; the amounts sum to the total. */
export function traceOf(traced: Traced): TraceEntry[] {
  const { zoneVersion: version, totals } = traced;
  const order = (rule: string, amountMinor: number): TraceEntry => ({ rule, version, target: 'order', amountMinor });
  return [
    ...traced.lines.flatMap((line, index) => lineEntries(traced, line, index)),
    ...traced.fees.flatMap((fee) => feeEntries(traced, fee)),
    order('tip', totals.tipMinor),
    order('credit', -totals.creditMinor),
    order('rounding', -totals.roundingMinor),
  ].filter((entry) => entry.amountMinor !== 0);
}

function lineEntries(traced: Traced, line: PricedLine, index: number): TraceEntry[] {
  const target = `line:${index}`;
  const itemDiscount = traced.drafts[index]?.itemDiscount;
  return [
    { rule: `item:${line.itemId}`, version: traced.menuVersion, target, amountMinor: line.grossMinor },
    ...(itemDiscount ? [discountEntry(itemDiscount, target, itemDiscount.amountMinor)] : []),
    ...traced.spread.map((discount) => discountEntry(discount, target, discount.byLine[index] ?? 0)),
    taxEntry(traced, line.taxCategory, target, line),
  ];
}

function feeEntries(traced: Traced, fee: PricedFee): TraceEntry[] {
  const target = `fee:${fee.kind}`;
  const discounts = fee.kind === 'delivery' ? traced.deliveryDiscounts : [];
  return [
    { rule: target, version: traced.zoneVersion, target, amountMinor: fee.grossMinor },
    ...discounts.map((discount) => discountEntry(discount, target, discount.amountMinor)),
    taxEntry(traced, fee.kind, target, fee),
  ];
}

function discountEntry({ promotion }: Discount, target: string, amountMinor: number): TraceEntry {
  return { rule: `promotion:${promotion.id}`, version: promotion.version, target, amountMinor: -amountMinor };
}

/** Included tax is in the price already and adds nothing. */
function taxEntry(
  traced: Traced,
  category: string,
  target: string,
  taxed: Pick<PricedLine, 'taxMode' | 'taxMinor'>,
): TraceEntry {
  const amountMinor = taxed.taxMode === 'exclusive' ? taxed.taxMinor : 0;
  return { rule: `tax:${category}`, version: traced.zoneVersion, target, amountMinor };
}
