import { sum } from '../breach.js';
import type { Books, ProviderSums } from '../snapshot.js';
import { gatherCauses, type Causes } from './causes.js';

const NOTHING: ProviderSums = { takenMinor: 0, tippedMinor: 0, refundedMinor: 0, paidOutMinor: 0, disputedMinor: 0 };

/**
 * Compares the amounts that an order's documents give with those that the provider reports, one by one. Together with
 * the check of the accounts this covers the account `stripe`. Pending movements may be reported or not. Movements
 * without an order are left to the nightly reconciliation.
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
    (name) => `order ${causes.id}: the provider reports ${name} ${theirs[name]}, the documents give ${all[name]}`,
  );
}

/** Sums what the documents say that the provider moved, with or without what it has not confirmed yet. */
function sumDocuments({ order, refunds, tips, disputes }: Causes, withPending: boolean): ProviderSums {
  const { method, status, capturedMinor } = order.payment;
  const counts = (state: string) => withPending || state !== 'pending';
  const sent = refunds.flatMap(({ parts }) => parts.filter((part) => part.status !== 'failed' && counts(part.status)));
  const transfers = order.events.map(({ money }) => (money?.type === 'transfer' ? money.amountMinor : 0));
  const reversed = refunds.filter((one) => counts(one.status)).map((one) => one.reversalMinor);
  const isTaken = method !== 'cash' && (withPending || status !== 'capturing');
  return {
    takenMinor: isTaken ? capturedMinor : 0,
    tippedMinor: sum(tips.filter((tip) => tip.status === 'paid').map((tip) => tip.amountMinor)),
    refundedMinor: sum(sent.map((part) => part.amountMinor)),
    paidOutMinor: sum(transfers) - sum(reversed),
    disputedMinor: sum(disputes.map((one) => one.providerMinor)),
  };
}
