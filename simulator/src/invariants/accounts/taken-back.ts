import type { PricedLine } from '../../../../functions/src/contract/pricing.js';
import { ACCOUNTS } from '../../../../functions/src/ledger/model/chart.js';
import type { Posting } from '../../../../functions/src/ledger/model/journals.js';
import { sum } from '../breach.js';
import type { Causes } from './causes.js';
import { addedTax, type Ended } from './settlements.js';

/** What the refunds of an order take back of its taxes, by account, and of the platform's commission with its tax. */
interface TakenBack {
  taxes: Posting[];
  commissionMinor: number;
  commissionTaxMinor: number;
}

/** Computes it from the refunds alone, in any order. */
export function computeTakenBack(causes: Causes, end: Ended): TakenBack {
  const { quote, refunds } = causes;
  if (!quote || refunds.length === 0) return { taxes: [], commissionMinor: 0, commissionTaxMinor: 0 };
  const units = quote.pricing.lines.map((_, index) => {
    const given = refunds.flatMap((one) => one.lines).filter(({ line }) => line === index);
    return sum(given.map((one) => one.quantity));
  });
  const commissionMinor = returnedCommission(causes, end, quote.pricing.lines, units);
  const { commissionMinor: earnedMinor, commissionTaxMinor: taxMinor } = end;
  return {
    taxes: returnedTaxes(end, quote.pricing.lines, units, sum(refunds.map((one) => one.taxMinor))),
    commissionMinor,
    commissionTaxMinor: earnedMinor > 0 ? Math.round((taxMinor * Math.max(0, commissionMinor)) / earnedMinor) : 0,
  };
}

/** Tax of the units that were returned by their own rates, the rest in proportion to what is left of each account. */
function returnedTaxes(
  end: Ended,
  lines: readonly PricedLine[],
  units: readonly number[],
  taxMinor: number,
): Posting[] {
  const ofUnits = new Map<string, number>();
  lines.forEach(({ taxes, quantity }, index) => {
    const wholeMinor = sum(taxes.map((tax) => tax.taxMinor));
    const shares = taxes.map((tax): Posting => [ACCOUNTS.restaurantTax(tax.ratePpm), tax.taxMinor]);
    addAll(ofUnits, spread(Math.round((wholeMinor * (units[index] ?? 0)) / quantity), shares));
  });
  const unitsMinor = sum([...ofUnits.values()]);
  if (taxMinor <= unitsMinor) return spread(taxMinor, [...ofUnits]);
  const left = [...end.taxes].map(([account, minor]): Posting => [account, minor - (ofUnits.get(account) ?? 0)]);
  addAll(ofUnits, spread(taxMinor - unitsMinor, left));
  return [...ofUnits];
}

function addAll(sums: Map<string, number>, postings: readonly Posting[]): void {
  for (const [account, minor] of postings) sums.set(account, (sums.get(account) ?? 0) + minor);
}

/** Splits an amount in proportion: each part rounded down, then one unit more to those that lost most. */
function spread(amountMinor: number, weights: readonly Posting[]): Posting[] {
  const total = sum(weights.map(([, weight]) => weight));
  if (total === 0) return [];
  const exact = weights.map(([account, weight]) => ({ account, exact: (amountMinor * weight) / total }));
  const missing = amountMinor - sum(exact.map((one) => Math.floor(one.exact)));
  const unluckiest = exact.toSorted((a, b) => b.exact - Math.floor(b.exact) - (a.exact - Math.floor(a.exact)));
  const luckier = new Set(unluckiest.slice(0, missing));
  return exact.map((one): Posting => [one.account, Math.floor(one.exact) + (luckier.has(one) ? 1 : 0)]);
}

const isSold = ({ order: { status } }: Causes, { kitchenShareMinor }: Ended): boolean =>
  kitchenShareMinor > 0 || (status !== 'returned' && status !== 'cancelled');

/** Of the units their own commission, of amounts in proportion to the food, all where everything was refunded. */
function returnedCommission(
  causes: Causes,
  end: Ended,
  lines: readonly PricedLine[],
  units: readonly number[],
): number {
  if (!isSold(causes, end)) return 0;
  const { refunds, order } = causes;
  const lateMinor = sum(order.events.map(({ late }) => late?.creditMinor ?? 0));
  const backMinor = sum(refunds.map((one) => one.amountMinor));
  if (backMinor >= end.takenMinor + end.creditMinor - lateMinor) return end.commissionMinor;
  const foodMinor = sum(lines.map((line) => line.netMinor + addedTax(line)));
  const amounts = refunds.filter(({ what }) => what.type === 'amount').map((one) => one.amountMinor);
  const amountMinor = Math.min(foodMinor, sum(amounts));
  const ofUnits = (of: (line: PricedLine) => number) =>
    sum(lines.map((line, index) => Math.round((of(line) * (units[index] ?? 0)) / line.quantity)));
  const returned = (totalMinor: number, ofUnitsMinor: number) =>
    Math.min(totalMinor, ofUnitsMinor + (foodMinor === 0 ? 0 : Math.round((totalMinor * amountMinor) / foodMinor)));
  const grossMinor = sum(lines.map((line) => line.grossMinor));
  const includedMinor = sum(lines.map((line) => allTax(line) - addedTax(line)));
  return (
    returned(
      grossMinor,
      ofUnits((line) => line.grossMinor),
    ) -
    returned(includedMinor, ofUnits(allTax) - ofUnits(addedTax)) -
    returned(
      end.promisedMinor,
      ofUnits((line) => line.merchantFundedMinor),
    ) -
    returned(
      end.kitchenShareMinor,
      ofUnits((line) => line.merchantMinor),
    )
  );
}

const allTax = ({ taxes }: PricedLine): number => sum(taxes.map(({ taxMinor }) => taxMinor));
