import { strict as assert } from 'node:assert';
import { CALLABLES, type CallableName } from '#functions/calls/callables.js';
import type { Backend } from '#fixtures/backend.js';
import { KITCHEN_AT } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const key = { orderId: 'order-1', idempotencyKey: 'some-key-1' };
const placing = { quoteId: 'order-2', idempotencyKey: 'some-key-1', confirmedTotalMinor: 2940 };

const refunding = { ...key, what: { type: 'whole' }, liable: 'merchant', reason: 'cold', to: 'card' };
const debt = {
  courierId: 'omar',
  currency: 'EUR',
  amountMinor: 1,
  how: 'repaid',
  reason: 'sepa',
  idempotencyKey: 'debt-key-1',
};
const deposit = { courierId: 'omar', amountMinor: 100, idempotencyKey: 'some-key-1' };

const opening = { type: 'evidence', path: 'claims/order-1/carla/photo.jpg', reason: 'a claim' };
const writing = { ...key, to: 'customer', text: 'Hello', reason: 'x' };
const opinion = { orderId: 'order-1', restaurant: { stars: 5 } };
const content = { type: 'restaurantReview', restaurantId: 'rosa', orderId: 'order-1' };
const answer = { restaurantId: 'rosa', orderId: 'order-1', text: 'Thank you' };
const complaint = { ...key, kind: 'missing', lines: [{ line: 0, quantity: 1 }] };
const verdict = { orderId: 'order-1', claimId: 'claim-key-1', decision: { type: 'reject' }, reason: 'seen the photo' };

const rosa = { restaurantId: 'rosa' };
const venture = {
  name: 'Nina’s',
  legalName: 'Nina GmbH',
  country: 'AT',
  cuisines: [],
  zoneId: 'centre',
  timeZone: 'Europe/Vienna',
  location: KITCHEN_AT,
  addressLine: '2 Oven Lane',
};
const application = { applicationId: 'another-kitchen', venture };
const review = { applicationId: 'another-kitchen', version: 1, decision: { type: 'reject' }, reason: 'no' };

/**
 * Who is turned away from each door, with what, and why. The order stands in `placed`, order-2 is a quote of carla's.
 */
