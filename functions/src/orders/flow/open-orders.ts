import type { Query } from 'firebase-admin/firestore';
import { findSharers, listPersonalKeys } from '../../abuse/links.js';
import type { Counted } from '../../abuse/model/limits.js';
import { hasTokens } from '../../abuse/rate-limit-store.js';
import type { Order, OrderStatus } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { filterReadable } from '../../platform/isolate.js';
import { Refusal, type Details } from '../../core/outcome.js';
import { SYSTEM } from '../model/actors.js';
import { checkAllowance, OPEN_KINDS, sumReserved, type OpenKind, type OpenOrders } from '../model/allowance.js';
import { reservesLimited } from '../model/reservation-rules.js';
import { WITHDRAWN } from '../model/counted-ends.js';
import { countCompleted, queryWaiting } from './past-and-waiting.js';
import type { PaymentPlan } from './pay-order.js';
import { transition } from './transition.js';

/** More unpaid orders than any allowance. */
const MAX_UNPAID = 60;
const WITH_CASH: readonly OrderStatus[] = [
  'pending_payment',
  'scheduled',
  'placed',
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'undeliverable',
];

/**
 * Enforces the number of open orders that an account may have. The check runs after the order was written and counts
 * it: of concurrent orders each check sees all orders that were written before it, so that never more orders stay than
 * are allowed. An order beyond the limit expires at once and releases its reservation. Throws TOO_MANY_OPEN_ORDERS.
 * An order whose card is charged only shortly before its slot is counted with the others of that kind, until it is
 * charged.
 * An order that is paid at once by a saved card and reserves nothing limited is checked only if the payment failed: see
 * `payOrder`. Any other card order that reserves nothing limited is not checked either, until an instance has seen as
 * many orders of its customer as may be open; then the check costs one aggregated read. Cash and limited resources are
 * checked for all accounts of the same device or card.
 */
export async function requireAllowance(
  ctx: Context,
  orderId: string,
  order: Order,
  payable: PaymentPlan,
): Promise<void> {
  const isScarce = reservesLimited(order);
  if (isPaidAtOnce(payable) && !isScarce) return;
  const { limits } = await getZone(ctx, order.zoneId);
  const isDeferred = payable.type === 'deferred';
  const isPlain = !isScarce && !isDeferred && order.payment.method !== 'cash';
  if (isPlain && takeLocalAllowance(ctx, order.customerId, limits)) return;
  const spent = await findSpent(ctx, order, payable);
  if (spent) return withdraw(ctx, orderId, new Refusal('TOO_MANY_OPEN_ORDERS', { kind: spent, max: 0 }));
  const open = await readOpen(ctx, order, { isScarce, isDeferred });
  if (checkAllowance(open, 0, limits.trust).ok) return;
  const judged = checkAllowance(open, await countCompleted(ctx, order.customerId), limits.trust);
  if (judged.ok) return;
  return withdraw(ctx, orderId, Refusal.of(judged));
}

/** Lets an order beyond a limit expire, and throws its refusal. */
async function withdraw(ctx: Context, orderId: string, refusal: Refusal): Promise<never> {
  const causeId = `${WITHDRAWN}${String(refusal.details['kind'])}`;
  await transition(ctx, { orderId, command: { action: 'expire' }, causeId, actor: () => SYSTEM });
  throw refusal;
}

/**
 * Finds the kind of orders of which the customer, a device or a card has left too many unpaid; null for a plain order,
 * and for one that a saved card pays at once.
 */
async function findSpent(ctx: Context, order: Order, payable: PaymentPlan): Promise<OpenKind | null> {
  const isCash = order.payment.method === 'cash';
  const isUncertain = reservesLimited(order) && !isPaidAtOnce(payable);
  if (!isCash && !isUncertain) return null;
  const keys = await listPersonalKeys(ctx, null, order.customerId);
  const isLeft = (kind: Counted) =>
    hasTokens(
      ctx,
      keys.map((whose) => ({ kind, whose })),
    );
  if (isCash && !(await isLeft('unpaidCash'))) return 'cash';
  if (isUncertain && !(await isLeft('scarceExpiry'))) return findReservedKind(order);
  return null;
}

