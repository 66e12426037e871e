import { strict as assert } from 'node:assert';
import type { CallableName, Requests } from '#functions/calls/callables.js';
import { patternAt, type DocumentPattern } from '#functions/contract/documents.js';
import { toFailure } from '#functions/platform/failure.js';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion, aZone, KITCHEN_AT, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';

const key = { orderId: 'order-1', idempotencyKey: 'poison-key-1' };
const rosa = { restaurantId: 'rosa' };
const content = { type: 'restaurantReview' as const, restaurantId: 'rosa', orderId: 'order-1' };
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

type Calls = { [N in CallableName]: readonly [uid: string, request: Requests[N]] };

/** One call of every callable, by a user who may make it. */
const CALLS: Calls = {
  createProfile: ['carla', { displayName: 'Carla', locale: 'de' }],
  grantRole: ['olga', { uid: 'nina', role: { type: 'customer' } }],
  blockUser: ['olga', { uid: 'nina', reason: 'abuse' }],
  unblockUser: ['olga', { uid: 'nina', reason: 'appeal' }],
  signOutEverywhere: ['nina', {}],
  exportMyData: ['carla', {}],
  deleteMyAccount: ['nina', {}],
  setUpPayment: ['carla', {}],
  quote: ['carla', aCart()],
  placeOrder: ['carla', { quoteId: 'order-2', idempotencyKey: 'poison-key-2', confirmedTotalMinor: 2940 }],
  moveOrder: ['omar', { ...key, move: { action: 'arrive', fix: aFix('door', START_MS) } }],
  cancelOrder: ['carla', { ...key, reason: 'changed my mind' }],
  readPickUpCode: ['mario', { orderId: 'order-1' }],
  editOrder: ['mario', { ...key, changes: [{ type: 'reduce', line: 0, quantity: 1 }], reason: 'out' }],
  answerEdit: ['carla', { ...key, answer: 'approve' }],
  retryPayment: ['carla', { orderId: 'order-1' }],
  refundOrder: ['olga', { ...key, what: { type: 'whole' }, liable: 'platform', reason: 'cold', to: 'card' }],
  addTip: ['carla', { ...key, amountMinor: 300 }],
  listCards: ['carla', {}],
  removeCard: ['carla', { paymentMethodId: 'pm_1' }],
  recordCashDeposit: ['olga', { courierId: 'omar', amountMinor: 100, idempotencyKey: 'poison-key-3' }],
  submitDisputeEvidence: ['olga', { disputeId: 'dp_1' }],
  savePromotion: [
    'olga',
    { zoneId: 'centre', promotion: aPromotion({ kind: 'order', benefit: { type: 'fixed', amountMinor: 1 } }) },
  ],
  saveStorePromotion: [
    'mario',
    {
      ...rosa,
      promotionId: 'lunch',
      promotion: {
        kind: 'order',
        benefit: { type: 'fixed', amountMinor: 1 },
        startsAtMs: START_MS,
        endsAtMs: START_MS + 3_600_000,
        code: 'LUNCH',
        totalLimit: 5,
      },
    },
  ],
  switchStorePromotion: ['mario', { ...rosa, promotionId: 'lunch', to: 'paused' }],
  grantCredit: [
    'olga',
    { uid: 'carla', currency: 'EUR', amountMinor: 100, reason: 'sorry', idempotencyKey: 'poison-key-4' },
  ],
  migrateLedger: ['olga', { after: null, reason: 'new chart' }],
  monthReport: ['olga', { month: '2026-03' }],
  payoutsReport: ['mario', { ...rosa, fromDay: '2026-03-01', toDay: '2026-03-01' }],
  connectCourierAccount: ['omar', { country: 'AT' }],
  saveBankDetails: ['omar', { holder: 'Omar', iban: 'AT611904300234573201' }],
  readBankDetails: ['olga', { courierId: 'omar', reason: 'to pay' }],
  courierBalance: ['omar', {}],
  requestInstantPayout: ['omar', { idempotencyKey: 'poison-key-5' }],
  recordCourierPayment: [
    'olga',
    { courierId: 'omar', currency: 'EUR', amountMinor: 1, reference: 'sepa', idempotencyKey: 'poison-key-6' },
  ],
  settleCourierDebt: [
    'olga',
    { courierId: 'omar', currency: 'EUR', amountMinor: 1, how: 'repaid', reason: 'sepa', idempotencyKey: 'debt-key-1' },
  ],
  recordRiderPayment: ['olga', { orderId: 'order-1', reference: 'sepa' }],
  readEta: ['carla', { orderId: 'order-1' }],
  readBills: ['carla', { orderIds: ['order-1'] }],
  inspectOrder: ['olga', { orderId: 'order-1', reason: 'a call' }],
  readRiderAddress: ['mario', { orderId: 'order-1' }],
  returnCourierPayment: ['olga', { payoutId: 'payout-1', reason: 'returned' }],
  courierStatement: ['omar', { fromDay: '2026-03-01', toDay: '2026-03-02' }],
  reviewOrder: ['carla', { orderId: 'order-1', restaurant: { stars: 5 } }],
  replyToReview: ['mario', { ...rosa, orderId: 'order-1', text: 'Thank you' }],
  reportContent: ['mario', { content, reason: 'untrue' }],
  decideReport: ['olga', { reportId: 'restaurantReview-order-1', verdict: 'keep', reason: 'fine' }],
  appeal: ['carla', { content, text: 'but' }],
  openClaim: ['carla', { ...key, kind: 'missing', lines: [{ line: 0, quantity: 1 }] }],
  decideClaim: ['olga', { orderId: 'order-1', claimId: 'poison-key-1', decision: { type: 'reject' }, reason: 'seen' }],
  applyAsCourier: [
    'nina',
    {
      zoneId: 'centre',
      vehicle: 'bicycle',
      papers: [{ kind: 'identity', path: 'courier-documents/nina/identity-1.jpg' }],
    },
  ],
  openFile: ['olga', { type: 'evidence', path: 'courier-documents/nina/identity-1.jpg', reason: 'an application' }],
  reviewCourier: ['olga', { uid: 'omar', decision: 'suspend', reason: 'papers' }],
  decideHeldPay: ['olga', { orderId: 'order-1', verdict: 'release', reason: 'seen' }],
  publishShift: [
    'olga',
    { zoneId: 'centre', shiftId: 'evening', fromMs: START_MS, untilMs: START_MS + 3_600_000, places: 2 },
  ],
  claimShift: ['omar', { shiftId: 'evening', answer: 'take' }],
  shareTracking: ['carla', { orderId: 'order-1', answer: 'share' }],
  respondToOffer: ['omar', { ...key, answer: 'accept' }],
  readDropOff: ['olga', { orderId: 'order-1', reason: 'lost' }],
  dispatchOrder: ['olga', { ...key, act: { type: 'assign', courierId: 'omar' }, reason: 'flat tyre' }],
  applyAsMerchant: ['nina', { applicationId: 'another-kitchen', venture }],
  reviewApplication: [
    'olga',
    { applicationId: 'another-kitchen', version: 1, decision: { type: 'reject' }, reason: 'no' },
  ],
  connectAccount: ['mario', rosa],
  inviteMember: ['mario', { ...rosa, to: { type: 'user', uid: 'nina' }, role: 'kitchen' }],
  acceptInvitation: ['nina', { ...rosa, invitationId: 'invitation-1' }],
  setMemberRole: ['mario', { ...rosa, uid: 'nina', role: null }],
  publishMenu: ['mario', { ...rosa, basedOnVersion: 1 }],
  switchStore: ['mario', { ...rosa, to: { type: 'paused', minutes: 10 } }],
  updateStore: ['mario', { ...rosa, changes: { name: 'Rosa' } }],
  setSoldOut: ['mario', { ...rosa, ids: ['cola'], untilMs: null }],
  setStock: ['mario', { ...rosa, left: { cola: 3 } }],
  slots: ['carla', { ...rosa, day: '2026-03-02' }],
  saveZone: ['olga', { zoneId: 'centre', zone: withoutVersion(aZone()), basedOnVersion: 1, reason: 'fees' }],
  setSurge: ['olga', { zoneId: 'centre', surgePpm: 1_500_000, reason: 'rain' }],
  rollBackZone: ['olga', { zoneId: 'centre', toVersion: 1, reason: 'back' }],
  saveFlag: ['olga', { flagId: 'tips', flag: { isOn: true, zoneIds: null }, basedOnVersion: 0, reason: 'try' }],
  saveAppVersion: [
    'olga',
    {
      appId: 'courier-ios',
      app: { minimum: '1.0.0', current: '1.1.0', maintenance: null },
      basedOnVersion: 0,
      reason: 'new',
    },
  ],
  rollBackFlag: ['olga', { flagId: 'tips', toVersion: 1, reason: 'back' }],
  actForStore: ['olga', { ...rosa, act: { type: 'soldOut', ids: ['cola'], untilMs: 0 }, reason: 'asked' }],
  saveTerms: ['olga', { ...rosa, commissionPpm: 200_000, reason: 'contract' }],
  pauseStore: ['olga', { ...rosa, minutes: 10, reason: 'complaints' }],
  findRecords: ['olga', { by: { type: 'code', code: 'K7P3' }, reason: 'a call' }],
  noteRecord: [
    'olga',
    {
      subject: { type: 'order', id: 'order-1' },
      act: { type: 'take' },
      reason: 'a call',
      idempotencyKey: 'note-key-1',
    },
  ],
  writeToSupport: ['carla', { text: 'Hello', orderId: 'order-1', idempotencyKey: 'support-key-1' }],
  answerSupport: ['olga', { uid: 'carla', act: { type: 'take' }, reason: 'a call', idempotencyKey: 'support-key-1' }],
  updateTask: [
    'olga',
    { taskId: 'order-1-no_courier', act: { type: 'take' }, reason: 'mine', idempotencyKey: 'task-key-1' },
  ],
  messageParty: ['olga', { ...key, to: 'customer', text: 'Hello', reason: 'asked' }],
  findZone: ['carla', KITCHEN_AT],
  discover: ['carla', { place: KITCHEN_AT, zoneId: 'centre' }],
  reorder: ['carla', { orderId: 'order-1' }],
};

