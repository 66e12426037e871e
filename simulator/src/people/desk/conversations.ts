import type { Order } from '../../../../clients/typescript/src/index.js';
import { isTooLate } from '../app.js';
import { pause } from '../pause.js';
import { decideOnMessage } from './decisions.js';
import type { DeskWork } from './desk.js';
import { handOver } from './flagged-orders.js';

/** Answers a person who wrote about an order of the city, after doing what the order needs, and closes the conversation. */
export async function answerPerson(work: DeskWork, uid: string): Promise<void> {
  const { app, shared, emit } = work;
  const [latest] = await app.tiffin.find('supportMessages', { uid }, { limit: 1 });
  const orderId = latest?.data.orderId ?? null;
  if (orderId === null || !shared.plans.get(orderId)) return;
  const act = (one: { type: 'take' } | { type: 'close' } | { type: 'reply'; text: string; orderId: string }) =>
    app.call('answerSupport', { uid, act: one, reason: 'wrote to us', idempotencyKey: crypto.randomUUID() });
  await act({ type: 'take' });
  await help(work, uid, orderId, await findOrder(work, uid, orderId));
  await act({
    type: 'reply',
    text: 'We have seen to it. Please open a claim where a dish was not as ordered.',
    orderId,
  });
  await act({ type: 'close' });
  emit('supportAnswered');
  await takeNotes(work, orderId);
}

/** Finds the person and the order, as the desk does for a caller. */
async function findOrder({ app, emit }: DeskWork, uid: string, orderId: string): Promise<Order> {
  const find = (id: string) => app.call('findRecords', { by: { type: 'id', id }, reason: 'wrote to us' });
  const [{ people }, { orders }] = [await find(uid), await find(orderId)];
  if (people[0]?.uid !== uid || orders[0]?.orderId !== orderId)
    throw new Error(`the operators do not find ${uid} and ${orderId}`);
  emit('recordsFound');
  const order = await app.tiffin.get('order', { orderId });
  if (!order) throw new Error(`the operators cannot read ${orderId}`);
  return order;
}

async function help(work: DeskWork, uid: string, orderId: string, order: Order): Promise<void> {
  const need = decideOnMessage(order, uid);
  try {
    if (need === 'stepIn') await stepInForKitchen(work, orderId, order);
    if (need === 'handOver') await handOver(work, orderId, order);
  } catch (error) {
    if (!isTooLate(error)) throw error;
  }
}

/** Calls the kitchen, and rejects the order, or takes each step of it that the kitchen names on the telephone. */
async function stepInForKitchen({ app, shared, emit }: DeskWork, orderId: string, order: Order): Promise<void> {
  type Move = Parameters<typeof app.call<'moveOrder'>>[1]['move'];
  const move = (step: Move) => app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move: step });
  const plan = shared.plans.get(orderId);
  if (plan?.story === 'kitchenClosed') {
    await move({ action: 'reject', reason: 'cannot_fulfil' });
    return emit('rejectedForKitchen');
  }
  await move({ action: 'accept', prepMinutes: order.prepMinutes });
  await move({ action: 'startPreparing' });
  await pause(plan?.cookMs ?? 0);
  await move({ action: 'markReady' });
  if (order.kind === 'pickup')
    await move({ action: 'collect', ...(order.ageLimit !== undefined && { idChecked: true as const }) });
  emit('steppedIn');
}

/** Notes the call at the order and tags it, and checks that colleagues read both. */
async function takeNotes({ app, emit }: DeskWork, orderId: string): Promise<void> {
  const note = (act: { type: 'note' } | { type: 'tags'; tags: string[] }) =>
    app.call('noteRecord', {
      subject: { type: 'order', id: orderId },
      act,
      reason: 'wrote to us, and was answered',
      idempotencyKey: crypto.randomUUID(),
    });
  await note({ type: 'note' });
  await note({ type: 'tags', tags: ['wrote-to-us'] });
  const [record] = await app.tiffin.find('deskRecordOf', { subject: `orders/${orderId}` });
  if (!record?.data.tags.includes('wrote-to-us') || record.data.notes < 1)
    throw new Error(`the notes and tags of ${orderId} are lost`);
  emit('recordNoted');
}