function findReservedKind({ reserved }: Order): OpenKind {
  if (reserved && Object.keys(reserved.stock).length > 0) return 'units';
  return reserved && reserved.slotMs !== null ? 'places' : 'uses';
}

/** True while this instance has seen fewer orders than the allowance, within the time that an order may stay unpaid. */
function takeLocalAllowance({ caches }: Context, uid: string, { trust, paymentMinutes }: ZoneLimits): boolean {
  const limit = { capacity: trust.unpaidOrders - 1, refillMs: paymentMinutes * 60_000 };
  return caches.limiter.wait(`unpaid:${uid}`, limit) === 0;
}

/** Throws TOO_MANY_OPEN_ORDERS for an order that was withdrawn with this refusal when it was placed. */
export function requireNotWithdrawn({ events }: Order): void {
  const taken = events.find(({ causeId }) => causeId.startsWith(WITHDRAWN));
  const kind = OPEN_KINDS.find((one) => taken?.causeId === `${WITHDRAWN}${one}`);
  if (kind) throw new Refusal('TOO_MANY_OPEN_ORDERS', { kind } satisfies Details);
}

const isPaidAtOnce = (payable: PaymentPlan): boolean =>
  payable.type === 'none' || (payable.type === 'hold' && payable.paymentMethodId !== undefined);

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
  const queries = accounts.flatMap((uid) => queryUnpaid(ctx, uid, isDeferred));
  if (!isScarce) return { unpaid: await sumOver(queries, countOrders), cash, units: 0, places: 0, uses: 0 };
  const [unpaid, waiting] = await Promise.all([
    readAll(ctx, queries),
    readAll(
      ctx,
      accounts.map((uid) => queryWaiting(ctx, uid)),
    ),
  ]);
  const open = [...new Map([...unpaid, ...waiting]).values()].filter((one) => one !== null);
  return { unpaid: unpaid.size, cash, ...sumReserved(order, open) };
}

/**
 * Reads the orders by id: one may match two queries. Null for an order that cannot be read: it counts as one, with
 * nothing reserved.
 */
async function readAll(ctx: Context, queries: readonly Query<Order>[]): Promise<Map<string, Order | null>> {
  const found = await Promise.all(queries.map((query) => query.limit(MAX_UNPAID).get()));
  const docs = found.flatMap((snapshot) => snapshot.docs);
  const read = await filterReadable(ctx, 'placeOrder', docs);
  return new Map([...docs.map(({ id }) => [id, null] as const), ...read.map(({ id, data }) => [id, data] as const)]);
}

/** Queries unpaid orders; for a deferred order also those that are scheduled and not charged yet. */
const queryUnpaid = (ctx: Context, uid: string, isDeferred: boolean): Query<Order>[] =>
  isDeferred ? [queryPending(ctx, uid), queryDeferred(ctx, uid)] : [queryPending(ctx, uid)];

function queryPending(ctx: Context, uid: string): Query<Order> {
  return paths.orders(ctx.db).where('customerId', '==', uid).where('status', '==', 'pending_payment');
}

function queryDeferred(ctx: Context, uid: string): Query<Order> {
  return paths
    .orders(ctx.db)
    .where('customerId', '==', uid)
    .where('payment.status', '==', 'deferred')
    .where('status', '==', 'scheduled');
}

async function countOrders(query: Query<Order>): Promise<number> {
  return (await query.count().get()).data().count;
}

async function countCash(ctx: Context, uid: string): Promise<number> {
  const inCash = paths
    .orders(ctx.db)
    .where('customerId', '==', uid)
    .where('payment.method', '==', 'cash')
    .where('status', 'in', WITH_CASH);
  return countOrders(inCash);
}

async function sumOver<T>(them: readonly T[], count: (one: T) => Promise<number>): Promise<number> {
  return (await Promise.all(them.map(count))).reduce((sum, one) => sum + one, 0);
}
