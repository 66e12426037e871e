import type { Refund, RefundLiable, RefundWish } from '../contract/payments.js';
import type { PricedLine, Pricing } from '../contract/pricing.js';
import { accept, refuse, type Outcome } from '../platform/outcome.js';
import { chargeUnitOf } from './currencies.js';
import { mulDivHalfUp, sum } from './money.js';
import type { Settlement } from './settle.js';

export interface RefundFacts {
  pricing: Pricing;
  /** How the end of the order was settled. */
  settlement: Settlement;
  earlier: readonly Pick<Refund, 'amountMinor' | 'taxMinor' | 'merchantMinor' | 'lines'>[];
  /** Of what was captured, not given back yet. */
  moneyLeftMinor: number;
  what: RefundWish;
  liable: RefundLiable;
}

/** `amountMinor` = `moneyMinor` + `creditMinor` = tax + the parties' parts. */
export interface PricedRefund {
  amountMinor: number;
  /** Paid in money: what is given back first. */
  moneyMinor: number;
  /** Paid with credit: given back as credit, whatever was asked for. */
  creditMinor: number;
  taxMinor: number;
  merchantMinor: number;
  courierMinor: number;
  platformMinor: number;
  lines: Refund['lines'];
}

interface Left {
  amountMinor: number;
  taxMinor: number;
  merchantMinor: number;
}

/**
 * What a refund comes to and who bears it. All refunds of a line sum to what the line was charged, whatever they are cut
 * into; `whole` is the rest of the order, so all refunds of an order sum to what was captured and to the credit used.
 */
export function priceRefund(facts: RefundFacts): Outcome<PricedRefund> {
  const left = leftOf(facts);
  const wished = wishOf(facts, left);
  if (!wished.ok) return wished;
  const { amountMinor } = wished.value;
  if (amountMinor > left.amountMinor) return refuse('REFUND_TOO_LARGE', { refundableMinor: left.amountMinor });
  if (amountMinor <= 0) return refuse('NOTHING_TO_REFUND');
  const taxMinor = taxOfRefund(wished.value, left);
  const moneyMinor = Math.min(amountMinor, facts.moneyLeftMinor);
  return accept({
    amountMinor,
    moneyMinor,
    creditMinor: amountMinor - moneyMinor,
    taxMinor,
    ...borneBy(facts, left, amountMinor, amountMinor - taxMinor),
    lines: facts.what.type === 'lines' ? facts.what.lines : [],
  });
}

function leftOf({ settlement, earlier }: RefundFacts): Left {
  const { captureMinor, creditMinor, split } = settlement;
  const paidMinor = captureMinor + creditMinor;
  const given = (field: 'amountMinor' | 'taxMinor' | 'merchantMinor') => sum(earlier.map((one) => one[field]));
  return {
    amountMinor: paidMinor - given('amountMinor'),
    // Tax on what a promotion gave away may be more than was paid.
    taxMinor: Math.min(split.taxMinor, paidMinor) - given('taxMinor'),
    merchantMinor: split.merchantMinor - given('merchantMinor'),
  };
}

interface Wished {
  amountMinor: number;
  /** Null: in proportion. */
  taxMinor: number | null;
}

function wishOf({ what, pricing, earlier }: RefundFacts, left: Left): Outcome<Wished> {
  const unit = chargeUnitOf(pricing.currency);
  switch (what.type) {
    case 'whole':
      return accept({ amountMinor: left.amountMinor, taxMinor: null });
    case 'amount':
      return accept({ amountMinor: what.amountMinor - (what.amountMinor % unit), taxMinor: null });
    case 'lines':
      return sumOfLines(pricing.lines, what.lines, earlier.flatMap((one) => one.lines), unit); // prettier-ignore
  }
}

function sumOfLines(
  priced: readonly PricedLine[],
  wanted: Refund['lines'],
  earlier: Refund['lines'],
  unit: number,
): Outcome<Wished> {
  let [amountMinor, taxMinor] = [0, 0];
  for (const { line, quantity } of wanted) {
    const one = priced[line];
    if (!one) return refuse('LINE_UNKNOWN', { line });
    const before = sum(earlier.filter((other) => other.line === line).map((other) => other.quantity));
    if (before + quantity > one.quantity) return refuse('LINE_REFUNDED', { line, left: one.quantity - before });
    const upTo = (totalMinor: number, units: number) => mulDivHalfUp(totalMinor, units, one.quantity);
    const chargedUpTo = (units: number) => Math.floor(upTo(chargedFor(one), units) / unit) * unit;
    amountMinor += chargedUpTo(before + quantity) - chargedUpTo(before);
    taxMinor += upTo(one.taxMinor, before + quantity) - upTo(one.taxMinor, before);
  }
  return accept({ amountMinor, taxMinor });
}

/** What the customer paid for a line, tax included. */
const chargedFor = ({ netMinor, taxMode, taxMinor }: PricedLine): number =>
  netMinor + (taxMode === 'exclusive' ? taxMinor : 0);

/** Never more tax than there is to give back, and never so little that more of it would be left than of the amount. */
function taxOfRefund({ amountMinor, taxMinor }: Wished, left: Left): number {
  const wantedMinor = taxMinor ?? mulDivHalfUp(amountMinor, left.taxMinor, left.amountMinor);
  const leastMinor = left.taxMinor - (left.amountMinor - amountMinor);
  return Math.min(Math.max(wantedMinor, leastMinor), left.taxMinor, amountMinor);
}

/** A merchant bears what it earned of the food that is given back, and the platform the rest: its commission, the fees. */
function borneBy(
  { what, liable, pricing, settlement }: RefundFacts,
  left: Left,
  amountMinor: number,
  netMinor: number,
): Pick<PricedRefund, 'merchantMinor' | 'courierMinor' | 'platformMinor'> {
  if (liable === 'courier') return { merchantMinor: 0, courierMinor: netMinor, platformMinor: 0 };
  if (liable === 'platform') return { merchantMinor: 0, courierMinor: 0, platformMinor: netMinor };
  const foodMinor = sum(pricing.lines.map(chargedFor));
  const shareMinor =
    what.type === 'whole' || foodMinor === 0
      ? left.merchantMinor
      : mulDivHalfUp(settlement.split.merchantMinor, amountMinor, foodMinor);
  const merchantMinor = Math.min(shareMinor, left.merchantMinor, netMinor);
  return { merchantMinor, courierMinor: 0, platformMinor: netMinor - merchantMinor };
}