function withoutVersion({ version: _, ...zone }: ReturnType<typeof aZone>) {
  return zone;
}

/** What most callables read; `npm run prove` tries every kind of document. */
const MET_MOST: readonly DocumentPattern[] = [
  'orders/{orderId}',
  'quotes/{quoteId}',
  'restaurants/{restaurantId}',
  'zones/{zoneId}',
  'couriers/{uid}',
];
const isTried = (pattern: DocumentPattern): boolean => isProving || MET_MOST.includes(pattern);

/** A city with an open order, and most kinds of documents. */
async function aBusyCity(): Promise<Backend> {
  const backend = await aCity({ stripeAccountId: null });
  const journey = await new Journey(backend).reach('picked_up');
  await new Journey(backend).quote();
  for (const [name, uid] of [
    ['createProfile', 'nina'],
    ['createProfile', 'omar'],
    ['applyAsMerchant', 'nina'],
    ['grantCredit', 'olga'],
    ['saveFlag', 'olga'],
    ['publishShift', 'olga'],
    ['setUpPayment', 'carla'],
    ['setStock', 'mario'],
    ['shareTracking', 'carla'],
    ['inviteMember', 'mario'],
    ['saveStorePromotion', 'mario'],
  ] as const)
    await backend.call(name, uid, CALLS[name][1]);
  assert.equal((await backend.order(journey.orderId)).status, 'picked_up');
  return backend;
}

