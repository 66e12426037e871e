import type { Requests } from '#functions/calls/callables.js';
import { OWN_PROMOTIONS, quarterOf } from '../city.js';
import { readOrder, type OrderSeen } from './orders-seen.js';
import { WorkingPerson } from './person.js';

type Move = Requests['moveOrder']['move'];

/** The staff of a kitchen: accepts and cooks, sometimes rejects, edits, is silent, or gives up. */
export class Merchant extends WorkingPerson {
  /** Takes the next step of an order, as its status asks for. */
  async react(orderId: string): Promise<void> {
    const order = readOrder(this.world, orderId);
    if (this.strays(0.05)) await this.say(orderId, 'merchant', 'restaurant');
    const isQuick = order.status === 'placed' || order.events.at(-1)?.action === 'answerEdit';
    await this.hesitate(orderId, 2, isQuick ? 60 : 600);
    const now = readOrder(this.world, orderId);
    if (now.status !== order.status) return;
    if (this.strays(0.08)) await this.promote(now.restaurantId);
    if (this.strays(0.03)) return this.#cancel(orderId);
    // An edit changes no counted portions, and the invariant compares them with what the order has at its end.
    const isCounted = quarterOf(now.restaurantId).portions !== null;
    const wasUnanswered = now.events.at(-1)?.action === 'answerEdit';
    if (this.strays(wasUnanswered ? 0.5 : 0.08) && !isCounted) return this.#edit(orderId, now);
    const move = this.#chooseMove(orderId, now);
    if (move) await this.move(orderId, 'merchant', move);
  }

  #chooseMove(orderId: string, { status, kind, courierId, rider, events, ageLimit }: OrderSeen): Move | null {
    const checked = ageLimit === undefined ? {} : { idChecked: true as const };
    if ((status === 'accepted' || status === 'preparing') && this.strays(0.12)) return this.#delay(events.length);
    switch (status) {
      case 'placed':
        if (this.strays(0.04)) return null;
        return this.strays(0.06) ? { action: 'reject', reason: 'too_busy' } : { action: 'accept' };
      case 'accepted':
        return this.strays(0.1) ? { action: 'markReady' } : { action: 'startPreparing' };
      case 'preparing':
        return { action: 'markReady' };
      case 'ready':
        if (kind === 'pickup')
          return this.strays(0.1) ? null : { action: 'collect', pin: this.world.pin(orderId), ...checked };
        if (rider) return { action: 'pickUp' };
        return courierId !== null && this.strays(0.1) ? { action: 'pickUp' } : null;
      case 'picked_up':
        return rider ? { action: 'confirmDelivery', pin: this.world.pin(orderId), ...checked } : null;
      default:
        return null;
    }
  }

  /** Announces a delay: sometimes for too long, or from a phone that has not seen the last one. */
  #delay(seen: number): Move {
    const minutes = Math.ceil(this.random.between(1, 35));
    return { action: 'delay', minutes, ...(this.random.chance(0.5) && { events: seen }) };
  }

  /** Saves one of the restaurant's own promotions, or pauses, resumes or ends one, which may not exist. */
  async promote(restaurantId: string): Promise<void> {
    const promotionId = this.random.pick(Object.keys(OWN_PROMOTIONS));
    const promotion = OWN_PROMOTIONS[promotionId];
    if (!promotion) return;
    const to = this.random.pick(['paused', 'running', 'ended', 'paused', 'running'] as const);
    if (this.random.chance(0.5)) await this.call('saveStorePromotion', { restaurantId, promotionId, promotion });
    else await this.call('switchStorePromotion', { restaurantId, promotionId, to });
  }

  async #cancel(orderId: string): Promise<void> {
    await this.call('cancelOrder', { orderId, idempotencyKey: this.key('cancel'), reason: 'no gas' });
  }

  async #edit(orderId: string, { lines }: OrderSeen): Promise<void> {
    const quantity = Math.max(0, (lines[0]?.quantity ?? 1) - 1);
    const substitute = {
      itemId: 'calzone',
      quantity: 1,
      modifiers: [{ optionId: 'regular', quantity: 1, modifiers: [] }],
    };
    const change = this.random.chance(0.4)
      ? { type: 'substitute' as const, line: 0, by: substitute }
      : { type: 'reduce' as const, line: 0, quantity };
    await this.call('editOrder', { orderId, idempotencyKey: this.key('edit'), changes: [change], reason: 'sold out' });
  }
}
