import type { StatementLine } from '../../calls/courier-payouts.js';
import type { Journal } from '../../contract/orders.js';
import { ACCOUNTS } from '../../ledger/model/chart.js';
import { toUtcDay } from '../../ledger/model/days.js';
import { formatMinor } from '../../pricing/currencies.js';

/** A journal with its id. */
export interface NamedJournal {
  id: string;
  journal: Journal;
}

type LineType = StatementLine['type'];

/**
 * Lists what journals changed of a courier's pay and cash: pay is positive where it is owed to the courier, cash where
 * the courier carries it. The lines of each account sum to its change in the ledger.
 */
export function listStatementLines(uid: string, journals: readonly NamedJournal[]): StatementLine[] {
  return journals.flatMap(({ id, journal }) => {
    const { currency, orderId, atMs } = journal;
    const head = { day: toUtcDay(atMs), journalId: id, orderId, currency };
    const payMinor = 0 - sumPosted(journal, ACCOUNTS.courier(uid));
    const cashMinor = sumPosted(journal, ACCOUNTS.cash(uid));
    const pay = splitPay(journal, payMinor).map(([type, amountMinor]) => ({
      ...head,
      account: 'pay' as const,
      type,
      amountMinor,
    }));
    const cash = { ...head, account: 'cash' as const, type: toCashType(journal), amountMinor: cashMinor };
    return [...pay, cash].filter(({ amountMinor }) => amountMinor !== 0);
  });
}

const sumPosted = ({ entries }: Journal, account: string): number =>
  entries.filter((entry) => entry.account === account).reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** A journal of an order's end pays the ride and its tip; one of a payout pays out and keeps the fee. */
function splitPay(journal: Journal, payMinor: number): [LineType, number][] {
  switch (journal.kind) {
    case 'settlement': {
      const rideMinor = payMinor === 0 ? 0 : sumPosted(journal, ACCOUNTS.courierCost);
      return [
        ['ride', rideMinor],
        ['tip', payMinor - rideMinor],
      ];
    }
    case 'payout': {
      const feeMinor = sumPosted(journal, ACCOUNTS.payoutFees);
      return [
        ['payout', payMinor - feeMinor],
        ['fee', feeMinor],
      ];
    }
    case 'tip':
      return [['tip', payMinor]];
    case 'refund':
      return [['refund', payMinor]];
    case 'setOff':
      return [['setOff', payMinor]];
    case 'correction':
      return [[journal.corrects === undefined ? 'correction' : 'returnedPayout', payMinor]];
    default:
      return [['correction', payMinor]];
  }
}

function toCashType({ kind }: Journal): LineType {
  if (kind === 'deposit' || kind === 'setOff') return kind;
  return kind === 'settlement' ? 'collected' : 'correction';
}

const COLUMNS = ['day', 'journal', 'order', 'account', 'type', 'currency', 'amount'];

/** Formats a statement as CSV, with line ends as in RFC 4180. No field needs quotes: all are ids, days and amounts. */
export function toStatementCsv(lines: readonly StatementLine[]): string {
  const rows = lines.map((one) => [
    one.day,
    one.journalId,
    one.orderId ?? '',
    one.account,
    one.type,
    one.currency,
    formatMinor(one.amountMinor, one.currency),
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
