import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Order } from '#functions/contract/orders.js';
import { CLAIM_KINDS } from '#functions/contract/support.js';
import { assessClaim, findClaimLiable, type ClaimFacts } from '#functions/support/model/claim-rules.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Its history has a step a minute; the eighth is the delivery. */
const order = anOrder({ status: 'delivered' });
const DELIVERED_MS = START_MS + 7 * MINUTE;

const facts = (changes: Partial<ClaimFacts> = {}): ClaimFacts => ({
  order,
  orderId: 'order-1',
  kind: 'missing',
  amountMinor: 1100,
  leavesRideUnpaid: false,
  hasPhoto: false,
  photoSeen: false,
  history: [],
  formerClaims: 0,
  orders: 1,
  limits: theLimits({ claimAutoMinor: 1500, claimMinOrders: 0 }),
  nowMs: DELIVERED_MS + HOUR,
  ...changes,
});
const said = (changes: Partial<ClaimFacts> = {}) => {
  const judged = assessClaim(facts(changes));
  return judged.ok ? (judged.value.escalation ?? 'refunded') : judged.reason;
};
const earlier = (...daysAgo: number[]) =>
  daysAgo.map((days, index) => ({
    id: `claim-key-${index}`,
    orderId: `past-${index}`,
    atMs: DELIVERED_MS + HOUR - days * DAY,
  }));

describe('judgeClaim', () => {
  it('pays a first claim of a missing item, up to the limit of the zone', () => {
    assert.equal(said(), 'refunded');
    assert.equal(said({ amountMinor: 1500 }), 'refunded');
    assert.equal(said({ amountMinor: 1501 }), 'amount');
    assert.equal(said({ limits: theLimits() }), 'amount');
  });

  it('pays no claim of an account that has completed too few orders', () => {
    const limits = theLimits({ claimAutoMinor: 1500, claimMinOrders: 2 });
    assert.deepEqual([said({ limits, orders: 3 }), said({ limits, orders: 2 })], ['refunded', 'history']);
    assert.equal(said({ limits: theLimits({ claimAutoMinor: 1500 }) }), 'history');
  });

  it('requires a photo of a wrong or damaged item, and an operator for taste and lateness', () => {
    for (const kind of ['wrong', 'damaged'] as const) {
      assert.equal(said({ kind, hasPhoto: true }), 'refunded');
      assert.equal(said({ kind }), 'photo');
      assert.equal(said({ kind, hasPhoto: true, photoSeen: true }), 'photo_seen');
    }
    for (const kind of ['late', 'quality'] as const) assert.equal(said({ kind, hasPhoto: true }), 'kind');
  });

  it('pays within two hours, leaves it to an operator within a day, and refuses afterwards', () => {
    const at = (sinceMs: number) => said({ nowMs: DELIVERED_MS + sinceMs });
    assert.deepEqual([at(2 * HOUR), at(2 * HOUR + 1), at(DAY), at(DAY + 1)], ['refunded', 'late', 'late', 'TOO_LATE']);
  });

  it('leaves a refund to an operator after which the customer pays less than the courier earned', () => {
    assert.deepEqual([said(), said({ leavesRideUnpaid: true })], ['refunded', 'amount']);
  });

  it('detects frequent claims: by the number and by the share of the orders', () => {
    assert.equal(said({ history: earlier(80), orders: 10 }), 'refunded');
    assert.equal(said({ history: earlier(80), orders: 9 }), 'history');
    assert.equal(said({ history: earlier(1, 2), orders: 15 }), 'refunded');
    assert.equal(said({ history: earlier(1, 2, 3), orders: 1000 }), 'history');
    assert.equal(said({ history: earlier(89, 90, 91), orders: 10 }), 'refunded');
  });

  it('accepts three claims per order', () => {
    const same = (count: number) =>
      earlier(0, 0, 0)
        .slice(0, count)
        .map((claim) => ({ ...claim, orderId: 'order-1' }));
    assert.equal(said({ history: same(2), orders: 100 }), 'refunded');
    assert.equal(said({ history: same(3), orders: 100 }), 'CLAIMS_TOO_MANY');
  });

  it('refuses claims of an order that did not arrive', () => {
    for (const status of ['placed', 'picked_up', 'cancelled'] as const)
      assert.equal(said({ order: anOrder({ status }) }), 'NOT_DELIVERED');
    assert.equal(said({ order: anOrder({ status: 'collected', kind: 'pickup' }) }), 'refunded');
    assert.equal(said({ order: anOrder({ status: 'completed' }) }), 'refunded');
  });

  it('never pays at once more than the limit, nor more often than allowed, for any claims', () => {
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom(...CLAIM_KINDS),
          amountMinor: fc.nat(3000),
          leavesRideUnpaid: fc.boolean(),
          hasPhoto: fc.boolean(),
          orders: fc.nat(50),
          history: fc.array(fc.nat(120), { maxLength: 8 }).map((days) => earlier(...days)),
          nowMs: fc.nat(3 * DAY).map((ms) => DELIVERED_MS + ms),
        }),
        (changes) => {
          if (said(changes) !== 'refunded') return;
          const recent = changes.history.filter(({ atMs }) => atMs > changes.nowMs - 90 * DAY).length;
          assert.ok(changes.amountMinor <= 1500 && recent < 3 && changes.nowMs <= DELIVERED_MS + 2 * HOUR);
        },
      ),
    );
  });
});

describe('findClaimLiable', () => {
  it('charges the merchant for damage by its own rider, not for that by an outside one', () => {
    const liable = (rider: NonNullable<Order['rider']>) => findClaimLiable('damaged', { kind: 'delivery', rider });
    assert.deepEqual([liable({ type: 'own' }), liable({ type: 'outside', feeMinor: 900 })], ['merchant', 'platform']);
  });
  it('charges the platform for damage and lateness of a delivery, and the merchant for every claim of a pickup', () => {
    const liable = (kindOfOrder: 'delivery' | 'pickup') =>
      CLAIM_KINDS.map((kind) => `${kind} ${findClaimLiable(kind, { kind: kindOfOrder })}`);
    assert.deepEqual(liable('delivery'), [
      'missing merchant',
      'wrong merchant',
      'damaged platform',
      'late platform',
      'quality merchant',
    ]);
    assert.deepEqual(liable('pickup'), [
      'missing merchant',
      'wrong merchant',
      'damaged merchant',
      'late merchant',
      'quality merchant',
    ]);
  });
});
