import type { Transaction } from 'firebase-admin/firestore';
import { findConflict } from '../../abuse/links.js';
import { readCurrentMenu } from '../../catalog/current-menu.js';
import { findUnansweredUntilMs } from '../../catalog/missed-orders.js';
import type { Courier } from '../../contract/couriers.js';
import type { Order } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { Refusal } from '../../core/outcome.js';
import { isUsedElsewhere } from '../../media/proof-digests.js';
import { readMerchantDebt } from '../../payments/merchant-debt.js';
import { getAccountId, getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import type { FactName } from '../model/actions/action-spec.js';
import { listNeededFacts } from '../model/actions/actions.js';
import { computeCollectionStartMs } from '../model/cancellation.js';
import { computeAwayMeters } from '../model/credibility.js';
import type { Facts, StepRequest } from '../model/order-command.js';
import { toPin, toPickUpCode } from '../model/secret-codes.js';
import { NO_COURIER_READ, readAssignedCourier, readOffersToEnd, type CourierReading } from './read-assigned-courier.js';
import { readCashLimit } from './read-cash-limit.js';
import { readAcceptance, readOpenings } from './read-openings.js';

/** A step whose facts are to be read. */
export interface Reading extends StepRequest {
  ctx: Context;
  tx: Transaction;
  orderId: string;
  /** The digest of the photo given as proof. */
  photoDigest?: string | undefined;
  /** The step came in a command document. */
  isRecorded: boolean;
}

/**
 * Reads the facts on which the step's action depends, as its spec says, and nothing else. Couriers and
 * offers are read for the documents beside the order. Throws QUOTE_NOT_FOUND, and what `readAssignedCourier`
 * throws.
 */
export async function readFacts(reading: Reading): Promise<{ facts: Facts; couriers: CourierReading }> {
  const { ctx, order, command, actor } = reading;
  const { limits } = await getZone(ctx, order.zoneId);
  const nowMs = computeStepMs(order, ctx.now());
  const names = listNeededFacts({ order, command, actor, nowMs, limits });
  const [couriers, proof, ...found] = await Promise.all([
    readCouriers(reading, names),
    readProof(reading),
    ...names.flatMap((name) => (isOfCouriers(name) ? [] : [READERS[name](reading)])),
  ]);
  const assigned = couriers.assignedCourier;
  const courier = assigned && courierFacts(assigned.courier, order, limits, nowMs);
  return { facts: Object.assign(nothingRead(reading, limits, nowMs), proof, { courier }, ...found), couriers };
}

type CourierFact = 'assignedCourier' | 'openOffers';

const isOfCouriers = (name: FactName): name is CourierFact => name === 'assignedCourier' || name === 'openOffers';

async function readCouriers(reading: Reading, names: readonly FactName[]): Promise<CourierReading> {
  if (names.includes('assignedCourier')) return readAssignedCourier(reading);
  return names.includes('openOffers') ? readOffersToEnd(reading) : NO_COURIER_READ;
}

/** The clocks of two instances differ: a step is never earlier than the one before it, nor is a duration negative. */
function computeStepMs({ events }: Order, nowMs: number): number {
  return Math.max(nowMs, events.at(-1)?.atMs ?? 0);
}

function nothingRead({ ctx, orderId, isRecorded }: Reading, limits: ZoneLimits, nowMs: number): Facts {
  const codes = { pin: toPin(ctx, orderId), pickUpCode: toPickUpCode(ctx, orderId) };
  const proof = { proofExists: false, photoSeen: false, position: null };
  return { nowMs, limits, isRecorded, ...codes, ...proof, quote: null, courier: null, menu: null, conflict: null };
}

async function readProof({ ctx, tx, orderId, photoDigest }: Reading): Promise<Partial<Facts>> {
  if (photoDigest === undefined) return {};
  return { proofExists: true, photoSeen: await isUsedElsewhere(ctx, tx, orderId, photoDigest) };
}

const READERS: { readonly [F in Exclude<FactName, CourierFact>]: (reading: Reading) => Promise<Partial<Facts>> } = {
  quote: async ({ ctx, tx, orderId }) => {
    const quote = (await tx.get(paths.quote(ctx.db, orderId))).data();
    if (!quote) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
    return { quote };
  },
  quoteIfKept: async ({ ctx, tx, orderId }) => ({
    quote: (await tx.get(paths.quote(ctx.db, orderId))).data() ?? null,
  }),
  menu: async ({ ctx, order }) => ({ menu: await readCurrentMenu(ctx, order.restaurantId) }),
  position: async ({ ctx, tx, orderId, order: { courierId } }) => {
    if (courierId === null) return {};
    return { position: (await tx.get(paths.position(ctx.db, courierId, orderId))).data() ?? null };
  },
  // Outside of the transaction, which would otherwise contend with the heartbeats.
  presence: async ({ ctx, order: { courierId } }) => {
    if (courierId === null) return {};
    return { presence: (await paths.courier(ctx.db, courierId).get()).data()?.presence ?? null };
  },
  conflict: async ({ ctx, order }) => ({ conflict: await findConflict(ctx, order.customerId, order.restaurantId) }),
  openings: async ({ ctx, order }) => ({ openings: await readOpenings(ctx, order) }),
  account: async ({ ctx, tx, order }) => ({
    hasNoAccount: (await getAccountId(ctx, order.restaurantId)) === null,
    merchantDebtMinor: await readMerchantDebt(ctx, tx, order.restaurantId),
  }),
  acceptance: async ({ ctx, order }) => ({ storeCanAccept: await readAcceptance(ctx, order) }),
  cashLimit: async ({ ctx, tx, orderId, order }) => ({
    cashLimitMinor: await readCashLimit(ctx, tx, orderId, order),
  }),
  store: async ({ ctx, order }) => ({ storeIsUnmanned: await isUnmanned(ctx, order) }),
};

/** With the distance to the counter by the last presence, less the distance that the courier may have covered since. */
function courierFacts(
  { displayName: name, vehicle, presence }: Courier,
  { pickUpAt }: Order,
  { credibility }: ZoneLimits,
  nowMs: number,
): NonNullable<Facts['courier']> {
  if (!presence) return { name, vehicle };
  const fastest = credibility.fastestMetersPerSecond[vehicle];
  return { name, vehicle, awayMeters: computeAwayMeters(presence, pickUpAt, nowMs, fastest) };
}

/** Offline, or paused because the staff answered no orders, while the customer should have come. */
async function isUnmanned(ctx: Context, order: Order): Promise<boolean> {
  const store = (await paths.restaurant(ctx.db, order.restaurantId).get()).data();
  if (store?.availability === 'offline') return true;
  const unansweredUntilMs = await findUnansweredUntilMs(ctx, order);
  return unansweredUntilMs !== null && unansweredUntilMs > computeCollectionStartMs(order);
}
