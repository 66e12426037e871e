import { LIABLE_PARTIES, type OrderStatus } from '#functions/contract/orders.js';
import type { Requests } from '#functions/calls/callables.js';
import { couriers, OWN_PROMOTIONS } from '../city.js';
import { readOrder } from './orders-seen.js';
import { Person } from './person.js';

type DispatchAct = Requests['dispatchOrder']['act'];
const REFUND_LIABLE = ['merchant', 'courier', 'platform'] as const;

/** An operator: looks after orders that are stuck, gives money back, brings cancelled orders back. */
export class Operator extends Person {
  async react(orderId: string): Promise<void> {
    await this.hesitate(orderId, 10, 900);
    const { status, payment, courierId, rider, scheduledForMs } = readOrder(this.world, orderId);
    if (status === 'scheduled' && scheduledForMs === null) return this.#triage(orderId);
    if (this.random.chance(0.05)) await this.#note(orderId);
    if (this.random.chance(0.05)) await this.#answer(orderId);
    if (this.random.chance(0.04)) await this.#endPromotion(orderId);
    if (this.random.chance(0.06)) await this.#dispatch(orderId, status, courierId);
    if (rider && ['ready', 'picked_up'].includes(status) && this.random.chance(0.3))
      return this.#bringOn(orderId, status);
    if (status === 'undeliverable' && this.random.chance(0.2)) return this.#cancel(orderId);
    if (this.random.chance(0.02)) return this.#cancel(orderId);
    if (status === 'cancelled' && this.random.chance(0.3)) return this.#restore(orderId);
    const left = payment.capturedMinor - (payment.refundedMinor ?? 0);
    for (let n = 0; n < 4 && left > 0 && this.random.chance(n === 0 ? 0.12 : 0.5); n += 1)
      await this.#refund(orderId, left);
  }

  /** Gives a customer credit, as for an order that went wrong earlier. */
  async grantCredit(uid: string): Promise<void> {
    const amountMinor = this.random.between(100, 3_000);
    const idempotencyKey = this.key('credit');
    await this.call('grantCredit', { uid, currency: 'EUR', amountMinor, reason: 'sorry', idempotencyKey });
  }

  /** Decides a claim that the rules leave to an operator. */
  async decideClaim(orderId: string, claimId: string): Promise<void> {
    await this.think(60, 3_600);
    const to = this.random.pick(['card', 'credit'] as const);
    const decision = this.random.chance(0.6) ? { type: 'refund' as const, to } : { type: 'reject' as const };
    await this.call('decideClaim', { orderId, claimId, decision, reason: 'saw the photo' });
  }

  /** Decides a pay that waits because its delivery was in doubt. */
  async decideHeldPay(orderId: string, payee: 'courier' | 'kitchen'): Promise<void> {
    await this.think(60, 7_200);
    const verdict = this.random.pick(['release', 'refuse'] as const);
    await this.call('decideHeldPay', { orderId, payee, verdict, reason: 'asked them' });
  }

  /** Refunds what a customer complains about days later, at the cost of a courier who may have been paid already. */
  async refundLate(orderId: string): Promise<void> {
    await this.think(60, 3_600);
    const { capturedMinor, refundedMinor = 0 } = readOrder(this.world, orderId).payment;
    if (capturedMinor > refundedMinor) await this.#refund(orderId, capturedMinor - refundedMinor, 'courier');
  }

  /**
   * Records that a courier repaid a debt, or writes it off: in parts, or more than is owed where a ride has made it good
   * since the operator read the balance.
   */
  async settleDebt(courierId: string): Promise<void> {
    await this.think(60, 7_200);
    const read = await this.call('courierBalance', { courierId });
    if (read?.type !== 'output') return;
    const debts = read.output.balances.filter(({ owedMinor }) => owedMinor < 0);
    for (const { currency, owedMinor } of debts) {
      await this.think(10, 900);
      const amountMinor = this.random.chance(0.6) ? -owedMinor : this.random.between(1, -owedMinor);
      const how = this.random.pick(['repaid', 'writtenOff'] as const);
      const idempotencyKey = this.key('debt');
      const input = { courierId, currency, amountMinor, how, reason: 'sent it to the bank', idempotencyKey };
      await this.call('settleCourierDebt', input);
    }
  }

