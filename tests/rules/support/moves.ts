import { ORDER_ACTIONS, type OrderAction } from '#functions/contract/orders.js';
import type { Fields } from './attempt.js';

export const FIX: Fields = { lat: 52.53, lng: 13.41, takenAtMs: 1_760_000_000_000 };

/** What the app asks for with each verb; undefined where no command document can ask. */
export const WISHES: Readonly<Record<OrderAction, Fields | undefined>> = {
  accept: { action: 'accept', prepMinutes: 20 },
  reject: { action: 'reject', reason: 'out_of_stock', itemIds: ['margherita', 'tiramisu'] },
  startPreparing: { action: 'startPreparing' },
  markReady: { action: 'markReady' },
  delay: { action: 'delay', minutes: 10, events: 3 },
  pickUp: { action: 'pickUp', code: 'A7', fix: FIX },
  deliver: { action: 'deliver', fix: FIX, proof: { type: 'pin', pin: '0123' } },
  collect: { action: 'collect', pin: '0123' },
  fail: { action: 'fail', reason: 'no answer at the door' },
  arrive: { action: 'arrive', fix: FIX },
  contact: { action: 'contact' },
  return: { action: 'return', fix: FIX },
  unassign: { action: 'unassign', reason: 'flat tyre' },
  cancel: { action: 'cancel', reason: 'changed my mind' },
  restore: undefined,
  confirmPayment: undefined,
  expire: undefined,
  release: undefined,
  remind: undefined,
  restartSearch: undefined,
  assign: undefined,
  handOver: undefined,
  sendRider: undefined,
  confirmDelivery: undefined,
  escalate: undefined,
  complete: undefined,
  settle: undefined,
  authorize: undefined,
  failPayment: undefined,
  edit: undefined,
  answerEdit: undefined,
  presumeDelivered: undefined,
  payOut: undefined,
};

/** The request of a command: a cancellation has a form of its own. A verb without a wish is asked for bare. */
export function requestFor(action: OrderAction): Fields {
  if (action === 'cancel') return { type: 'cancel', reason: 'changed my mind' };
  return { type: 'move', move: WISHES[action] ?? { action, reason: 'because' } };
}

/** Every verb there is, whether an app may ask for it or not. */
export const VERBS: readonly OrderAction[] = ORDER_ACTIONS;
