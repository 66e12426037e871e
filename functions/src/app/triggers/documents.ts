import { onDocumentCreated, onDocumentWritten } from 'firebase-functions/firestore';
import { COMMON, ORDERING } from '../common-options.js';

/** Takes a registered FCM token from every other device. */
export const onDevice = onDocumentWritten(
  { ...COMMON, document: 'users/{uid}/devices/{deviceId}', retry: true },
  async ({ params }) => {
    const [{ claimToken }, ctx] = await Promise.all([import('../../notifications/claim-token.js'), context()]);
    await claimToken(ctx, params.uid, params.deviceId);
  },
);

/** Keeps the keys by which the staff reads a restaurant's orders equal to its members. */
export const onMember = onDocumentWritten(
  { ...COMMON, document: 'restaurants/{restaurantId}/members/{uid}', retry: true },
  async ({ params, id }) => {
    const [{ onMember: run }, ctx] = await Promise.all([import('../../authority/staff-keys.js'), context()]);
    await run(ctx, params.restaurantId, id);
  },
);

/** Applies a command document: the offline path of `moveOrder`. */
export const onOrderCommand = onDocumentCreated(
  { ...COMMON, document: 'orders/{orderId}/commands/{commandId}', retry: true, secrets: ORDERING },
  async ({ params }) => {
    const { onOrderCommand: run } = await import('../../orders/flow/on-order-command.js');
    const [ctx, { reportIfUnreadable: unlessUnreadable }] = await Promise.all([
      context(),
      import('../../platform/isolate.js'),
    ]);
    await unlessUnreadable(ctx, 'onOrderCommand', () => run(ctx, params.orderId, params.commandId));
  },
);

/** Filters a chat message and notifies the other parties. */
export const onMessage = onDocumentCreated(
  { ...COMMON, document: 'orders/{orderId}/messages/{messageId}', retry: true },
  async ({ params }) => {
    const { onMessage: run } = await import('../../chat/on-message.js');
    const [ctx, { reportIfUnreadable: unlessUnreadable }] = await Promise.all([
      context(),
      import('../../platform/isolate.js'),
    ]);
    await unlessUnreadable(ctx, 'onMessage', () => run(ctx, params.orderId, params.messageId));
  },
);

const context = async () => (await import('../production.js')).createProductionContext();
