import type { OrderAction } from '#functions/contract/orders.js';
import type { OrderCommand } from '#functions/orders/model/order-command.js';
import { aFix } from '#fixtures/orders.js';
import { NOW } from './deciding.js';

/** One command of each action whose guards hold for the fixtures. */
export const COMMANDS: { readonly [A in OrderAction]: OrderCommand<A> } = {
  confirmPayment: {
    action: 'confirmPayment',
    payment: { status: 'authorized', intentId: 'pi_1', authorizedMinor: 2940 },
  },
  expire: { action: 'expire' },
  release: { action: 'release' },
  remind: { action: 'remind' },
  accept: { action: 'accept' },
  reject: { action: 'reject', reason: 'too_busy' },
  startPreparing: { action: 'startPreparing' },
  markReady: { action: 'markReady' },
  restartSearch: { action: 'restartSearch', reason: 'no courier accepted' },
  delay: { action: 'delay', minutes: 10, reason: 'the oven is cold' },
  assign: { action: 'assign' },
  unassign: { action: 'unassign', reason: 'flat tyre' },
  sendRider: { action: 'sendRider', rider: { type: 'own', name: 'Rita' }, reason: 'no courier accepted' },
  pickUp: { action: 'pickUp', code: '5678', fix: aFix('kitchen', NOW) },
  handOver: { action: 'handOver', courierId: 'omar-2', reason: 'flat tyre' },
  deliver: { action: 'deliver', fix: aFix('door', NOW), proof: { type: 'pin', pin: '1234' } },
  confirmDelivery: { action: 'confirmDelivery', pin: '1234' },
  collect: { action: 'collect', pin: '1234' },
  fail: { action: 'fail', reason: 'no answer at the door' },
  arrive: { action: 'arrive', fix: aFix('kitchen', NOW) },
  contact: { action: 'contact' },
  return: { action: 'return' },
  escalate: { action: 'escalate' },
  complete: { action: 'complete' },
  cancel: { action: 'cancel', reason: 'x', liable: 'platform' },
  settle: { action: 'settle' },
  restore: { action: 'restore', reason: 'a slip' },
  authorize: { action: 'authorize', payment: { status: 'authorized', intentId: 'pi_1', authorizedMinor: 2940 } },
  failPayment: { action: 'failPayment', reason: 'card_refused' },
  answerEdit: { action: 'answerEdit', reason: 'declined' },
  edit: { action: 'edit', reason: 'sold out', changes: [{ type: 'reduce', line: 0, quantity: 1 }] },
  presumeDelivered: { action: 'presumeDelivered' },
  payOut: { action: 'payOut' },
};
