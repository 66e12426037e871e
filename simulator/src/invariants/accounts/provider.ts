import { sumOf } from '../breach.js';
import type { Books, ProviderSums } from '../snapshot.js';
import { gatherCauses, type Causes } from './causes.js';

const NOTHING: ProviderSums = { takenMinor: 0, tippedMinor: 0, refundedMinor: 0, paidOutMinor: 0, disputedMinor: 0 };

/**
 * What an order's documents say of the provider's money is what the provider says itself, sum by sum; so `stripe`,
 * which is held against the documents, is held against it. Money under way may be there or not. What the provider has
 * of no order is for the nightly reconciliation to find.
 */
export function providerBreaches(books: Books): string[] {
  const { provider } = books;
  return provider ? gatherCauses(books).flatMap((one) => orderBreaches(one, provider.get(one.id) ?? NOTHING)) : [];
}

function orderBreaches(causes: Causes, theirs: ProviderSums): string[] {
  const names = ['takenMinor', 'tippedMinor', 'refundedMinor', 'paidOutMinor', 'disputedMinor'] as const;
  const [done, all] = [sumDocuments(causes, false), sumDocuments(causes, true)];
  const wrong = names.filter((name) => theirs[name] !== done[name] && theirs[name] !== all[name]);
  return wrong.map(
    (name) => `order ${causes.id}: the provider has ${theirs[name]} as ${name}, the documents ${all[name]}`,
  );
}

/** What the documents say that the provider moved; with or without what it has not confirmed yet. */
function sumDocuments({ order, refunds, tips, disputes }: Causes, withPending: boolean): ProviderSums {
  const { method, status, capturedMinor } = order.payment;
  const counts = (state: string) => withPending || state !== 'pending';
  const sent = refunds.flatMap(({ parts }) => parts.filter((part) => part.status !== 'failed' && counts(part.status)));
  const transfers = order.events.map(({ money }) => (money?.type === 'transfer' ? money.amountMinor : 0));
  const reversed = refunds.filter((one) => counts(one.status)).map((one) => one.reversalMinor);
  const isTaken = method !== 'cash' && (withPending || status !== 'capturing');
  return {
    takenMinor: isTaken ? capturedMinor : 0,
    tippedMinor: sumOf(tips.filter((tip) => tip.status === 'paid').map((tip) => tip.amountMinor)),
    refundedMinor: sumOf(sent.map((part) => part.amountMinor)),
    paidOutMinor: sumOf(transfers) - sumOf(reversed),
    disputedMinor: sumOf(disputes.map((one) => one.providerMinor)),
  };
}
