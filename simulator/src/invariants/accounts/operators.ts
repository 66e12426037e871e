import type { AuditEntry } from '../../../../functions/src/contract/operations.js';
import { ACCOUNTS } from '../../../../functions/src/ledger/model/chart.js';
import { type Posting } from '../../../../functions/src/ledger/model/journals.js';
import type { Books } from '../snapshot.js';

export interface Expected {
  currency: string;
  postings: Posting[];
}

/** Returns what the journals without an order must sum to, by the audit entries of the operators who caused them. */
export function expectOperators({ overrides }: Books): Expected[] {
  const entries = (overrides?.audit ?? []).map(([, entry]) => entry);
  return entries.flatMap((entry) =>
    [expectDeposit(entry), expectDebt(entry), expectGrant(entry)].filter((one) => one !== null),
  );
}

/** Cash that a courier paid in; the subject is `couriers/{uid}`. */
function expectDeposit({ action, subject, before, after }: AuditEntry): Expected | null {
  const [, uid] = subject.split('/');
  if (action !== 'recordCashDeposit' || uid === undefined) return null;
  const amountMinor = Number(before?.['cashMinor']) - Number(after?.['cashMinor']);
  const postings: Posting[] = [
    [ACCOUNTS.bank, amountMinor],
    [ACCOUNTS.cash(uid), -amountMinor],
  ];
  return { currency: String(after?.['currency']), postings };
}

/** What a courier repaid, or what was written off; the subject is `couriers/{uid}`. */
function expectDebt({ action, subject, before, after }: AuditEntry): Expected | null {
  const [, uid] = subject.split('/');
  if (action !== 'settleCourierDebt' || uid === undefined) return null;
  const amountMinor = Number(before?.['owedMinor']) - Number(after?.['owedMinor']);
  const postings: Posting[] = [
    [after?.['how'] === 'repaid' ? ACCOUNTS.bank : ACCOUNTS.refundLosses, amountMinor],
    [ACCOUNTS.courier(uid), -amountMinor],
  ];
  return { currency: String(after?.['currency']), postings };
}

/** Credit granted or taken back; the subject is `users/{uid}/private/standing`. */
function expectGrant({ action, subject, before, after }: AuditEntry): Expected | null {
  const [, uid] = subject.split('/');
  if (action !== 'grantCredit' || uid === undefined) return null;
  const amountMinor = Number(after?.['balanceMinor']) - Number(before?.['balanceMinor']);
  const postings: Posting[] = [
    [ACCOUNTS.goodwill, amountMinor],
    [ACCOUNTS.credit(uid), -amountMinor],
  ];
  return { currency: String(after?.['currency']), postings };
}
