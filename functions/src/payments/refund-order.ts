import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { RefundOrderInput, RefundOrderOutput } from '../contract/calls/payments.js';
import type { Order } from '../contract/orders.js';
import type { Refund } from '../contract/payments.js';
import { rolesTowards } from '../orders/actors.js';
import { settledAs } from '../orders/settled.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal, valueOf } from '../platform/outcome.js';
import { priceRefund, type PricedRefund } from '../pricing/refund.js';
import { splitRefund } from './captures.js';
import { giveCredit } from './credit.js';
import { finishRefund } from './finish-refund.js';
import { guarded } from './guarded.js';
import { refundJournal, reversalJournal, type Parties } from './ledger.js';

type Wish = z.infer<typeof RefundOrderInput>;

/**
 * Gives back some of what an order was charged: once per key, journalled with the order's own sums. The provider is told
 * after the commit, and again until it has taken note.
 */
export async function refundOrder(
  ctx: Context,
  caller: Caller,
  wish: Wish,
): Promise<z.infer<typeof RefundOrderOutput>> {
  const { orderId, idempotencyKey: refundId } = wish;
  const { replayed } = await guarded(ctx, {
    name: `refund-${orderId}-${refundId}`,
    wakeUp: { type: 'refund', orderId, refundId },
    commit: (guard) => ctx.db.runTransaction((tx) => commit(ctx, tx, caller, wish, guard)),
    follow: () => finishRefund(ctx, orderId, refundId),
  });
  const refund = (await paths.refunds(ctx.db, orderId).doc(refundId).get()).data();
  if (!refund) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const { amountMinor, creditMinor, status } = refund;
  return { refundId, amountMinor, creditMinor, status, replayed };
}

/** More than anybody asks for, and few enough to read each time. */
const MAX_REFUNDS = 50;

async function commit(
  ctx: Context,
  tx: Transaction,
  caller: Caller,
  wish: Wish,
  guard: () => Promise<unknown>,
): Promise<{ replayed: boolean }> {
  const { orderId, idempotencyKey: refundId } = wish;
  const refunds = paths.refunds(ctx.db, orderId);
  const [stored, quote, earlier] = await Promise.all([
    tx.get(paths.order(ctx.db, orderId)),
    tx.get(paths.quote(ctx.db, orderId)),
    tx.get(refunds.limit(MAX_REFUNDS)),
  ]);
  const order = stored.data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const by = refunderOf(order, caller, wish);
  if (earlier.docs.some((one) => one.id === refundId)) return { replayed: true };
  const { pricing } = quote.data() ?? {};
  if (!pricing || earlier.size === MAX_REFUNDS) throw new Refusal('NOTHING_TO_REFUND');
  const settlement = settledAs(order, pricing);
  if (!settlement || !['captured', 'none'].includes(order.payment.status)) throw new Refusal('NOT_CHARGED');
  checkDestination(order, wish);
  const { capturedMinor, refundedMinor } = order.payment;
  const before = earlier.docs.map((one) => one.data());
  const moneyLeftMinor = capturedMinor - refundedMinor;
  const priced = valueOf(
    priceRefund({ pricing, settlement, earlier: before, moneyLeftMinor, what: wish.what, liable: wish.liable }),
  );
  const refund = refundOf(ctx, order, wish, { by, priced, before });
  await guard();
  write(ctx, tx, { orderId, refundId, order, refund, priced });
  return { replayed: false };
}

/** A merchant gives back food at its own cost; fees, tips and others' money are an operator's to give. */
function refunderOf(order: Order, caller: Caller, { what, liable }: Wish): Refund['by'] {
  const roles = rolesTowards(order, caller);
  if (roles.includes('operator')) return 'operator';
  if (!roles.includes('merchant')) throw new Refusal('ORDER_NOT_FOUND');
  const manages = caller.claims.merchant?.[order.restaurantId] !== 'kitchen';
  if (!manages || liable !== 'merchant' || what.type !== 'lines')
    throw new Refusal('ROLE_NOT_ALLOWED', { role: 'merchant', action: 'refund' });
  return 'merchant';
}

function checkDestination({ payment, courierId }: Order, { to, liable }: Wish): void {
  if (payment.disputed) throw new Refusal('ORDER_DISPUTED');
  if (to === 'card' && payment.method === 'cash') throw new Refusal('CREDIT_ONLY');
  if (liable === 'courier' && courierId === null) throw new Refusal('COURIER_REQUIRED');
}

interface Decided {
  by: Refund['by'];
  priced: PricedRefund;
  before: readonly Refund[];
}

function refundOf(ctx: Context, order: Order, wish: Wish, { by, priced, before }: Decided): Refund {
  const { customerId, restaurantId, currency, payment, events } = order;
  const { what, liable, reason, to } = wish;
  const { amountMinor, moneyMinor, taxMinor, merchantMinor, lines } = priced;
  const sent = before.flatMap((one) => one.parts);
  const parts = to === 'card' ? splitRefund(payment, sent, moneyMinor) : [];
  const toCardMinor = parts.reduce((sum, part) => sum + part.amountMinor, 0);
  const paidOut = events.some((event) => event.money?.type === 'transfer');
  return {
    customerId, restaurantId, by, what, liable, reason, currency, atMs: ctx.now(), amountMinor, taxMinor, merchantMinor,
    reversalMinor: paidOut ? merchantMinor : 0, lines,
    parts: parts.map((part) => ({ ...part, status: 'pending' })), creditMinor: amountMinor - toCardMinor, status: 'pending',
  }; // prettier-ignore
}

interface Written {
  orderId: string;
  refundId: string;
  order: Order;
  refund: Refund;
  priced: PricedRefund;
}

function write(ctx: Context, tx: Transaction, { orderId, refundId, order, refund, priced }: Written): void {
  const { restaurantId, courierId, customerId, currency, payment } = order;
  const parties: Parties = {
    orderId,
    restaurantId,
    courierId,
    customerId,
    currency,
    inCash: payment.method === 'cash',
  };
  const toCardMinor = refund.amountMinor - refund.creditMinor;
  tx.create(paths.refunds(ctx.db, orderId).doc(refundId), refund);
  tx.update(paths.order(ctx.db, orderId), {
    'payment.refundedMinor': FieldValue.increment(priced.moneyMinor),
    ...(refund.merchantMinor > 0 && { 'payment.merchantBearsMinor': FieldValue.increment(refund.merchantMinor) }),
  });
  const refunded = refundJournal(parties, priced, toCardMinor, ctx.now());
  if (refunded) tx.create(paths.journal(ctx.db, `${orderId}-refund-${refundId}`), refunded);
  const reversed = reversalJournal(parties, refund.reversalMinor, ctx.now());
  if (reversed) tx.create(paths.journal(ctx.db, `${orderId}-reversal-${refundId}`), reversed);
  giveCredit(ctx, tx, customerId, currency, refund.creditMinor);
}
