import { setGlobalOptions } from 'firebase-functions';
import { onDocumentCreated, onDocumentWritten } from 'firebase-functions/firestore';
import { onRequest } from 'firebase-functions/https';
import { onSchedule } from 'firebase-functions/scheduler';
import { storageBucket } from 'firebase-functions/params';
import { onObjectFinalized } from 'firebase-functions/storage';
import { onTaskDispatched } from 'firebase-functions/tasks';
import { unlessUnreadable } from './platform/isolate.js';
import type { Context } from './platform/context.js';
import { deployCallable } from './app/deploy.js';
import {
  PIN_SECRET,
  REGION,
  ROUTES_KEY,
  SERVICE_ACCOUNT,
  STRIPE_SECRET_KEY,
  STRIPE_WEBHOOK_SECRET,
} from './platform/params.js';
import { productionContext } from './app/production.js';

/** Each function is given the secrets it uses and no other. Whatever moves an order may move money and check a PIN. */
const ordering = [STRIPE_SECRET_KEY, PIN_SECRET];
/** A photo that is looked at here is decoded first, when the upload's trigger has not been there yet. */
const checkingFiles = { secrets: [PIN_SECRET], memory: '1GiB' as const, concurrency: 4 };
setGlobalOptions({
  region: REGION,
  serviceAccount: SERVICE_ACCOUNT,
  maxInstances: 100,
  concurrency: 80,
  memory: '512MiB',
});

// Accounts
export const createProfile = deployCallable('createProfile');
export const grantRole = deployCallable('grantRole');
export const blockUser = deployCallable('blockUser');
export const unblockUser = deployCallable('unblockUser');
export const signOutEverywhere = deployCallable('signOutEverywhere');
export const exportMyData = deployCallable('exportMyData');
export const deleteMyAccount = deployCallable('deleteMyAccount', { consumeAppCheckToken: true });

/** A registered FCM token is taken from every other device. */
export const onDevice = onDocumentWritten(
  { document: 'users/{uid}/devices/{deviceId}', retry: true },
  async ({ params }) => {
    const { claimToken: run } = await import('./notifications/claim-token.js');
    await run(productionContext(), params.uid, params.deviceId);
  },
);

/** The keys by which staff reads a restaurant's orders follow its members. */
export const onMember = onDocumentWritten(
  { document: 'restaurants/{restaurantId}/members/{uid}', retry: true },
  async ({ params, id }) => {
    const { onMember: run } = await import('./authority/staff-keys.js');
    await run(productionContext(), params.restaurantId, id);
  },
);

// Orders
export const quote = deployCallable('quote', { secrets: [ROUTES_KEY] });
export const placeOrder = deployCallable('placeOrder', {
  secrets: [...ordering, ROUTES_KEY],
  consumeAppCheckToken: true,
});
export const moveOrder = deployCallable('moveOrder', { secrets: ordering });
export const cancelOrder = deployCallable('cancelOrder', { secrets: ordering });
export const readPickUpCode = deployCallable('readPickUpCode', { secrets: [PIN_SECRET] });
export const editOrder = deployCallable('editOrder', { secrets: ordering });
export const answerEdit = deployCallable('answerEdit', { secrets: ordering, consumeAppCheckToken: true });
export const onOrderCommand = onDocumentCreated(
  { document: 'orders/{orderId}/commands/{commandId}', retry: true, secrets: ordering },
  async ({ params }) => {
    const { onOrderCommand: run } = await import('./orders/flow/on-order-command.js');
    const ctx = productionContext();
    await unlessUnreadable(ctx, 'onOrderCommand', () => run(ctx, params.orderId, params.commandId));
  },
);

// Chat
export const onMessage = onDocumentCreated(
  { document: 'orders/{orderId}/messages/{messageId}', retry: true },
  async ({ params }) => {
    const { onMessage: run } = await import('./chat/on-message.js');
    const ctx = productionContext();
    await unlessUnreadable(ctx, 'onMessage', () => run(ctx, params.orderId, params.messageId));
  },
);