const REFUSED: readonly (readonly [CallableName, who: string | null, input: unknown, reason: string])[] = [
  ['createProfile', null, { displayName: 'X', locale: 'en' }, 'SIGN_IN_REQUIRED'],
  ['createProfile', 'newcomer', { displayName: ' ', locale: 'en' }, 'INPUT_INVALID'],
  ['createProfile', 'newcomer', { displayName: 'X', locale: 'en', role: 'operator' }, 'INPUT_INVALID'],
  ['createProfile', 'stranger', { displayName: 'X', locale: 'en' }, 'SESSION_REVOKED'],
  ['grantRole', null, { uid: 'carla', role: { type: 'operator' } }, 'SIGN_IN_REQUIRED'],
  ['grantRole', 'carla', { uid: 'carla', role: { type: 'operator' } }, 'ROLE_REQUIRED'],
  ['grantRole', 'mario', { uid: 'mario', role: { type: 'operator' } }, 'ROLE_REQUIRED'],
  ['grantRole', 'omar', { uid: 'omar', role: { type: 'operator' } }, 'ROLE_REQUIRED'],
  ['grantRole', 'olga', { uid: 'nobody', role: { type: 'customer' } }, 'USER_NOT_FOUND'],
  ['grantRole', 'olga', { uid: 'carla', role: { type: 'emperor' } }, 'INPUT_INVALID'],
  ['setUpPayment', null, {}, 'SIGN_IN_REQUIRED'],
  ['setUpPayment', 'newcomer', {}, 'ROLE_REQUIRED'],
  ['setUpPayment', 'carla', { uid: 'nina' }, 'INPUT_INVALID'],
  ['quote', null, aCart(), 'SIGN_IN_REQUIRED'],
  ['quote', 'newcomer', aCart(), 'ROLE_REQUIRED'],
  ['quote', 'carla', aCart({ lines: [] }), 'INPUT_INVALID'],
  ['quote', 'carla', aCart({ lines: [{ itemId: 'margherita', quantity: 100 }] }), 'INPUT_INVALID'],
  ['quote', 'carla', aCart({ lines: [{ itemId: '../zones/centre', quantity: 1 }] }), 'INPUT_INVALID'],
  ['quote', 'carla', { ...aCart(), totalMinor: 1 }, 'INPUT_INVALID'],
  ['placeOrder', null, placing, 'SIGN_IN_REQUIRED'],
  ['placeOrder', 'newcomer', placing, 'ROLE_REQUIRED'],
  ['placeOrder', 'nina', placing, 'QUOTE_NOT_FOUND'],
  ['placeOrder', 'carla', { ...placing, quoteId: 'order-99' }, 'QUOTE_NOT_FOUND'],
  ['placeOrder', 'carla', { ...placing, confirmedTotalMinor: -1 }, 'INPUT_INVALID'],
  ['placeOrder', 'carla', { ...placing, idempotencyKey: 'due:x:123' }, 'INPUT_INVALID'],
  ['moveOrder', null, { ...key, move: { action: 'accept' } }, 'SIGN_IN_REQUIRED'],
  ['moveOrder', 'carla', { ...key, move: { action: 'accept' } }, 'ROLE_REQUIRED'],
  ['moveOrder', 'lena', { ...key, move: { action: 'accept' } }, 'ORDER_NOT_FOUND'],
  ['moveOrder', 'omar', { ...key, move: { action: 'pickUp', code: 'ABCD' } }, 'ORDER_NOT_FOUND'],
  ['moveOrder', 'olga', { ...key, move: { action: 'pickUp' } }, 'MOVE_NOT_ALLOWED'],
  ['moveOrder', 'mario', { ...key, move: { action: 'markReady' } }, 'MOVE_NOT_ALLOWED'],
  ['moveOrder', 'mario', { ...key, move: { action: 'complete' } }, 'INPUT_INVALID'],
  ['moveOrder', 'mario', { ...key, move: { action: 'accept', status: 'delivered' } }, 'INPUT_INVALID'],
  ['moveOrder', 'mario', { ...key, orderId: 'order-99', move: { action: 'accept' } }, 'ORDER_NOT_FOUND'],
  ['readEta', null, { orderId: 'order-1' }, 'SIGN_IN_REQUIRED'],
  ['readEta', 'nina', { orderId: 'order-1' }, 'ORDER_NOT_FOUND'],
  ['readEta', 'carla', { orderId: 'order-99' }, 'ORDER_NOT_FOUND'],
  ['readBills', null, { orderIds: ['order-1'] }, 'SIGN_IN_REQUIRED'],
  ['readBills', 'carla', { orderIds: [] }, 'INPUT_INVALID'],
  ['inspectOrder', null, { orderId: 'order-1', reason: 'x' }, 'SIGN_IN_REQUIRED'],
  ['inspectOrder', 'carla', { orderId: 'order-1', reason: 'x' }, 'ROLE_REQUIRED'],
  ['inspectOrder', 'mario', { orderId: 'order-1', reason: 'x' }, 'ROLE_REQUIRED'],
  ['inspectOrder', 'olga', { orderId: 'order-99', reason: 'x' }, 'ORDER_NOT_FOUND'],
  ['readRiderAddress', null, { orderId: 'order-1' }, 'SIGN_IN_REQUIRED'],
  ['readRiderAddress', 'omar', { orderId: 'order-1' }, 'ROLE_REQUIRED'],
  ['readRiderAddress', 'lena', { orderId: 'order-1' }, 'ORDER_NOT_FOUND'],
  ['readRiderAddress', 'mario', { orderId: 'order-99' }, 'ORDER_NOT_FOUND'],
  ['readPickUpCode', null, { orderId: 'order-1' }, 'SIGN_IN_REQUIRED'],
  ['readPickUpCode', 'omar', { orderId: 'order-1' }, 'ROLE_REQUIRED'],
  ['readPickUpCode', 'lena', { orderId: 'order-1' }, 'ORDER_NOT_FOUND'],
  ['readPickUpCode', 'mario', { orderId: 'order-99' }, 'ORDER_NOT_FOUND'],
  ['readPickUpCode', 'mario', { orderId: 'order-1' }, 'MOVE_NOT_ALLOWED'],
  ['decideHeldPay', null, { orderId: 'order-1', verdict: 'release', reason: 'x' }, 'SIGN_IN_REQUIRED'],
  ['decideHeldPay', 'omar', { orderId: 'order-1', verdict: 'release', reason: 'x' }, 'ROLE_REQUIRED'],
  ['decideHeldPay', 'olga', { orderId: 'order-1', verdict: 'release', reason: 'x' }, 'HELD_PAY_NOT_FOUND'],
  ['decideHeldPay', 'olga', { orderId: 'order-1', verdict: 'release', reason: ' ' }, 'INPUT_INVALID'],
  ['cancelOrder', null, { ...key, reason: 'x' }, 'SIGN_IN_REQUIRED'],
  ['cancelOrder', 'newcomer', { ...key, reason: 'x' }, 'ROLE_REQUIRED'],
  ['cancelOrder', 'nina', { ...key, reason: 'x' }, 'ORDER_NOT_FOUND'],
  ['cancelOrder', 'lena', { ...key, reason: 'x' }, 'ORDER_NOT_FOUND'],
  ['cancelOrder', 'mario', { ...key, reason: 'x' }, 'ROLE_NOT_ALLOWED'],
  ['cancelOrder', 'olga', { ...key, reason: 'x' }, 'LIABLE_PARTY_REQUIRED'],
  ['cancelOrder', 'carla', { ...key, reason: '' }, 'INPUT_INVALID'],
  ['refundOrder', null, refunding, 'SIGN_IN_REQUIRED'],
  ['refundOrder', 'carla', refunding, 'ROLE_REQUIRED'],
  ['refundOrder', 'lena', refunding, 'ORDER_NOT_FOUND'],
  ['refundOrder', 'olga', { ...refunding, orderId: 'order-99' }, 'ORDER_NOT_FOUND'],
  ['refundOrder', 'olga', { ...refunding, liable: 'customer' }, 'INPUT_INVALID'],
  ['refundOrder', 'olga', refunding, 'NOT_CHARGED'],
  ['addTip', null, { ...key, amountMinor: 300 }, 'SIGN_IN_REQUIRED'],
  ['addTip', 'newcomer', { ...key, amountMinor: 300 }, 'ROLE_REQUIRED'],
  ['addTip', 'nina', { ...key, amountMinor: 300 }, 'ORDER_NOT_FOUND'],
  ['addTip', 'carla', { ...key, amountMinor: -300 }, 'INPUT_INVALID'],
  ['addTip', 'carla', { ...key, amountMinor: 300 }, 'NOT_DELIVERED'],
  ['listCards', null, {}, 'SIGN_IN_REQUIRED'],
  ['listCards', 'carla', { uid: 'nina' }, 'INPUT_INVALID'],
  ['removeCard', null, { paymentMethodId: 'pm_1' }, 'SIGN_IN_REQUIRED'],
  ['removeCard', 'carla', { paymentMethodId: 'pm_1' }, 'CARD_NOT_FOUND'],
  ['removeCard', 'carla', { paymentMethodId: '../pm_1' }, 'INPUT_INVALID'],
  ['recordCashDeposit', null, deposit, 'SIGN_IN_REQUIRED'],
  ['recordCashDeposit', 'omar', deposit, 'ROLE_REQUIRED'],
  ['recordCashDeposit', 'olga', { ...deposit, courierId: 'nobody' }, 'USER_NOT_FOUND'],
  ['recordCashDeposit', 'olga', { ...deposit, amountMinor: 0 }, 'INPUT_INVALID'],
  ['settleCourierDebt', null, debt, 'SIGN_IN_REQUIRED'],
  ['settleCourierDebt', 'omar', debt, 'ROLE_REQUIRED'],
  ['settleCourierDebt', 'olga', { ...debt, courierId: 'nobody' }, 'USER_NOT_FOUND'],
  ['settleCourierDebt', 'olga', debt, 'DEBT_SMALLER'],
  ['settleCourierDebt', 'olga', { ...debt, how: 'forgotten' }, 'INPUT_INVALID'],
  ['recordRiderPayment', null, { orderId: 'order-1', reference: 'sepa' }, 'SIGN_IN_REQUIRED'],
  ['recordRiderPayment', 'mario', { orderId: 'order-1', reference: 'sepa' }, 'ROLE_REQUIRED'],
  ['recordRiderPayment', 'olga', { orderId: 'order-99', reference: 'sepa' }, 'ORDER_NOT_FOUND'],
  ['recordRiderPayment', 'olga', { orderId: 'order-1', reference: 'sepa' }, 'RIDER_REQUIRED'],
  ['submitDisputeEvidence', null, { disputeId: 'dp_1' }, 'SIGN_IN_REQUIRED'],
  ['submitDisputeEvidence', 'mario', { disputeId: 'dp_1' }, 'ROLE_REQUIRED'],
  ['submitDisputeEvidence', 'olga', { disputeId: 'dp_1' }, 'DISPUTE_NOT_FOUND'],
  ['submitDisputeEvidence', 'olga', { disputeId: 'order-1' }, 'INPUT_INVALID'],
  ['respondToOffer', null, { ...key, answer: 'accept' }, 'SIGN_IN_REQUIRED'],
  ['respondToOffer', 'carla', { ...key, answer: 'accept' }, 'ROLE_REQUIRED'],
  ['respondToOffer', 'mario', { ...key, answer: 'accept' }, 'ROLE_REQUIRED'],
  ['respondToOffer', 'omar', { ...key, answer: 'accept' }, 'OFFER_GONE'],
  ['respondToOffer', 'omar', { ...key, answer: 'perhaps' }, 'INPUT_INVALID'],
  ['reviewOrder', null, opinion, 'SIGN_IN_REQUIRED'],
  ['reviewOrder', 'newcomer', opinion, 'ROLE_REQUIRED'],
  ['reviewOrder', 'nina', opinion, 'ORDER_NOT_FOUND'],
  ['reviewOrder', 'mario', opinion, 'ORDER_NOT_FOUND'],
  ['reviewOrder', 'carla', opinion, 'NOT_DELIVERED'],
  ['reviewOrder', 'carla', { ...opinion, courier: { stars: 5 } }, 'COURIER_REQUIRED'],
  ['reviewOrder', 'carla', { ...opinion, restaurant: { stars: 6 } }, 'INPUT_INVALID'],
  ['replyToReview', null, answer, 'SIGN_IN_REQUIRED'],
  ['replyToReview', 'carla', answer, 'ROLE_REQUIRED'],
  ['replyToReview', 'lena', answer, 'RESTAURANT_NOT_FOUND'],
  ['replyToReview', 'mario', answer, 'CONTENT_NOT_FOUND'],
  ['replyToReview', 'mario', { ...answer, text: ' ' }, 'INPUT_INVALID'],
  ['reportContent', 'newcomer', { content, reason: 'untrue' }, 'ROLE_REQUIRED'],
  ['reportContent', 'mario', { content, reason: 'untrue' }, 'CONTENT_NOT_FOUND'],
  ['reportContent', 'mario', { content, reason: 'ugly' }, 'INPUT_INVALID'],
  ['decideReport', 'mario', { reportId: 'restaurantReview-order-1', verdict: 'remove', reason: 'x' }, 'ROLE_REQUIRED'],
  [
    'decideReport',
    'olga',
    { reportId: 'restaurantReview-order-1', verdict: 'remove', reason: 'x' },
    'REPORT_NOT_FOUND',
  ],
  ['appeal', 'carla', { content, text: 'but' }, 'REPORT_NOT_FOUND'],
  ['appeal', 'carla', { content, text: ' ' }, 'INPUT_INVALID'],
  ['openClaim', null, complaint, 'SIGN_IN_REQUIRED'],
  ['openClaim', 'newcomer', complaint, 'ROLE_REQUIRED'],
  ['openClaim', 'nina', complaint, 'ORDER_NOT_FOUND'],
  ['openClaim', 'carla', complaint, 'NOT_CHARGED'],
  ['openClaim', 'carla', { ...complaint, lines: [] }, 'INPUT_INVALID'],
  ['openClaim', 'carla', { ...complaint, photoPath: 'proofs/order-1/omar/door.jpg' }, 'INPUT_INVALID'],
  ['decideClaim', null, verdict, 'SIGN_IN_REQUIRED'],
  ['decideClaim', 'carla', verdict, 'ROLE_REQUIRED'],
  ['decideClaim', 'mario', verdict, 'ROLE_REQUIRED'],
  ['decideClaim', 'olga', verdict, 'CLAIM_NOT_FOUND'],
  ['decideClaim', 'olga', { ...verdict, orderId: 'order-99' }, 'ORDER_NOT_FOUND'],
  ['decideClaim', 'olga', { ...verdict, reason: ' ' }, 'INPUT_INVALID'],
  ['openFile', null, opening, 'SIGN_IN_REQUIRED'],
  ['openFile', 'carla', opening, 'ROLE_REQUIRED'],
  ['openFile', 'mario', opening, 'ROLE_REQUIRED'],
  ['openFile', 'omar', opening, 'ROLE_REQUIRED'],
  ['openFile', 'olga', opening, 'CONTENT_NOT_FOUND'],
  ['openFile', 'olga', { ...opening, reason: ' ' }, 'INPUT_INVALID'],
  ['openFile', 'olga', { ...opening, path: 'media/a/960.webp' }, 'INPUT_INVALID'],
  ['openFile', 'carla', { type: 'export', path: 'exports/nina/1.json' }, 'CONTENT_NOT_FOUND'],
  ['messageParty', null, writing, 'SIGN_IN_REQUIRED'],
  ['messageParty', 'mario', writing, 'ROLE_REQUIRED'],
  ['messageParty', 'olga', { ...writing, orderId: 'order-99' }, 'ORDER_NOT_FOUND'],
  ['messageParty', 'olga', { ...writing, text: ' ' }, 'INPUT_INVALID'],
  ['applyAsMerchant', 'newcomer', application, 'ROLE_REQUIRED'],
  ['applyAsMerchant', 'carla', { ...application, venture: { ...venture, country: 'Austria' } }, 'INPUT_INVALID'],
  ['applyAsMerchant', 'carla', { ...application, venture: { ...venture, zoneId: 'nowhere' } }, 'ZONE_NOT_FOUND'],
  ['applyAsMerchant', 'carla', { ...application, venture: { ...venture, timeZone: 'Mars' } }, 'TIME_ZONE_UNKNOWN'],
  [
    'applyAsMerchant',
    'carla',
    { ...application, documents: [{ kind: 'identity', path: 'proofs/a/b/c.jpg' }] },
    'INPUT_INVALID',
  ],
  ['reviewApplication', 'mario', review, 'ROLE_REQUIRED'],
  ['reviewApplication', 'olga', review, 'APPLICATION_NOT_FOUND'],
  ['reviewApplication', 'olga', { ...review, decision: { type: 'approve', commissionPpm: 500_001 } }, 'INPUT_INVALID'],
  ['reviewApplication', 'olga', { ...review, version: undefined }, 'INPUT_INVALID'],
  ['connectAccount', 'carla', rosa, 'ROLE_REQUIRED'],
  ['connectAccount', 'lena', rosa, 'RESTAURANT_NOT_FOUND'],
  ['inviteMember', 'carla', { ...rosa, to: { type: 'user', uid: 'carla' }, role: 'owner' }, 'ROLE_REQUIRED'],
  ['inviteMember', 'lena', { ...rosa, to: { type: 'user', uid: 'lena' }, role: 'owner' }, 'RESTAURANT_NOT_FOUND'],
  ['inviteMember', 'mario', { ...rosa, to: { type: 'email', email: 'nobody' }, role: 'owner' }, 'INPUT_INVALID'],
  ['acceptInvitation', 'newcomer', { ...rosa, invitationId: 'x' }, 'ROLE_REQUIRED'],
  ['acceptInvitation', 'carla', { ...rosa, invitationId: 'x' }, 'INVITATION_GONE'],
  ['setMemberRole', 'lena', { ...rosa, uid: 'mario', role: null }, 'RESTAURANT_NOT_FOUND'],
  ['setMemberRole', 'mario', { ...rosa, uid: 'mario', role: 'operator' }, 'INPUT_INVALID'],
  ['publishMenu', 'carla', { ...rosa, basedOnVersion: 1 }, 'ROLE_REQUIRED'],
  ['publishMenu', 'lena', { ...rosa, basedOnVersion: 1 }, 'RESTAURANT_NOT_FOUND'],
  ['publishMenu', 'mario', { ...rosa, basedOnVersion: 1 }, 'MENU_INVALID'],
  ['switchStore', 'lena', { ...rosa, to: { type: 'offline' } }, 'RESTAURANT_NOT_FOUND'],
  ['switchStore', 'mario', { ...rosa, to: { type: 'paused', minutes: 1441 } }, 'INPUT_INVALID'],
  ['updateStore', 'lena', { ...rosa, changes: { prepMinutes: 5 } }, 'RESTAURANT_NOT_FOUND'],
  ['updateStore', 'mario', { ...rosa, changes: { currency: 'USD' } }, 'INPUT_INVALID'],
  ['setSoldOut', 'carla', { ...rosa, ids: ['cola'], untilMs: null }, 'ROLE_REQUIRED'],
  ['setSoldOut', 'lena', { ...rosa, ids: ['cola'], untilMs: null }, 'RESTAURANT_NOT_FOUND'],
  ['setStock', 'lena', { ...rosa, left: { cola: 1 } }, 'RESTAURANT_NOT_FOUND'],
  ['setStock', 'mario', { ...rosa, left: { cola: -1 } }, 'INPUT_INVALID'],
  ['slots', 'newcomer', { ...rosa, day: '2026-03-02' }, 'ROLE_REQUIRED'],
  ['slots', 'carla', { ...rosa, day: '2026-02-30' }, 'INPUT_INVALID'],
  ['slots', 'carla', { restaurantId: 'nowhere', day: '2026-03-02' }, 'RESTAURANT_NOT_FOUND'],
  ['discover', null, { place: KITCHEN_AT, zoneId: 'centre' }, 'SIGN_IN_REQUIRED'],
  ['discover', 'carla', { place: KITCHEN_AT, zoneId: 'centre', limit: 51 }, 'INPUT_INVALID'],
  ['discover', 'carla', { place: KITCHEN_AT, zoneId: 'centre', radiusMeters: 20_001 }, 'INPUT_INVALID'],
  ['reorder', 'newcomer', { orderId: 'order-1' }, 'ROLE_REQUIRED'],
  ['reorder', 'nina', { orderId: 'order-1' }, 'ORDER_NOT_FOUND'],
];

