import type { Query } from 'firebase-admin/firestore';
import { findSharers } from '../../abuse/links.js';
import type { Order, OrderStatus } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { zoneOf } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { readable } from '../../platform/isolate.js';
import { Refusal, type Details } from '../../core/outcome.js';
import { SYSTEM } from '../model/actors.js';
import { checkAllowance, OPEN_KINDS, sumReserved, type OpenOrders } from '../model/allowance.js';
import type { PaymentPlan } from './pay-order.js';
import { transition } from './transition.js';

/** Names the step that takes a placed order back; `placedBefore` gives the same refusal again. */
const CAUSE = 'limit:';
/** More unpaid orders than any allowance. */
const MAX_UNPAID = 60;
const WITH_CASH: readonly OrderStatus[] = [
  'pending_payment',
  'placed',
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'undeliverable',
];

/**
 * Holds a new order to what its account may have open. It is looked at after the order was written, with the order
 * among them: of orders placed at the same time each sees all that were written before its look, so that never more
 * stay than are allowed. One too many expires at once and gives back what it reserved. Throws TOO_MANY_OPEN_ORDERS.
 *
 * An order whose card is charged only when its slot comes near is counted with the others of that kind, until it is
 * charged.
 *
 * An order that is paid at once by a saved card and reserves nothing limited is looked at only if the card did not pay
 * it: see `payOrder`. Nor is any other card order that reserves nothing limited, until an instance has seen as many of
 * its customer as may be open; then it costs one aggregated read. Cash and limited goods are looked at for every
 * account of the same device or card.
 */
export async function requireAllowance(
  ctx: Context,
  orderId: string,
  order: Order,
  payable: PaymentPlan,
): Promise<void> {
  const isScarce = reservesLimited(order);
  if (isPaidAtOnce(payable) && !isScarce) return;
  const { limits } = await zoneOf(ctx, order.zoneId);
  const isDeferred = payable.type === 'deferred';
  const isPlain = !isScarce && !isDeferred && order.payment.method !== 'cash';
  if (isPlain && isRare(ctx, order.customerId, limits)) return;
  const open = await readOpen(ctx, order, { isScarce, isDeferred });
  if (checkAllowance(open, 0, limits.trust).ok) return;
  const judged = checkAllowance(open, await countCompleted(ctx, order.customerId), limits.trust);
  if (judged.ok) return;
  const command = { action: 'expire' as const };
  await transition(ctx, {
    orderId,
    command,
    causeId: `${CAUSE}${String(judged.details['kind'])}`,
    actor: () => SYSTEM,
  });
  throw new Refusal(judged.reason, judged.details);
}

/** Fewer orders on this instance than the allowance, within the time that an order may stay unpaid. */
function isRare({ caches }: Context, uid: string, { trust, paymentMinutes }: ZoneLimits): boolean {
  const limit = { capacity: trust.unpaidOrders - 1, refillMs: paymentMinutes * 60_000 };
  return caches.limiter.wait(`unpaid:${uid}`, limit) === 0;
}

/** Throws the TOO_MANY_OPEN_ORDERS with which an order was taken back when it was placed. */
export function requireNotTakenBack({ events }: Order): void {
  const taken = events.find(({ causeId }) => causeId.startsWith(CAUSE));
  const kind = OPEN_KINDS.find((one) => taken?.causeId === `${CAUSE}${one}`);
  if (kind) throw new Refusal('TOO_MANY_OPEN_ORDERS', { kind } satisfies Details);
}

const isPaidAtOnce = (payable: PaymentPlan): boolean =>
  payable.type === 'none' || (payable.type === 'hold' && payable.paymentMethodId !== undefined);

function reservesLimited({ reserved }: Order): boolean {
  if (!reserved) return false;
  return reserved.slotMs !== null || Object.keys(reserved.stock).length > 0 || reserved.promotions.length > 0;
}

interface Look {
  isScarce: boolean;
  isDeferred: boolean;
}