// Promotions
export const savePromotion = deployCallable('savePromotion');

// Merchants
export const applyAsMerchant = deployCallable('applyAsMerchant', checkingFiles);
export const reviewApplication = deployCallable('reviewApplication');
export const connectAccount = deployCallable('connectAccount', {
  secrets: [STRIPE_SECRET_KEY],
  consumeAppCheckToken: true,
});
export const inviteMember = deployCallable('inviteMember');
export const acceptInvitation = deployCallable('acceptInvitation');
export const setMemberRole = deployCallable('setMemberRole');

// Menus and stores
export const publishMenu = deployCallable('publishMenu');
export const switchStore = deployCallable('switchStore');
export const updateStore = deployCallable('updateStore');
export const setSoldOut = deployCallable('setSoldOut');
export const setStock = deployCallable('setStock');
export const slots = deployCallable('slots');

// Photos: decoding takes memory, so a function of its own, one at a time
export const onPhotoUploaded = onObjectFinalized(
  { bucket: storageBucket, retry: true, memory: '1GiB', concurrency: 1, maxInstances: 20, secrets: [PIN_SECRET] },
  async ({ data }) => {
    const { onUpload } = await import('./media/on-upload.js');
    const ctx = productionContext();
    await unlessUnreadable(ctx, 'onPhotoUploaded', () => onUpload(ctx, data.name));
  },
);

// Discovery
export const discover = deployCallable('discover');
export const reorder = deployCallable('reorder');

// Operations
export const saveZone = deployCallable('saveZone');
export const setSurge = deployCallable('setSurge');
export const rollBackZone = deployCallable('rollBackZone');
export const saveFlag = deployCallable('saveFlag');
export const rollBackFlag = deployCallable('rollBackFlag');
export const pauseStore = deployCallable('pauseStore');
export const messageParty = deployCallable('messageParty');
export const openFile = deployCallable('openFile', checkingFiles);

// Couriers and dispatch
export const applyAsCourier = deployCallable('applyAsCourier', checkingFiles);
export const reviewCourier = deployCallable('reviewCourier');
export const decideHeldPay = deployCallable('decideHeldPay');
export const publishShift = deployCallable('publishShift');
export const claimShift = deployCallable('claimShift');
export const respondToOffer = deployCallable('respondToOffer', { secrets: ordering });

// Reviews
export const reviewOrder = deployCallable('reviewOrder');
export const reportContent = deployCallable('reportContent');
export const decideReport = deployCallable('decideReport');
export const appeal = deployCallable('appeal');
export const countReviews = onSchedule(
  { schedule: '10 * * * *', maxInstances: 1, concurrency: 1, retryCount: 3 },
  async ({ scheduleTime }) => {
    const { countReviews: run } = await import('./reviews/count-reviews.js');
    await run(contextAt(scheduleTime));
  },
);

// Support
export const openClaim = deployCallable('openClaim', { ...checkingFiles, secrets: ordering });
export const decideClaim = deployCallable('decideClaim', { secrets: [STRIPE_SECRET_KEY] });
// Tracking
export const shareTracking = deployCallable('shareTracking', { secrets: [PIN_SECRET] });
export const track = onRequest(
  { maxInstances: 5, memory: '256MiB', secrets: [PIN_SECRET] },
  async (request, response) => {
    const [{ track: run }, { addressOf }] = await Promise.all([
      import('./tracking/track.js'),
      import('./core/address.js'),
    ]);
    const address = addressOf(request.header('x-forwarded-for'));
    const { status, headers, body } = await run(productionContext(), request.query['t'], address);
    response.status(status).set(headers).send(body);
  },
);

