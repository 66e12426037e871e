import type { Payments } from '#functions/payments/payments.js';
import type { PushSender } from '#functions/notifications/push.js';
import type { World } from '../world/world.js';

/** The calls that move money, with the part of the request that names the movement. */
const MOVEMENTS: Partial<Record<keyof Payments, (request: Record<string, unknown>) => string>> = {
  open: ({ orderId, purpose }) => `${String(orderId)} ${String(purpose)}`,
  capture: ({ intentId }) => String(intentId),
  transfer: ({ orderId }) => String(orderId),
  reverse: ({ orderId, refundId }) => `${String(orderId)} ${String(refundId)}`,
  refund: ({ refundId, intentId }) => `${String(refundId)} ${String(intentId)}`,
  transferToCourier: ({ payoutId }) => String(payoutId),
  payOut: ({ payoutId }) => String(payoutId),
  reverseTransfer: ({ payoutId }) => String(payoutId),
};

/**
 * Wraps the payment provider: a movement that is requested again must be requested with the same amount, since its key
 * is a function of the request alone.
 */
export function checkPayments(payments: Payments, breach: (text: string) => void): Payments {
  const seen = new Map<string, string>();
  return new Proxy(payments, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        const toId = Object.entries(MOVEMENTS).find(([movement]) => movement === name)?.[1];
        const [request] = args;
        if (toId && typeof request === 'object' && request !== null)
          compare(`${String(name)} ${toId({ ...request })}`, request);
        return Reflect.apply(method, target, args);
      };
    },
  });

  function compare(id: string, request: object): void {
    const text = JSON.stringify(request, Object.keys(request).toSorted());
    const before = seen.get(id);
    if (before !== undefined && before !== text)
      breach(`the provider is asked for ${id} with ${text}, before with ${before}`);
    seen.set(id, text);
  }
}

/** Wraps the push sender: a notification of an order's event is sent only once the event is stored. */
export function checkPush(push: PushSender, world: () => World): PushSender {
  return {
    send(one, nowMs) {
      const [, orderId = '', n = ''] = /^(order-\d+)-(\d+)-\d+$/.exec(one.collapseId) ?? [];
      if (orderId !== '' && world().countEvents(orderId) < Number(n))
        world().breach(`${one.collapseId} was sent before its event is stored`);
      return push.send(one, nowMs);
    },
  };
}