/** Calls that change something outside. */
const WRITES = [
  'payments.open',
  'payments.capture',
  'payments.voidHold',
  'payments.setUp',
  'payments.refund',
  'payments.reverse',
  'payments.submitEvidence',
  'push.send',
  'payments.openAccount',
  'payments.transferToCourier',
  'payments.payOut',
  'payments.reverseTransfer',
  'identity.setClaims',
  'identity.revokeSessions',
  'identity.setName',
];

/**
 * Every collection except the counters of attempts: calls that are limited by user take a token, also where they are
 * refused.
 */
const isCount = (path: string): boolean => path.startsWith('limits/');

/** Each role is the only one of its user. */
const HOLDERS = { customer: 'carla', merchant: 'mario', courier: 'omar', operator: 'olga' } as const;
const ROLES = ['customer', 'merchant', 'courier', 'operator'] as const;

const isCallable = (name: string): name is CallableName => Object.hasOwn(CALLABLES, name);
const definitions = () =>
  Object.keys(CALLABLES)
    .filter(isCallable)
    .map((name): readonly [CallableName, AnyDefinition] => [name, CALLABLES[name]]);
interface AnyDefinition {
  readonly roles?: readonly (typeof ROLES)[number][];
  readonly example: { readonly input: unknown };
}

describe('the entry points of the backend', () => {
  const stored = async () =>
    Object.fromEntries(Object.entries(await backend.dump()).filter(([path]) => !isCount(path)));
  let backend: Backend;
  let untouched: Record<string, unknown>;
  const name = (who: string | null) => who ?? 'a caller without a sign-in';

  before(async () => {
    backend = await aCity();
    await new Journey(backend).reach('placed');
    await new Journey(backend).quote();
    untouched = await stored();
  });
  after(() => backend.close());

  for (const [callable, who, input, reason] of REFUSED) {
    it(`refuse ${callable} of ${name(who)} with ${reason} for ${JSON.stringify(input).slice(0, 90)}`, async () => {
      backend.conduct.calls.length = 0;
      await assert.rejects(backend.call(callable, who, input), { reason });
      assert.deepEqual(
        backend.conduct.calls.filter((call) => WRITES.includes(call)),
        [],
      );
      // A transaction that only looked is committed as well.
      if (backend.conduct.calls.includes('firestore.commit')) assert.deepEqual(await stored(), untouched);
    });
  }

  for (const [callable, { roles = [], example }] of definitions()) {
    it(`refuse ${callable} of a caller who is not signed in`, () =>
      assert.rejects(backend.call(callable, null, example.input), { reason: 'SIGN_IN_REQUIRED' }));
    for (const role of ROLES.filter((each) => roles.length > 0 && !roles.includes(each)))
      it(`refuse ${callable} of a ${role}`, () =>
        assert.rejects(backend.call(callable, HOLDERS[role], example.input), { reason: 'ROLE_REQUIRED' }));
  }

  it('leave the database unchanged after all refusals', async () => assert.deepEqual(await stored(), untouched));

  it('refuse a user whose sessions were revoked or who was blocked', async () => {
    const carla = backend.identity.accounts.get('carla');
    assert.ok(carla);
    carla.validAfterMs = backend.nowMs + 1;
    await assert.rejects(backend.call('quote', 'carla', aCart()), { reason: 'SESSION_REVOKED' });
    Object.assign(carla, { validAfterMs: 0, disabled: true });
    await assert.rejects(backend.call('quote', 'carla', aCart()), { reason: 'SESSION_REVOKED' });
    carla.disabled = false;
    await backend.call('quote', 'carla', aCart());
  });
});

