import { CLAIM_KINDS } from '#functions/contract/support.js';
import type { Requests } from '#functions/calls/callables.js';
import type { Random } from '#simulator/random.js';
import { aCart } from '#fixtures/journey.js';
import { ENTERED_CODES, QUARTERS } from '../city.js';
import { readOrder } from './orders-seen.js';
import { Person } from './person.js';

type Payment = 'card' | 'sheet' | 'sheetNeverPaid' | 'declined' | 'cash';

/** What a customer has in mind for one order. */
export interface OrderPlan {
  restaurantId: string;
  kind: 'delivery' | 'pickup';
  payment: Payment;
  code: string | null;
  useCredit: boolean;
  tipPpm: number;
  quantity: number;
  /** With a drink that is sold to adults. */
  drinks: boolean;
  /** ISO 8601; null: the app does not ask for it. */
  birthDate: string | null;
  ifUnavailable: 'refund' | 'cancel';
  /** The slot's distance from now; null: as soon as possible. */
  scheduledInHours: number | null;
  cancelsAfterSeconds: number | null;
  /** How many times the customer tips after the delivery. */
  lateTips: number;
  claims: boolean;
  /** The customer writes to the kitchen or the courier with every step. */
  chats: boolean;
  /** The customer's account is erased in the night. */
  leaves: boolean;
}

/** An order as most are: delivered as soon as possible, paid by a saved card. */
export const PLAIN: OrderPlan = {
  restaurantId: QUARTERS[0].restaurantId,
  kind: 'delivery',
  payment: 'card',
  code: null,
  useCredit: false,
  tipPpm: 100_000,
  quantity: 2,
  drinks: false,
  birthDate: null,
  ifUnavailable: 'refund',
  scheduledInHours: null,
  cancelsAfterSeconds: null,
  lateTips: 0,
  claims: false,
  chats: false,
  leaves: false,
};

const [ADULT, CHILD] = ['1990-02-28', '2015-02-28'];

const PAYMENTS: readonly Payment[] = ['card', 'card', 'card', 'card', 'card', 'sheet', 'sheetNeverPaid', 'declined'];

/** A tip is paid by a saved card, which may be declined, or in the sheet, which stays unpaid here. */
const TIP_CARDS = [
  { paymentMethodId: 'pm_card_visa' },
  { paymentMethodId: 'pm_card_visa' },
  { paymentMethodId: 'pm_card_declined' },
  {},
] as const;

/** Draws what a customer wants. */
export function drawPlan(random: Random): OrderPlan {
  const kind = random.chance(0.8) ? 'delivery' : 'pickup';
  const scheduledInHours = random.chance(0.1) ? random.between(2, 5) : null;
  const isCash = kind === 'delivery' && scheduledInHours === null && random.chance(0.12);
  return {
    restaurantId: random.pick(QUARTERS).restaurantId,
    kind,
    payment: isCash ? 'cash' : random.pick(PAYMENTS),
    code: random.chance(0.3) ? random.pick(ENTERED_CODES) : null,
    useCredit: random.chance(0.3),
    tipPpm: kind === 'delivery' ? random.pick([0, 50_000, 100_000]) : 0,
    quantity: random.between(1, 4),
    ifUnavailable: random.pick(['refund', 'cancel']),
    scheduledInHours,
    cancelsAfterSeconds: random.chance(0.15) ? random.between(1, 1_800) : null,
    lateTips: random.chance(0.2) ? random.between(1, 2) : 0,
    claims: random.chance(0.15),
    chats: random.chance(0.2),
    leaves: random.chance(0.05),
    drinks: random.chance(0.2),
    birthDate: random.pick([ADULT, ADULT, ADULT, ADULT, CHILD, null]),
  };
}

/** A customer of the city: orders, pays, changes the mind, tips. */
export class Customer extends Person {
  /**
   * Orders by the plan. Returns the order's id; null where none was placed as far as the customer knows: the last
   * answer may have been lost.
   */
  async order(plan: OrderPlan): Promise<string | null> {
    const orderId = await this.#place(plan);
    if (orderId !== null && plan.cancelsAfterSeconds !== null)
      void this.#cancelLater(orderId, plan.cancelsAfterSeconds);
    return orderId;
  }

  async #place(plan: OrderPlan): Promise<string | null> {
    const quoted = await this.call('quote', this.#cart(plan));
    if (quoted?.type !== 'output') return null;
    let { quoteId, totals } = quoted.output;
    // The price may change before the customer agrees; the customer agrees to each new one, twice at most.
    for (let round = 0; round < 3; round += 1) {
      await this.think(1, 30);
      const placed = await this.call('placeOrder', toPlacing(plan, quoteId, totals.totalMinor));
      if (placed?.type !== 'output') return null;
      const { output } = placed;
      if (output.outcome === 'placed') {
        if (plan.payment === 'sheet' && output.payment) void this.#payBySheet(output.orderId);
        return output.orderId;
      }
      ({ quoteId, after: totals } = output);
    }
    return null;
  }

