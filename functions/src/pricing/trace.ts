import type { PricedFee, PricedLine, TaxPart, Totals, TraceEntry } from '../contract/pricing.js';
import type { Promotion } from '../contract/zones.js';
import { allocate } from './money.js';
import type { FeeDiscount } from './order-discounts.js';
import type { TracedLine } from './price-goods.js';
import { sumAddedTax } from './tax.js';

export interface Traced {
  menuVersion: number;
  zoneVersion: number;
  lines: readonly TracedLine[];
  fees: readonly PricedFee[];
  deliveryDiscounts: readonly FeeDiscount[];
  totals: Totals;
}

/** Builds the trace: every amount of the total with its rule; the amounts sum to the total. */
export function buildTrace(traced: Traced): TraceEntry[] {
  return [
    ...traced.lines.flatMap((line, index) => lineEntries(traced, line, index)),
    ...traced.fees.flatMap((fee) => feeEntries(traced, fee)),
    ...orderEntries(traced.zoneVersion, traced.totals),
  ].filter((entry) => entry.amountMinor !== 0);
}

function orderEntries(version: number, { tipMinor, creditMinor, roundingMinor }: Totals): TraceEntry[] {
  const order = (rule: string, amountMinor: number): TraceEntry => ({ rule, version, target: 'order', amountMinor });
  return [order('tip', tipMinor), order('credit', -creditMinor), order('rounding', -roundingMinor)];
}

/** The versions of the menu and the zone that priced a quote. */
type Versions = Pick<Traced, 'menuVersion' | 'zoneVersion'>;

/** Builds the trace of a price with edited lines: fees stay, and each promotion has its part of the rest of a line. */
export function buildEditedTrace(
  versions: Versions,
  trace: readonly TraceEntry[],
  edited: readonly { before: number; line: PricedLine }[],
  totals: Totals,
): TraceEntry[] {
  const of = (target: string) => trace.filter((entry) => entry.target === target);
  return [
    ...edited.flatMap(({ before, line }, index) => editedLine(versions, of(`line:${before}`), line, `line:${index}`)),
    ...trace.filter(({ target }) => target.startsWith('fee:')),
    ...orderEntries(versions.zoneVersion, totals),
  ].filter((entry) => entry.amountMinor !== 0);
}

function editedLine(
  { menuVersion, zoneVersion }: Versions,
  before: readonly TraceEntry[],
  line: PricedLine,
  target: string,
): TraceEntry[] {
  const promotions = before.filter(({ rule }) => rule.startsWith('promotion:'));
  const parts = allocate(
    line.grossMinor - line.netMinor,
    promotions.map(({ amountMinor }) => -amountMinor),
  );
  return [
    { rule: `item:${line.itemId}`, version: menuVersion, target, amountMinor: line.grossMinor },
    ...promotions.map((entry, index) => ({ ...entry, target, amountMinor: -(parts[index] ?? 0) })),
    taxEntry(zoneVersion, line.taxCategory, target, line.taxes),
  ];
}

function lineEntries({ menuVersion, zoneVersion }: Traced, { line, parts }: TracedLine, index: number): TraceEntry[] {
  const target = `line:${index}`;
  return [
    { rule: `item:${line.itemId}`, version: menuVersion, target, amountMinor: line.grossMinor },
    ...parts.map(({ promotion, amountMinor }) => discountEntry(promotion, target, amountMinor)),
    taxEntry(zoneVersion, line.taxCategory, target, line.taxes),
  ];
}

function feeEntries(traced: Traced, fee: PricedFee): TraceEntry[] {
  const target = `fee:${fee.kind}`;
  const discounts = fee.kind === 'delivery' ? traced.deliveryDiscounts : [];
  return [
    { rule: target, version: traced.zoneVersion, target, amountMinor: fee.grossMinor },
    ...discounts.map(({ promotion, amountMinor }) => discountEntry(promotion, target, amountMinor)),
    taxEntry(traced.zoneVersion, fee.kind, target, fee.taxes),
  ];
}

function discountEntry({ id, version }: Promotion, target: string, amountMinor: number): TraceEntry {
  return { rule: `promotion:${id}`, version, target, amountMinor: -amountMinor };
}

/** Included tax is in the price already and adds nothing. */
function taxEntry(version: number, category: string, target: string, taxes: readonly TaxPart[]): TraceEntry {
  return { rule: `tax:${category}`, version, target, amountMinor: sumAddedTax(taxes) };
}
