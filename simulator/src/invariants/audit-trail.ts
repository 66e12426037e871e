import type { AuditEntry } from '../../../functions/src/contract/operations.js';
import type { Journal, OrderEvent } from '../../../functions/src/contract/orders.js';
import { toClaimRefundId } from '../../../functions/src/contract/payments.js';
import { ACCOUNTS } from '../../../functions/src/ledger/model/chart.js';
import { toContentPath } from '../../../functions/src/reviews/model/content.js';
import type { Books, Overrides } from './snapshot.js';

/** A change that an operator made, by one of these actions. */
interface Override {
  actions: readonly AuditEntry['action'][];
  subject: string;
  /** The field of the entry's `after` that distinguishes it from other entries on the same subject. */
  after?: readonly [fact: string, value: string | number];
}

/** Every change that an operator made has an audit entry with the operator and the reason. */
export function auditBreaches(books: Books): string[] {
  const { overrides } = books;
  if (!overrides) return [];
  const entries = overrides.audit.map(([, entry]) => entry);
  const missing = listOverrides(books, overrides).filter((one) => !entries.some((entry) => isAbout(entry, one)));
  return missing.map(({ actions, subject, after = [] }) =>
    `no audit entry for ${actions[0]} of ${subject} ${after.join(' ')}`.trim(),
  );
}

function isAbout({ action, subject, after, by, reason }: AuditEntry, override: Override): boolean {
  const [fact, value] = override.after ?? [];
  const isSame = fact === undefined || after?.[fact] === value;
  return override.subject === subject && override.actions.includes(action) && isSame && by !== '' && reason !== '';
}

function listOverrides(books: Books, overrides: Overrides): Override[] {
  const { orders, ledger } = books;
  const { versions, courierApplications, merchantApplications } = overrides;
  return [
    ...orders.flatMap(([id, { events }]) =>
      events.filter(({ by }) => by === 'operator').map((event) => toStepOverride(id, event)),
    ),
    ...listDecisions(overrides),
    ...courierApplications.flatMap(([uid, { review, status }]) =>
      review ? [override('reviewCourier', `couriers/${uid}`, ['status', status])] : [],
    ),
    ...merchantApplications.flatMap(([id, { review, status }]) =>
      review ? [override('reviewApplication', `merchantApplications/${id}`, ['status', status])] : [],
    ),
    ...versions.flatMap(([path, first, latest]) => listVersions(path, first, latest)),
    ...listPayments(books),
    ...ledger.filter(([id]) => id.startsWith('credit-')).map(([, journal]) => toGrant(journal, overrides)),
  ];
}

const DISPATCHED: readonly OrderEvent['action'][] = ['release', 'restartSearch', 'assign', 'sendRider', 'handOver'];

const toStepOverride = (id: string, { action, n }: OrderEvent): Override =>
  override(DISPATCHED.includes(action) ? 'dispatchOrder' : 'moveOrder', `orders/${id}`, ['event', n]);

const override = (action: AuditEntry['action'], subject: string, after: NonNullable<Override['after']>): Override => ({
  actions: [action],
  subject,
  after,
});

/** Decisions of claims, refunds without a claim, and decisions of reports: once, and once more after an appeal. */
function listDecisions({ claims, refunds, reports }: Overrides): Override[] {
  const ofClaims = new Set(claims.map(([path]) => toRefundPath(path)));
  const own = refunds.filter(([path, { by }]) => by === 'operator' && !ofClaims.has(path));
  const decided = reports.flatMap(([, { content, state }]) => {
    const states = { open: [], decided: ['decided'], appealed: ['decided'], final: ['decided', 'final'] }[state];
    return states.map((one) => override('decideReport', toContentPath(content), ['state', one]));
  });
  return [
    ...claims.flatMap(([path, { decision, status }]) =>
      decision ? [override('decideClaim', path, ['status', status])] : [],
    ),
    ...own.map(([path]) =>
      override('refundOrder', path.split('/refunds/')[0] ?? '', ['refundId', path.split('/').at(-1) ?? '']),
    ),
    ...decided,
  ];
}

/** Returns the path of the refund that belongs to the claim at `path`. */
function toRefundPath(path: string): string {
  const [order, claimId = ''] = path.split('/claims/');
  return `${order}/refunds/${toClaimRefundId(claimId)}`;
}

/** Payments to couriers by hand, and those that came back. */
function listPayments({ extras }: Books): Override[] {
  const manual = (extras?.courierPayouts ?? []).filter(([, { type }]) => type === 'manual');
  return manual.flatMap(([id, { status, currency }]) => [
    override('recordCourierPayment', `courierPayouts/${id}`, ['currency', currency]),
    ...(status === 'failed' ? [override('returnCourierPayment', `courierPayouts/${id}`, ['status', status])] : []),
  ]);
}

const VERSIONED: readonly AuditEntry['action'][] = [
  'saveZone',
  'setSurge',
  'rollBackZone',
  'saveFlag',
  'rollBackFlag',
  'savePromotion',
];

function listVersions(subject: string, first: number, latest: number): Override[] {
  return Array.from({ length: Math.max(0, latest - first + 1) }, (_, index) => ({
    actions: VERSIONED,
    subject,
    after: ['version', first + index] as const,
  }));
}

/**
 * The audit names the customer by the uid or, after an erasure, by the pseudonym. The journal's account contains
 * either.
 */
function toGrant({ entries }: Journal, { audit }: Overrides): Override {
  const account = entries.find((entry) => entry.account.startsWith('credit:'))?.account ?? '';
  const customers = audit.map(([, { subject }]) => /^users\/([^/]+)\/private\/standing$/.exec(subject)?.[1]);
  const uid = customers.find((one) => one !== undefined && ACCOUNTS.credit(one) === account);
  return { actions: ['grantCredit'], subject: `users/${uid ?? account}/private/standing` };
}
