import type { CourierPayout } from '../../../../functions/src/contract/courier-payouts.js';
import { ACCOUNTS } from '../../../../functions/src/ledger/model/chart.js';
import { type Posting } from '../../../../functions/src/ledger/model/journals.js';
import { listIf } from '../breach.js';
import type { Books } from '../snapshot.js';
import type { Expected } from './operators.js';

/** Returns what the journals of payouts to couriers must sum to: nothing but the set-off of a payout that failed. */
export function expectCourierPayouts({ extras }: Books): Expected[] {
  return (extras?.courierPayouts ?? []).map(([, payout]) => ({
    currency: payout.currency,
    postings: [...expectPayment(payout), ...expectSetOff(payout)],
  }));
}

function expectPayment({ courierId, status, type, amountMinor, feeMinor }: CourierPayout): Posting[] {
  if (status === 'failed') return [];
  return [
    [ACCOUNTS.courier(courierId), amountMinor + feeMinor],
    [type === 'manual' ? ACCOUNTS.bank : ACCOUNTS.provider, -amountMinor],
    [ACCOUNTS.payoutFees, -feeMinor],
  ];
}

const expectSetOff = ({ courierId, setOffMinor }: CourierPayout): Posting[] => [
  [ACCOUNTS.courier(courierId), setOffMinor],
  [ACCOUNTS.cash(courierId), -setOffMinor],
];

/**
 * Checks that no payout is higher than what was owed, that each names its end, that its journals are those of its state,
 * and that the provider transferred what the documents say.
 */
export function courierPayoutBreaches(books: Books): string[] {
  const journals = new Map(books.ledger);
  return (books.extras?.courierPayouts ?? []).flatMap(([id, payout]) => [
    ...amountBreaches(id, payout),
    ...journalBreachesOf(id, payout, journals),
    ...transferBreaches(id, payout, books.courierTransfers),
  ]);
}

function amountBreaches(id: string, payout: CourierPayout): string[] {
  const { owedMinor, setOffMinor, feeMinor, amountMinor, status, failedAtMs, failureCode } = payout;
  const takenMinor = setOffMinor + feeMinor + amountMinor;
  const isFailed = status === 'failed';
  return [
    ...listIf(takenMinor > owedMinor, `payout ${id}: ${takenMinor} of ${owedMinor} owed`),
    ...listIf(takenMinor === 0, `payout ${id} pays nothing`),
    ...listIf(isFailed !== (failedAtMs !== null), `payout ${id} is ${status}, but failed at ${failedAtMs}`),
    ...listIf(isFailed !== (failureCode !== null), `payout ${id} is ${status}, but its failure is ${failureCode}`),
    ...listIf((status === 'settled') !== (amountMinor === 0), `payout ${id} is ${status} with ${amountMinor}`),
  ];
}

function journalBreachesOf(
  id: string,
  { status, amountMinor, setOffMinor }: CourierPayout,
  journals: Journals,
): string[] {
  const wanted: readonly (readonly [journalId: string, isWanted: boolean])[] = [
    [`payout-${id}`, amountMinor > 0],
    [`setOff-${id}`, setOffMinor > 0],
    [`return-${id}`, status === 'failed'],
  ];
  const corrected = journals.get(`return-${id}`)?.corrects;
  return [
    ...wanted.flatMap(([journalId, isWanted]) =>
      listIf(
        journals.has(journalId) !== isWanted,
        `payout ${id} is ${status}: journal ${journalId} is ${isWanted ? 'missing' : 'there'}`,
      ),
    ),
    ...listIf(
      status === 'failed' && corrected !== `payout-${id}`,
      `payout ${id}: its reversing journal corrects ${corrected}`,
    ),
  ];
}

type Journals = ReadonlyMap<string, Books['ledger'][number][1]>;

/** While steps at the provider are left, the transfer may be made or reversed already. */
function transferBreaches(id: string, payout: CourierPayout, transfers: Books['courierTransfers']): string[] {
  if (!transfers || payout.open || payout.status === 'pending') return [];
  const isSent = payout.type !== 'manual' && payout.status !== 'failed';
  const expectedMinor = isSent ? payout.amountMinor : 0;
  const foundMinor = transfers.get(id) ?? 0;
  return listIf(
    foundMinor !== expectedMinor,
    `payout ${id}: the provider transferred ${foundMinor}, the document has ${expectedMinor}`,
  );
}