describe('accounts', () => {
  let backend: Backend;
  beforeEach(async () => (backend = await aCity()));
  afterEach(() => backend.close());

  it('become customers by creating a profile, and keep their roles when they do so again', async () => {
    const profile = { displayName: 'Newcomer', locale: 'de' };
    assert.deepEqual(await backend.call('createProfile', 'newcomer', profile), { uid: 'newcomer', claimsVersion: 1 });
    assert.deepEqual(await backend.identity.claimsOf('newcomer'), { role: 'customer' });
    await backend.call('createProfile', 'omar', profile);
    assert.deepEqual(await backend.identity.claimsOf('omar'), { role: 'courier' });
  });

  it('get a role from an operator: the documents first, then the claims', async () => {
    await backend.call('createProfile', 'newcomer', { displayName: 'Newcomer', locale: 'de' });
    const role = { type: 'courier', zoneId: 'centre', vehicle: 'car' };
    assert.deepEqual(await backend.call('grantRole', 'olga', { uid: 'newcomer', role }), {
      uid: 'newcomer',
      claimsVersion: 2,
    });
    assert.deepEqual(await backend.identity.claimsOf('newcomer'), { role: 'courier' });
    const { vehicle, approved, online } = await backend.courier('newcomer');
    assert.deepEqual([vehicle, approved, online], ['car', true, false]);
  });

  it("keep a courier's presence, as the phone dated it, when the role is given again", async () => {
    await backend.call('createProfile', 'omar', { displayName: 'Omar', locale: 'de' });
    const before = (await backend.db.doc('couriers/omar').get()).get('presence');
    await backend.call('grantRole', 'olga', {
      uid: 'omar',
      role: { type: 'courier', zoneId: 'centre', vehicle: 'car' },
    });
    assert.deepEqual((await backend.db.doc('couriers/omar').get()).get('presence'), before);
  });

  it('get one payment customer, with any number of saved cards', async () => {
    const first = await backend.call('setUpPayment', 'carla', {});
    assert.deepEqual(await backend.call('setUpPayment', 'carla', {}), first);
    assert.equal(first.customerId, 'cus_carla');
  });
});
