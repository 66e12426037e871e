import type { Device } from '../contract/accounts.js';
import type { Order } from '../contract/orders.js';
import { MAX_MEMBERS } from '../contract/staff-keys.js';
import { isPseudonym } from '../ledger/model/account-id.js';
import type { Recipient } from '../orders/model/effect.js';
import { computeExpectedMs } from '../orders/model/delivery-promise.js';
import { reportIfUnreadable } from '../platform/isolate.js';
import { getDevices, getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { isAlreadyExists, paths } from '../platform/firestore.js';
import { sendOrRetry } from './deliver.js';
import type { Values } from './model/format.js';
import { getMessageKind, type MessageKey, type ORDER_FACTS, type ValueName } from './model/messages.js';
import { render } from './render.js';
import { mayNotify, TOPIC_POLICIES } from './model/topics.js';

interface About {
  /** The document that the app opens: an order or, before there is one, a restaurant. */
  orderId?: string;
  restaurantId?: string;
  /** Absent where the notification is about no order. */
  order?: Pick<Order, 'restaurantName'> &
    Partial<Pick<Order, 'code' | 'lines' | 'zoneId' | 'promisedAtMs' | 'readyAtMs' | 'travelSeconds'>>;
  /** Names this notification: one per event and device, also after retries. */
  id: string;
  ttlSeconds?: number;
}

type OrderValues = Partial<Record<(typeof ORDER_FACTS)[number], Values[string]>>;
/** The values that the message needs besides the order's own facts: all of them, and no others. */
type SenderValues<K extends MessageKey> = [ValueName<K>] extends [never]
  ? { values?: never }
  : { values: Readonly<Record<ValueName<K>, Values[string]>> };

/** The content and the subject of a notification. */
interface Notice {
  key: MessageKey;
  id: string;
  values: Values;
  subject: { orderId?: string; restaurantId?: string };
  expiresAtMs: number;
}

const KEPT_MS = 90 * 24 * 3_600_000;

/**
 * Notifies a user, or a restaurant's staff: each phone in its language, unless it has muted the topic or is in quiet
 * hours; lasting notifications go to the inbox as well. An erased user is not notified. Throws when a retry may succeed.
 */
export async function notifyRecipient<K extends MessageKey>(
  ctx: Context,
  to: Recipient,
  key: K,
  about: About & SenderValues<K>,
): Promise<void> {
  const { id, orderId, restaurantId } = about;
  const notice: Notice = {
    key,
    id,
    values: await readValues(ctx, about, about.values),
    subject: { ...(orderId !== undefined && { orderId }), ...(restaurantId !== undefined && { restaurantId }) },
    expiresAtMs: ctx.now() + (about.ttlSeconds ?? TOPIC_POLICIES[getMessageKind(key).topic].ttlSeconds) * 1000,
  };
  const uids = to.type === 'user' ? [to.uid] : await readStaff(ctx, to.restaurantId);
  // An order of an erased account names a pseudonym, which has no phone and must get no inbox.
  const reachable = uids.filter((uid) => !isPseudonym(uid));
  await Promise.all(reachable.map((uid) => notifyReadable(ctx, uid, notice)));
}

async function readValues(ctx: Context, { order }: About, values: Values = {}): Promise<Values> {
  if (!order) return values;
  const { restaurantName: restaurant, code, lines, zoneId, promisedAtMs, readyAtMs = null, travelSeconds = 0 } = order;
  const items = lines?.reduce((sum, line) => sum + line.quantity, 0);
  // The zone is cached: the function that moved the order has just read it.
  const zone = zoneId === undefined ? null : await getZone(ctx, zoneId);
  const facts: OrderValues = {
    restaurant,
    ...(code !== undefined && { code }),
    ...(items !== undefined && { items }),
    ...(zone &&
      promisedAtMs !== undefined && {
        promised: { atMs: computeExpectedMs({ promisedAtMs, readyAtMs, travelSeconds }), timeZone: zone.timeZone },
      }),
    ...(zone && readyAtMs !== null && { ready: { atMs: readyAtMs, timeZone: zone.timeZone } }),
  };
  return { ...facts, ...values };
}

/** A user whose documents cannot be read does not prevent the others from being notified. */
const notifyReadable = (ctx: Context, uid: string, notice: Notice): Promise<void> =>
  reportIfUnreadable(ctx, 'notify', () => tell(ctx, uid, notice));

async function tell(ctx: Context, uid: string, notice: Notice): Promise<void> {
  const { topic, kept } = getMessageKind(notice.key);
  const devices = await getDevices(ctx, uid);
  const told = devices
    .filter((device) => mayNotify(device, topic, ctx.now()))
    .map((device) => show(ctx, uid, device, notice));
  await Promise.all(kept ? [...told, writeInboxItem(ctx, uid, devices, notice)] : told);
}

async function show(ctx: Context, uid: string, { token, locale }: Device, notice: Notice): Promise<void> {
  const { key, id, values, subject, expiresAtMs } = notice;
  const text = await render(locale ?? 'en', key, values);
  const data = { key, ...subject, id };
  await sendOrRetry(ctx, uid, { token, topic: getMessageKind(key).topic, collapseId: id, ...text, data, expiresAtMs });
}

/** Once per event: an item that was read already stays read. */
async function writeInboxItem(ctx: Context, uid: string, devices: readonly Device[], notice: Notice): Promise<void> {
  const { key, id, values, subject } = notice;
  const locale = devices[0]?.locale ?? (await paths.user(ctx.db, uid).get()).data()?.locale ?? 'en';
  const item = { key, topic: getMessageKind(key).topic, ...(await render(locale, key, values)), ...subject };
  const nowMs = ctx.now();
  try {
    // The TTL policy on inboxes reads `expireAt`.
    const expireAt = nowMs + KEPT_MS;
    await paths.inboxItem(ctx.db, uid, id).create({ ...item, createdAtMs: nowMs, readAt: null, expireAt });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

/** Reads the members who are not blocked, by this field alone. */
function readStaff(ctx: Context, restaurantId: string): Promise<string[]> {
  return ctx.caches.staff.get(restaurantId, async () => {
    const members = await paths.members(ctx.db, restaurantId).limit(MAX_MEMBERS).get();
    return members.docs.filter((member) => member.get('blocked') !== true).map((member) => member.id);
  });
}