// Payments
export const setUpPayment = deployCallable('setUpPayment', {
  secrets: [STRIPE_SECRET_KEY],
  consumeAppCheckToken: true,
});
export const retryPayment = deployCallable('retryPayment', { secrets: ordering, consumeAppCheckToken: true });
export const refundOrder = deployCallable('refundOrder', { secrets: [STRIPE_SECRET_KEY], consumeAppCheckToken: true });
export const addTip = deployCallable('addTip', { secrets: [STRIPE_SECRET_KEY], consumeAppCheckToken: true });
export const listCards = deployCallable('listCards', { secrets: [STRIPE_SECRET_KEY] });
export const removeCard = deployCallable('removeCard', { secrets: [STRIPE_SECRET_KEY] });
export const recordCashDeposit = deployCallable('recordCashDeposit', { consumeAppCheckToken: true });
export const submitDisputeEvidence = deployCallable('submitDisputeEvidence', { secrets: [STRIPE_SECRET_KEY] });
export const grantCredit = deployCallable('grantCredit', { consumeAppCheckToken: true });
export const stripeWebhook = onRequest({ secrets: [...ordering, STRIPE_WEBHOOK_SECRET] }, async (request, response) => {
  const { stripeWebhook: run } = await import('./app/stripe-webhook.js');
  const { status, body } = await run(productionContext(), request.rawBody, request.header('stripe-signature') ?? '');
  response.status(status).send(body);
});

// Deadlines
const MAX_ATTEMPTS = 10;
export const wakeUp = onTaskDispatched(
  { secrets: ordering, retryConfig: { maxAttempts: MAX_ATTEMPTS, minBackoffSeconds: 10, maxBackoffSeconds: 600 } },
  async ({ data, retryCount }) => {
    const [{ wakeUp: run }, { WakeUp }] = await Promise.all([
      import('./app/dispatch-task.js'),
      import('./contract/wake-ups.js'),
    ]);
    await run(productionContext(), WakeUp.parse(data), retryCount + 1 >= MAX_ATTEMPTS);
  },
);
export const sweep = onSchedule(
  { schedule: 'every 1 minutes', timeoutSeconds: 120, secrets: ordering },
  async ({ scheduleTime }) => {
    const [{ sweep: run }, { rollUpBoards }] = await Promise.all([
      import('./sweep/sweep.js'),
      import('./operations/boards.js'),
    ]);
    const ctx = contextAt(scheduleTime);
    await Promise.all([run(ctx), rollUpBoards(ctx)]);
  },
);

// Books: nightly, one run at a time, begun again when it fails
export const payoutsReport = deployCallable('payoutsReport', { secrets: [STRIPE_SECRET_KEY] });
const nightly = { timeZone: 'Etc/UTC', timeoutSeconds: 1800, maxInstances: 1, concurrency: 1, retryCount: 3 };
export const rollUpDays = onSchedule({ ...nightly, schedule: '30 2 * * *' }, async ({ scheduleTime }) => {
  const { rollUpDays: run } = await import('./ledger/roll-up-days.js');
  await run(contextAt(scheduleTime));
});

export const learnRides = onSchedule({ ...nightly, schedule: '0 4 * * *' }, async ({ scheduleTime }) => {
  const { learnRides: run } = await import('./tracking/update-eta-table.js');
  await run(contextAt(scheduleTime));
});

export const reconcile = onSchedule(
  { ...nightly, schedule: '0 3 * * *', secrets: ordering },
  async ({ scheduleTime }) => {
    const { reconcile: run } = await import('./reconciliation/reconcile.js');
    await run(contextAt(scheduleTime));
  },
);

export const compareClaims = onSchedule({ ...nightly, schedule: '30 3 * * *' }, async ({ scheduleTime }) => {
  const { compareClaims: run } = await import('./accounts/compare-claims.js');
  await run(contextAt(scheduleTime));
});

/** What has had its time: files that lapsed, erasures whose task was lost. */
export const tidyUp = onSchedule({ ...nightly, schedule: '0 4 * * *', secrets: ordering }, async ({ scheduleTime }) => {
  const { tidyUp: run } = await import('./app/tidy-up.js');
  await run(contextAt(scheduleTime));
});

/** The time it was scheduled for: a late run is no earlier for it, and a rehearsal may name a later time. */
function contextAt(scheduleTime: string): Context {
  return { ...productionContext(), now: () => Math.max(Date.now(), Date.parse(scheduleTime)) };
}
