import type { Requests } from '#functions/calls/callables.js';
import type { Role } from '#functions/contract/common.js';
import type { Move } from '#functions/contract/moves.js';
import type { LineChange, OrderAction } from '#functions/contract/orders.js';
import type { OrderCommand } from '#functions/orders/model/order-command.js';
import { SYSTEM } from '#functions/orders/model/actors.js';
import { chargeDeferred } from '#functions/orders/flow/deferred-charge.js';
import { transition } from '#functions/orders/flow/transition.js';
import type { Backend } from '#fixtures/backend.js';
import type { Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';

/** One request of one party with valid input. It can be repeated: its key is always the same. */
export type Wish = (journey: Journey) => Promise<unknown>;

const UIDS = { customer: 'carla', merchant: 'mario', courier: 'omar', operator: 'olga' } as const;
type Person = keyof typeof UIDS;

const key = (action: string, role: Role) => `race-${action}-${role}`;

/** A dearer pizza instead of the first line: it needs the customer's consent and a second PaymentIntent. */
export const BY_DIAVOLA: LineChange = {
  type: 'substitute',
  line: 0,
  by: { itemId: 'diavola', quantity: 2, modifiers: [] },
};

/** The same step by the callable `moveOrder`, for each of these roles. */
function moves<R extends Person>(
  roles: readonly R[],
  build: (journey: Journey, role: R) => Move,
): Partial<Record<Role, Wish>> {
  const wishes = roles.map((role): [R, Wish] => [
    role,
    (journey) => {
      const move = build(journey, role);
      return journey.move(UIDS[role], move, key(move.action, role));
    },
  ]);
  return Object.fromEntries(wishes);
}

/** A step of the backend itself, which a deadline or the provider causes. */
function bySystem(command: OrderCommand): Partial<Record<Role, Wish>> {
  const causeId = `race:${command.action}`;
  return {
    system: ({ backend, orderId }) => transition(backend.ctx, { orderId, command, causeId, actor: () => SYSTEM }),
  };
}

/** The provider delivers the events that the payment caused; it repeats one that is not answered with 200. */
export async function deliverAll(backend: Backend): Promise<void> {
  for (const event of [...backend.fake.events]) {
    const { status } = await backend.webhook(event);
    if (status !== 200) throw new Error(`webhook answered ${status}`);
  }
}

function cancelBy(role: Person, action: 'cancel' | 'expire' = 'cancel'): Wish {
  return ({ backend, orderId }) =>
    backend.call('cancelOrder', UIDS[role], {
      orderId,
      idempotencyKey: key(action, role),
      reason: 'changed my mind',
      ...(role === 'operator' && { liable: 'platform' }),
    });
}

function editBy(role: Person): Wish {
  return ({ backend, orderId }) =>
    backend.ask('editOrder', UIDS[role], {
      orderId,
      idempotencyKey: key('edit', role),
      changes: [{ type: 'reduce', line: 0, quantity: 1 }],
      reason: 'one is left',
    });
}

function dispatchBy(act: Requests['dispatchOrder']['act']): Wish {
  const idempotencyKey = key(act.type, 'operator');
  return ({ backend, orderId }) =>
    backend.ask('dispatchOrder', 'olga', { orderId, idempotencyKey, act, reason: 'flat tyre' });
}

const approve: Wish = ({ backend, orderId }) =>
  backend.ask('answerEdit', 'carla', {
    orderId,
    idempotencyKey: key('answerEdit', 'customer'),
    answer: 'approve',
    paymentMethodId: 'pm_card_visa',
  });

/** At the next stop: the counter until the pick-up, then the door. */
const arrive: Wish = async (journey) => {
  const { status } = await journey.backend.order(journey.orderId);
  const fix = aFix(status === 'picked_up' ? 'door' : 'kitchen', journey.backend.nowMs);
  return journey.move('omar', { action: 'arrive', fix }, key('arrive', 'courier'));
};

/** Every request that the table of steps allows, by action and role. */
export const WISHES: { readonly [A in OrderAction]: Partial<Record<Role, Wish>> } = {
  confirmPayment: { system: ({ backend }) => deliverAll(backend) },
  authorize: {
    system: async ({ backend, orderId }) => chargeDeferred(backend.ctx, orderId, await backend.order(orderId)),
  },
  failPayment: bySystem({ action: 'failPayment', reason: 'card_refused' }),
  expire: { ...bySystem({ action: 'expire' }), customer: cancelBy('customer', 'expire') },
  release: { ...bySystem({ action: 'release' }), operator: dispatchBy({ type: 'release' }) },
  remind: bySystem({ action: 'remind' }),
  accept: { ...moves(['merchant', 'operator'], () => ({ action: 'accept' })), ...bySystem({ action: 'accept' }) },
  reject: {
    ...moves(['merchant', 'operator'], () => ({ action: 'reject', reason: 'too_busy' })),
    ...bySystem({ action: 'reject', reason: 'no_answer' }),
  },
  startPreparing: moves(['merchant', 'operator'], () => ({ action: 'startPreparing' })),
  markReady: moves(['merchant', 'operator'], () => ({ action: 'markReady' })),
  delay: moves(['merchant', 'operator'], (_, role) => ({
    action: 'delay',
    minutes: 10,
    ...(role === 'operator' && { reason: 'the kitchen called' }),
  })),
  edit: { merchant: editBy('merchant'), operator: editBy('operator') },
  answerEdit: { ...bySystem({ action: 'answerEdit', reason: 'unanswered' }), customer: approve },
  restartSearch: { operator: dispatchBy({ type: 'restart' }) },
  assign: {
    courier: (journey) => journey.answer('omar', 'accept', key('assign', 'courier')),
    operator: dispatchBy({ type: 'assign', courierId: 'omar-2' }),
  },
  unassign: {
    ...moves(['courier', 'operator'], () => ({ action: 'unassign', reason: 'flat tyre' })),
    ...bySystem({ action: 'unassign', reason: 'no_arrival' }),
  },
  sendRider: { operator: dispatchBy({ type: 'ownRider', name: 'Rita' }) },
  pickUp: moves(['courier', 'merchant', 'operator'], (journey, role) =>
    role === 'courier'
      ? { action: 'pickUp', code: journey.pickUpCode(), fix: aFix('kitchen', journey.backend.nowMs) }
      : { action: 'pickUp' },
  ),
  handOver: { operator: dispatchBy({ type: 'handOver', courierId: 'omar-2' }) },
  arrive: { courier: arrive },
  contact: moves(['courier'], () => ({ action: 'contact' })),
  deliver: moves(['courier'], ({ backend, pin }) => ({
    action: 'deliver',
    fix: aFix('door', backend.nowMs),
    proof: { type: 'pin', pin },
  })),
  confirmDelivery: moves(['merchant', 'operator'], ({ pin }, role) =>
    role === 'merchant' ? { action: 'confirmDelivery', pin } : { action: 'confirmDelivery' },
  ),
  presumeDelivered: bySystem({ action: 'presumeDelivered' }),
  collect: moves(['merchant', 'operator'], ({ pin }, role) =>
    role === 'merchant' ? { action: 'collect', pin } : { action: 'collect' },
  ),
  fail: moves(['courier', 'operator'], () => ({ action: 'fail', reason: 'no answer at the door' })),
  return: {
    ...moves(['courier', 'operator'], ({ backend }, role) =>
      role === 'courier' ? { action: 'return', fix: aFix('kitchen', backend.nowMs) } : { action: 'return' },
    ),
    ...bySystem({ action: 'return' }),
  },
  complete: bySystem({ action: 'complete', taken: true }),
  escalate: bySystem({ action: 'escalate' }),
  cancel: {
    ...bySystem({ action: 'cancel', reason: 'hold_lapses' }),
    customer: cancelBy('customer'),
    merchant: cancelBy('merchant'),
    operator: cancelBy('operator'),
  },
  settle: bySystem({ action: 'settle' }),
  restore: moves(['operator'], () => ({ action: 'restore', reason: 'a slip' })),
  payOut: bySystem({ action: 'payOut', taken: true }),
};