describe('callables that read a document of a future version', function () {
  this.timeout(atMostMs(120_000));

  it('answer with a reason of the contract, never INTERNAL, for every document', async () => {
    const backend = await aBusyCity();
    const byPattern = new Map(Object.keys(await backend.dump()).map((path) => [patternAt(path), path]));
    const poisonable = [...byPattern].flatMap(([pattern, path]) => (pattern && isTried(pattern) ? [path] : []));
    const internal: string[] = [];
    const unreadable = new Set<string>();
    for (const path of poisonable) {
      const ref = backend.db.doc(path);
      const before = (await ref.get()).data();
      if (!before) continue;
      await ref.set({ ...before, addedLater: 1 });
      backend.restart();
      for (const [name, [uid, request]] of Object.entries(CALLS) as [CallableName, Calls[CallableName]][]) {
        const { code, reason } = await backend.call(name, uid, request).then(
          () => ({ code: 'ok', reason: '' }),
          (error: unknown) => toFailure(error),
        );
        if (code === 'internal') internal.push(`${name} with ${path}`);
        if (reason === 'DOCUMENT_UNREADABLE') unreadable.add(name);
        // What one call wrote over is spoilt again for the next.
        await ref.set({ ...before, addedLater: 1 });
      }
      await ref.set(before);
    }
    assert.deepEqual(internal, []);
    assert.ok(poisonable.length >= (isProving ? 18 : MET_MOST.length), `${poisonable.length} documents`);
    assert.ok(unreadable.size >= 25, `${unreadable.size} callables met one`);
    await backend.close();
  });

  it('name the kind of document, not its path, and create one operator task with the path', async () => {
    const backend = await aCity();
    await new Journey(backend).reach('placed');
    await backend.db.doc('orders/order-1').update({ addedLater: 1 });
    const move = { ...key, move: { action: 'accept' } };
    for (const _ of [1, 2]) {
      await assert.rejects(backend.call('moveOrder', 'mario', move), (error) => {
        assert.deepEqual(toFailure(error), {
          code: 'data-loss',
          reason: 'DOCUMENT_UNREADABLE',
          details: { document: 'orders/{orderId}' },
        });
        return true;
      });
    }
    const tasks = await backend.db.collection('operatorTasks').get();
    assert.deepEqual(
      tasks.docs.map((task) => [task.get('kind'), task.get('path')]),
      [['document_failed', 'orders/order-1']],
    );
    await backend.db
      .doc('orders/order-1')
      .update({ addedLater: (await import('firebase-admin/firestore')).FieldValue.delete() });
    assert.equal((await backend.call('moveOrder', 'mario', move)).status, 'accepted');
    await backend.close();
  });
});
