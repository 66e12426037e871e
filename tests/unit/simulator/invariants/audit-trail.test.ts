import { strict as assert } from 'node:assert';
import { toPseudonym } from '#functions/ledger/model/account-id.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import type { AuditEntry } from '#functions/contract/operations.js';
import { auditBreaches } from '#simulator/invariants/audit-trail.js';
import type { Overrides } from '#simulator/invariants/snapshot.js';
import { START_MS } from '#fixtures/catalogue.js';
import { aCourierApplication } from '#fixtures/documents/couriers.js';
import { anAuditEntry } from '#fixtures/documents/operations.js';
import { aClaim, aRefund, aReport } from '#fixtures/documents/orders.js';
import { anApplication } from '#fixtures/documents/restaurants.js';
import { anOrder } from '#fixtures/orders.js';

const at = { by: 'olga', atMs: START_MS, reason: 'papers are in order' };
const entry = (action: AuditEntry['action'], subject: string, after: AuditEntry['after'] = null): AuditEntry => ({
  ...anAuditEntry(),
  action,
  subject,
  after,
});
/** One of everything that an operator may do, each with its entry. */
const AUDIT = [
  entry('moveOrder', 'orders/order-1', { event: 3 }),
  entry('refundOrder', 'orders/order-1', { refundId: 'refund-1' }),
  entry('decideClaim', 'orders/order-1/claims/claim-1', { status: 'rejected' }),
  entry('decideReport', 'restaurants/rosa/reviews/order-1', { state: 'decided' }),
  entry('decideReport', 'restaurants/rosa/reviews/order-1', { state: 'final' }),
  entry('reviewCourier', 'couriers/omar', { status: 'approved' }),
  entry('reviewApplication', 'merchantApplications/rosa', { status: 'approved' }),
  entry('setSurge', 'zones/centre', { version: 2 }),
  entry('rollBackZone', 'zones/centre', { version: 3 }),
  entry('grantCredit', 'users/carla/private/standing', { balanceMinor: 500 }),
];
const DONE: Omit<Overrides, 'audit'> = {
  versions: [['zones/centre', 2, 3]],
  claims: [['orders/order-1/claims/claim-1', { ...aClaim(), status: 'rejected', decision: at }]],
  refunds: [['orders/order-1/refunds/refund-1', { ...aRefund(), by: 'operator' }]],
  reports: [
    [
      'r',
      { ...aReport(), content: { type: 'restaurantReview', restaurantId: 'rosa', orderId: 'order-1' }, state: 'final' },
    ],
  ],
  courierApplications: [['omar', { ...aCourierApplication(), status: 'approved', review: at }]],
  merchantApplications: [['rosa', { ...anApplication(), status: 'approved', review: at }]],
};
const events = anOrder({ status: 'accepted' }).events.map((event) =>
  event.n === 3 ? { ...event, by: 'operator' as const } : event,
);
const granted = [
  { account: 'goodwill', amountMinor: 500 },
  { account: ACCOUNTS.credit('carla'), amountMinor: -500 },
];
const found = (audit: readonly AuditEntry[], changes: Partial<Overrides> = {}): string[] =>
  auditBreaches({
    orders: [['order-1', anOrder({ status: 'accepted', events })]],
    couriers: [],
    ledger: [['credit-1', { orderId: null, kind: 'credit', currency: 'EUR', atMs: START_MS, entries: granted }]],
    nowMs: START_MS,
    overrides: { ...DONE, audit: audit.map((one, index) => [`entry-${index}`, one]), ...changes },
  });

describe('the audit trail of operators', () => {
  it('is complete with an entry for each action', () => assert.deepEqual(found(AUDIT), []));
  for (const [index, { action, subject, after }] of AUDIT.entries()) {
    it(`is reported without an entry for ${action} of ${subject} ${Object.values(after ?? {}).join()}`, () => {
      const missing = found(AUDIT.toSpliced(index, 1));
      assert.equal(missing.length, 1);
      // Where no entry names the customer, the journal's account is all there is.
      const named = action === 'grantCredit' ? ACCOUNTS.credit('carla') : subject;
      assert.ok(missing[0]?.includes(named), missing[0]);
    });
  }
  it('is complete after an erasure, with the pseudonym', () => {
    const subject = `users/${toPseudonym('carla')}/private/standing`;
    assert.deepEqual(found([...AUDIT.slice(0, -1), entry('grantCredit', subject)]), []);
  });
  it('is reported where an entry has no reason', () => {
    const silent = AUDIT.map((one) => (one.action === 'moveOrder' ? { ...one, reason: '' } : one));
    assert.deepEqual(found(silent), ['no audit entry for moveOrder of orders/order-1 event 3']);
  });
  it('has one entry for a claim that was paid: the refund needs none of its own', () => {
    const refunds = [['orders/order-1/refunds/claim:claim-1', { ...aRefund(), by: 'operator' as const }]] as const;
    assert.deepEqual(found(AUDIT.toSpliced(1, 1), { refunds }), []);
  });
});