  /** Releases a risky order, rejects it, or leaves it to its time. */
  async #triage(orderId: string): Promise<void> {
    if (this.random.chance(0.2)) return this.#cancel(orderId);
    if (this.random.chance(0.4)) return;
    const act = { type: 'release' as const };
    await this.call('dispatchOrder', { orderId, idempotencyKey: this.key('release'), act, reason: 'called them' });
  }

  /** Lets the search begin again, assigns a courier, or lets another one take over the food. */
  async #dispatch(orderId: string, status: OrderStatus, carrierId: string | null): Promise<void> {
    const courierId = this.random.pick(couriers());
    const isOut = status === 'picked_up' || status === 'undeliverable';
    const acts = isOut ? (['handOver'] as const) : (['restart', 'assign', 'ownRider', 'outsideRider'] as const);
    const type = this.random.pick(acts);
    if (!isOut && (carrierId !== null || !['accepted', 'preparing', 'ready'].includes(status))) return;
    const act = this.#toAct(type, courierId);
    await this.call('dispatchOrder', { orderId, idempotencyKey: this.key(type), act, reason: 'called them' });
  }

  #toAct(type: 'restart' | 'assign' | 'handOver' | 'ownRider' | 'outsideRider', courierId: string): DispatchAct {
    if (type === 'restart' || type === 'ownRider') return { type };
    return type === 'outsideRider' ? { type, name: 'Tom', feeMinor: 700 } : { type, courierId };
  }

  /** Records what a rider reported by telephone, or sends the rider away. */
  async #bringOn(orderId: string, status: OrderStatus): Promise<void> {
    const isLate = this.random.chance(0.3);
    const before = isLate ? { action: 'unassign' as const, reason: 'late' } : { action: 'pickUp' as const };
    const move = status === 'picked_up' ? { action: 'confirmDelivery' as const, idChecked: true as const } : before;
    await this.call('moveOrder', { orderId, idempotencyKey: this.key(move.action), move });
  }

  /** Records that an outside rider was paid. */
  async payRider(orderId: string): Promise<void> {
    await this.think(60, 7_200);
    await this.call('recordRiderPayment', { orderId, reference: 'cash' });
  }

  /** Notes something about an order, tags it, or takes care of it. */
  async #note(orderId: string): Promise<void> {
    const acts: Requests['noteRecord']['act'][] = [
      { type: 'note' },
      { type: 'tags', tags: ['late'] },
      { type: 'take' },
      { type: 'release' },
    ];
    const subject = { type: 'order' as const, id: orderId };
    const idempotencyKey = this.key('note');
    await this.call('noteRecord', { subject, act: this.random.pick(acts), reason: 'called us', idempotencyKey });
  }

  /** Answers the order's customer, who may not have written. */
  async #answer(orderId: string): Promise<void> {
    const { customerId: uid } = readOrder(this.world, orderId);
    const act = this.random.chance(0.7)
      ? { type: 'reply' as const, text: 'We look into it.' }
      : { type: 'close' as const };
    await this.call('answerSupport', { uid, act, reason: 'wrote to us', idempotencyKey: this.key('answer') });
  }

  /** Ends a promotion of the order's restaurant, which may not run it. */
  async #endPromotion(orderId: string): Promise<void> {
    const { restaurantId } = readOrder(this.world, orderId);
    const promotionId = this.random.pick(Object.keys(OWN_PROMOTIONS));
    const act = { type: 'endPromotion' as const, promotionId };
    await this.call('actForStore', { restaurantId, act, reason: 'it misleads people' });
  }

  async #cancel(orderId: string): Promise<void> {
    const liable = this.random.pick(LIABLE_PARTIES);
    await this.call('cancelOrder', { orderId, idempotencyKey: this.key('cancel'), reason: 'called us', liable });
  }

  async #restore(orderId: string): Promise<void> {
    const move = { action: 'restore' as const, reason: 'by mistake' };
    await this.call('moveOrder', { orderId, idempotencyKey: this.key('restore'), move });
  }

  async #refund(orderId: string, leftMinor: number, liable = this.random.pick(REFUND_LIABLE)): Promise<void> {
    await this.call('refundOrder', {
      orderId,
      idempotencyKey: this.key('refund'),
      what: { type: 'amount', amountMinor: this.random.between(1, leftMinor) },
      liable,
      reason: 'cold',
      to: this.random.pick(['card', 'credit']),
    });
  }
}