async function readOpen(ctx: Context, order: Order, { isScarce, isDeferred }: Look): Promise<OpenOrders> {
  const isCash = order.payment.method === 'cash';
  const own = [order.customerId];
  const isShared = isScarce || isDeferred || isCash;
  const accounts = isShared ? [...own, ...(await findSharers(ctx, order.customerId))] : own;
  const cash = isCash ? await sumOver(accounts, (uid) => countCash(ctx, uid)) : 0;
  const queries = accounts.flatMap((uid) => unpaidOf(ctx, uid, isDeferred));
  if (!isScarce) return { unpaid: await sumOver(queries, countOf), cash, units: 0, places: 0 };
  const takesPlace = order.reserved !== undefined && order.reserved.slotMs !== null;
  const [unpaid, waiting] = await Promise.all([
    readAll(ctx, queries),
    readAll(ctx, takesPlace ? accounts.map((uid) => waitingOf(ctx, uid)) : []),
  ]);
  const paid = [...waiting].filter(([id]) => !unpaid.has(id)).map(([, one]) => one);
  const isRead = (one: Order | null) => one !== null;
  return { unpaid: unpaid.size, cash, ...sumReserved(order, [...unpaid.values()].filter(isRead), paid.filter(isRead)) };
}

/**
 * By id: an order may be found by two queries. Null for an order that cannot be read: it counts as one, with nothing
 * reserved.
 */
async function readAll(ctx: Context, queries: readonly Query<Order>[]): Promise<Map<string, Order | null>> {
  const found = await Promise.all(queries.map((query) => query.limit(MAX_UNPAID).get()));
  const docs = found.flatMap((snapshot) => snapshot.docs);
  const read = await readable(ctx, 'placeOrder', docs);
  return new Map([...docs.map(({ id }) => [id, null] as const), ...read.map(({ id, data }) => [id, data] as const)]);
}

/** Paid or not, what no kitchen has accepted yet is cancelled for nothing. */
const waitingOf = (ctx: Context, uid: string): Query<Order> =>
  paths.orders(ctx.db).where('customerId', '==', uid).where('status', 'in', ['scheduled', 'placed']);

/** With a deferred order, also those that are scheduled and not charged yet. */
const unpaidOf = (ctx: Context, uid: string, isDeferred: boolean): Query<Order>[] =>
  isDeferred ? [pendingOf(ctx, uid), deferredOf(ctx, uid)] : [pendingOf(ctx, uid)];

function pendingOf(ctx: Context, uid: string): Query<Order> {
  return paths.orders(ctx.db).where('customerId', '==', uid).where('status', '==', 'pending_payment');
}

function deferredOf(ctx: Context, uid: string): Query<Order> {
  return paths
    .orders(ctx.db)
    .where('customerId', '==', uid)
    .where('payment.status', '==', 'deferred')
    .where('status', '==', 'scheduled');
}

async function countOf(query: Query<Order>): Promise<number> {
  return (await query.count().get()).data().count;
}

async function countCash(ctx: Context, uid: string): Promise<number> {
  const inCash = paths
    .orders(ctx.db)
    .where('customerId', '==', uid)
    .where('payment.method', '==', 'cash')
    .where('status', 'in', WITH_CASH);
  return countOf(inCash);
}

/** Has the account completed an order? One read. */
export async function hasCompleted(ctx: Context, uid: string): Promise<boolean> {
  const found = await paths
    .orders(ctx.db)
    .where('customerId', '==', uid)
    .where('status', '==', 'completed')
    .limit(1)
    .get();
  return !found.empty;
}

/** Completed orders without a dispute: two aggregated reads. */
export async function countCompleted(ctx: Context, uid: string): Promise<number> {
  const completed = paths.orders(ctx.db).where('customerId', '==', uid).where('status', '==', 'completed');
  const [all, disputed] = await Promise.all([
    completed.count().get(),
    completed.where('payment.disputed', '==', true).count().get(),
  ]);
  return all.data().count - disputed.data().count;
}

async function sumOver<T>(them: readonly T[], count: (one: T) => Promise<number>): Promise<number> {
  return (await Promise.all(them.map(count))).reduce((sum, one) => sum + one, 0);
}