  #cart({ payment, code, scheduledInHours, ...plan }: OrderPlan): Requests['quote'] {
    const { restaurantId, kind, tipPpm, useCredit, ifUnavailable } = plan;
    const slot = scheduledInHours === null ? {} : { scheduledForMs: this.#slotMs(scheduledInHours) };
    return aCart({
      restaurantId,
      kind,
      tipPpm,
      useCredit,
      ifUnavailable,
      lines: [
        { itemId: 'margherita', quantity: plan.quantity },
        ...(plan.drinks ? [{ itemId: 'cola', quantity: 1 }] : []),
      ],
      promotionCodes: code === null ? [] : [code],
      paymentMethod: payment === 'cash' ? 'cash' : 'card',
      ...slot,
    });
  }

  /** Slots are quarters of an hour. */
  #slotMs(hours: number): number {
    const quarter = 900_000;
    return Math.ceil((this.world.time.nowMs + hours * 3_600_000) / quarter) * quarter;
  }

  async #payBySheet(orderId: string): Promise<void> {
    await this.think(5, 900);
    if (this.world.payments.intents.get(`pi_${orderId}`)?.status !== 'unpaid') return;
    this.world.story.tell(`${this.uid} pays ${orderId} in the payment sheet`);
    this.world.payments.customerPays(orderId);
    this.world.deliverWebhooks();
  }

  async #cancelLater(orderId: string, seconds: number): Promise<void> {
    await this.world.time.sleep(seconds * 1000);
    await this.call('cancelOrder', { orderId, idempotencyKey: this.key('cancel'), reason: 'changed my mind' });
  }

  /** Answers an edit of the kitchen; after the delivery, tips and complains as the plan says. */
  async react(orderId: string, { lateTips, payment, claims, leaves, chats }: OrderPlan): Promise<void> {
    const { status, edit, courierId } = readOrder(this.world, orderId);
    if (chats) void this.#chat(orderId, courierId === null ? 'restaurant' : 'courier');
    if (edit) return this.#answerEdit(orderId, edit.event);
    if (status === 'completed' && leaves) return this.#leave();
    if (status !== 'delivered') return;
    if (claims) void this.#claim(orderId);
    for (let n = 0; n < (payment === 'cash' ? 0 : lateTips); n += 1) await this.#tip(orderId);
  }

  async #chat(orderId: string, to: 'restaurant' | 'courier'): Promise<void> {
    await this.think(1, 300);
    await this.say(orderId, 'customer', to);
    const text = 'Where is it?';
    if (this.random.chance(0.4))
      await this.call('writeToSupport', { text, orderId, idempotencyKey: this.key('support') });
  }

  async #claim(orderId: string): Promise<void> {
    await this.think(30, 3_600);
    await this.call('openClaim', {
      orderId,
      idempotencyKey: this.key('claim'),
      kind: this.random.pick(CLAIM_KINDS),
      lines: [{ line: 0, quantity: 1 }],
    });
  }

  /** Erases the account, once no order of it is open. */
  async #leave(): Promise<void> {
    await this.think(6 * 3_600, 9 * 3_600);
    this.world.signIn(this.uid);
    await this.call('deleteMyAccount', {});
  }

  async #tip(orderId: string): Promise<void> {
    await this.think(5, 1_200);
    await this.call('addTip', {
      orderId,
      idempotencyKey: this.key('tip'),
      amountMinor: this.random.between(50, 500),
      ...this.random.pick(TIP_CARDS),
    });
  }

  async #answerEdit(orderId: string, event: number): Promise<void> {
    // Some answer only when the proposal has expired, and the kitchen may have made another.
    await this.hesitate(orderId, 2, this.random.chance(0.3) ? 500 : 200);
    const answer = this.random.chance(0.7) ? 'approve' : 'decline';
    const card = this.random.chance(0.8) ? { paymentMethodId: 'pm_card_visa' } : {};
    const idempotencyKey = this.key('answer');
    this.world.proposals.set(idempotencyKey, event);
    await this.call('answerEdit', { orderId, idempotencyKey, answer, event, ...card });
  }
}

function toPlacing(
  { payment, birthDate }: OrderPlan,
  quoteId: string,
  confirmedTotalMinor: number,
): Requests['placeOrder'] {
  const card = payment === 'card' ? 'pm_card_visa' : payment === 'declined' ? 'pm_card_declined' : undefined;
  return {
    quoteId,
    idempotencyKey: `place-${quoteId}`,
    confirmedTotalMinor,
    ...(birthDate !== null && { birthDate }),
    ...(card !== undefined && { paymentMethodId: card }),
  };
}
