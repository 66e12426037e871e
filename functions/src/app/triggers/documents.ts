import { onDocumentCreated, onDocumentWritten } from 'firebase-functions/firestore';
import type { Context } from '../../platform/context.js';
import { COMMON, DECODING, ORDERING } from '../common-options.js';

/** Takes a registered FCM token from every other device. */
export const onDevice = onDocumentWritten(
  { ...COMMON, document: 'users/{uid}/devices/{deviceId}', retry: true },
  async ({ params: { uid, deviceId }, time }) => {
    const { claimToken } = await import('../../notifications/claim-token.js');
    await handle('onDevice', time, (ctx) => claimToken(ctx, uid, deviceId));
  },
);

/** Keeps the keys by which the staff reads a restaurant's orders equal to its members. */
export const onMember = onDocumentWritten(
  { ...COMMON, document: 'restaurants/{restaurantId}/members/{uid}', retry: true },
  async ({ params: { restaurantId }, id, time }) => {
    const { onMember: run } = await import('../../authority/staff-keys.js');
    await handle('onMember', time, (ctx) => run(ctx, restaurantId, id));
  },
);

/** Applies a command document: the offline path of `moveOrder`. */
export const onOrderCommand = onDocumentCreated(
  { ...COMMON, ...DECODING, document: 'orders/{orderId}/commands/{commandId}', retry: true, secrets: ORDERING },
  async ({ params: { orderId, commandId }, time }) => {
    const { onOrderCommand: run } = await import('../../orders/flow/on-order-command.js');
    await handle('onOrderCommand', time, (ctx) => run(ctx, orderId, commandId));
  },
);

/** Filters a chat message and notifies the other parties. */
export const onMessage = onDocumentCreated(
  { ...COMMON, document: 'orders/{orderId}/messages/{messageId}', retry: true },
  async ({ params: { orderId, messageId }, time }) => {
    const { onMessage: run } = await import('../../chat/on-message.js');
    await handle('onMessage', time, (ctx) => run(ctx, orderId, messageId));
  },
);

/** Handles an event; `time` is when its document changed, in ISO 8601. */
async function handle(job: string, time: string, work: (ctx: Context) => Promise<void>): Promise<void> {
  const [{ createProductionContext }, { reportEvent }] = await Promise.all([
    import('../production.js'),
    import('../../platform/isolate.js'),
  ]);
  const ctx = createProductionContext();
  await reportEvent(ctx, job, Date.parse(time), () => work(ctx));
}
