import type { Transaction } from 'firebase-admin/firestore';
import { findConflict } from '../../abuse/links.js';
import type { Courier } from '../../contract/couriers.js';
import { HELD_PAY_TASKS, heldPayId, PAYEES, type Payee } from '../../contract/held-pays.js';
import type { Journal, Order, OrderEvent, Quote } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { distanceMeters } from '../../core/geo.js';
import { termsOf, zoneOf } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import type { ErrorReason as ErrorReason } from '../../core/errors.js';
import { Refusal } from '../../core/outcome.js';
import { SYSTEM } from '../model/actors.js';
import type { Actor, Facts, Transition, OrderCommand } from '../model/order-command.js';
import { decide } from '../model/decide.js';
import { effectsOf, PROMOTION_USED } from '../model/effects.js';
import { hasCardToCheck, isUsedUpByCard } from '../../promotions/card-uses.js';
import { writeAudit } from '../../platform/audit.js';
import { operatorTask, operatorTaskId, raiseOperatorTask } from '../../platform/operator-tasks.js';
import { MAX_WRONG_PINS } from '../model/guards.js';
import { isStuck, KEPT_LONGER_MS, keepsLonger } from '../model/quote-life.js';
import { runEffects } from './run-effects.js';
import { payAccounts } from '../../ledger/model/journals.js';
import { giveCredit } from '../../payments/credit.js';
import { isSeen, noteProof } from '../../media/proof-digests.js';
import { readCurrentMenu } from '../../catalog/current-menu.js';
import { openDelivery } from '../model/sealed-delivery.js';
import { readCashLimit } from './read-cash-limit.js';
import { readOpenings } from './read-openings.js';
import { prepareRelease } from './reserve-stock.js';
import { readCarrier, writeRelatedDocuments, type AssignedCourier } from './related-documents.js';
import { dropTask, GUARD_MS } from '../../platform/tasks.js';
import { update } from '../../platform/stored.js';

export interface TransitionOptions {
  orderId: string;
  command: OrderCommand;
  /**
   * What asks: the same on every retry, so that one intention is applied once. The backend's own causes hold a colon,
   * which no client's key may, so that nobody can use one up.
   */
  causeId: string;
  /** The digest of the photo given as proof, once it was decoded; absent without one, or where its file is missing. */
  photoDigest?: string;
  /** Who asks, once the order is known; throws a Refusal for a stranger. */
  actor: (order: Order) => Actor | Promise<Actor>;
}

export interface TransitionResult {
  order: Order;
  event: OrderEvent;
  /** This very request had been applied before; nothing was done now. */
  replayed: boolean;
}

/**
 * The one way to move an order: decides and writes in a transaction, then does what follows outside. A named task,
 * scheduled before the commit, does the rest should this process die in between; it is cancelled when all is done,
 * so the usual case costs no document for it.
 */
export async function transition(ctx: Context, asking: TransitionOptions): Promise<TransitionResult> {
  const guard = guardName(asking.orderId, asking.causeId);
  const guarded = scheduleGuard(ctx, guard, asking);
  let answer: TransitionResult;
  try {
    answer = await commitOnce(ctx, asking, guarded);
  } catch (error) {
    // A refusal proves that nothing was written. After another error the commit may have gone through unseen: the
    // guard stays and looks.
    if (error instanceof Refusal && (await guarded)) await dropTask(ctx, guard);
    throw error;
  }
  if (answer.replayed) {
    // The first application has a guard of its own; one made just now has nothing to watch.
    if (await guarded) await dropTask(ctx, guard);
    return answer;
  }
  if (await followUp(ctx, asking.orderId, answer.order, answer.event)) await dropTask(ctx, guard);
  return answer;
}

/**
 * The SDK repeats a transaction whose commit it got no answer to. If that commit had gone through, the repetition
 * finds this call's own event: that is no replay, its effects are still to be done.
 */
async function commitOnce(
  ctx: Context,
  asking: TransitionOptions,
  guarded: Promise<boolean>,
): Promise<TransitionResult> {
  let wrote = false;
  const answer = await ctx.db.runTransaction(async (tx) => {
    const committed = await commit(ctx, tx, asking, guarded);
    if ('refusal' in committed) return committed;
    const own = committed.replayed && wrote;
    wrote ||= !committed.replayed;
    return own ? { ...committed, replayed: false } : committed;
  });
  if ('refusal' in answer) throw answer.refusal;
  return answer;
}

/**
 * What follows from an event: its effects and, where the restaurant wants it, the next step. False to try again.
 */
export async function followUp(ctx: Context, orderId: string, order: Order, event: OrderEvent): Promise<boolean> {
  const card = await checkCard(ctx, orderId, order, event);
  // The cancellation has notified everybody.
  if (card === 'cancelled') return true;
  const done = await runEffects(ctx, { orderId, order, event });
  if (card === 'unknown') return false;
  if (!effectsOf(order, event).some((effect) => effect.type === 'autoAccept')) return done;
  return (await autoAccept(ctx, orderId, event)) && done;
}

/**
 * Cancels an order whose card has shown that its promotion was used up; an operator task where the kitchen has accepted.
 * Repeated after a crash, and before the kitchen may accept by itself. `unknown`: to be tried again.
 */
async function checkCard(
  ctx: Context,
  orderId: string,
  order: Order,
  event: OrderEvent,
): Promise<'clear' | 'cancelled' | 'unknown'> {
  if (!hasCardToCheck(order, event)) return 'clear';
  try {
    if (!(await isUsedUpByCard(ctx, orderId, order))) return 'clear';
    return await cancelUsedUp(ctx, orderId, event);
  } catch (error) {
    ctx.log.error('card not compared', { orderId, event: event.n }, error);
    return 'unknown';
  }
}

async function cancelUsedUp(ctx: Context, orderId: string, event: OrderEvent): Promise<'clear' | 'cancelled'> {
  const command = { action: 'cancel' as const, reason: PROMOTION_USED };
  try {
    await transition(ctx, { orderId, command, causeId: `card:used:${event.n}`, actor: () => SYSTEM });
    return 'cancelled';
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'MOVE_NOT_ALLOWED') throw error;
    const detail = 'customer: the promotion was used by another account of the card';
    await raiseOperatorTask(ctx, { kind: 'linked_parties', orderId, detail });
    return 'clear';
  }
}

/** Done as well when the order has moved on by itself meanwhile. */
async function autoAccept(ctx: Context, orderId: string, event: OrderEvent): Promise<boolean> {
  const causeId = `auto:accept:${event.n}`;
  try {
    await transition(ctx, { orderId, command: { action: 'accept' }, causeId, actor: () => SYSTEM });
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'MOVE_NOT_ALLOWED') return true;
    ctx.log.error('auto-accept failed', { orderId, event: event.n }, error);
    return false;
  }
}

/**
 * Task names allow letters, digits, hyphens and underscores. Source: Cloud Tasks documentation, "Task name". The
 * backend's own causes get another prefix, since without their colons they could look like a client's.
 */
export function guardName(orderId: string, causeId: string): string {
  const prefix = causeId.includes(':') ? 'own-effects' : 'effects';
  return `${prefix}-${orderId}-${causeId}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}

/** True when a guard was set. Without one the step goes on: it takes a crash as well to lose an effect. */
async function scheduleGuard(ctx: Context, name: string, { orderId, causeId }: TransitionOptions): Promise<boolean> {
  try {
    return await ctx.tasks.schedule(name, ctx.now() + GUARD_MS, { type: 'effects', orderId, causeId });
  } catch (error) {
    ctx.log.warn('guard not scheduled', { orderId, error: String(error) });
    return false;
  }
}

/** A refusal is an answer, not thrown in the transaction: what was counted with it is to be written. */
async function commit(
  ctx: Context,
  tx: Transaction,
  asking: TransitionOptions,
  guarded: Promise<boolean>,
): Promise<TransitionResult | { refusal: Refusal }> {
  const { orderId, causeId } = asking;
  const order = (await tx.get(paths.order(ctx.db, orderId))).data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const actor = await asking.actor(order);
  const applied = order.events.find((event) => event.causeId === causeId);
  if (applied) return { order, event: applied, replayed: true };

  const command = normalizeCommand(order, asking.command);
  const { facts, carrier } = await readFacts(ctx, tx, { ...asking, command }, order, actor);
  const decided = decide({ orderId, order, command, actor, causeId, facts });
  if (!decided.ok) countWrongGuess(ctx, tx, orderId, order, decided.reason);
  if (!decided.ok) return { refusal: new Refusal(decided.reason, decided.details) };
  const moved = decided.value;
  const release = moved.released && (await prepareRelease(ctx, tx, orderId, order, moved.released));
  await guarded;
  tx.set(paths.order(ctx.db, orderId), moved.order);
  if (moved.journal) tx.create(paths.journal(ctx.db, `${orderId}-${moved.event.n}`), moved.journal);
  if (moved.apology && moved.event.late)
    grantLateCredit(ctx, tx, orderId, moved.order, moved.apology, moved.event.late.creditMinor);
  release?.();
  if (moved.quote) writeQuote(ctx, tx, orderId, moved.quote);
  if (facts.quote && keepsLonger(order, command, moved, ctx.now())) keepQuote(ctx, tx, orderId);
  if (actor.role === 'operator') auditStep(ctx, tx, orderId, actor, moved.event);
  if (moved.event.review && moved.event.action === 'fail')
    openTask(ctx, tx, { kind: 'failure_doubted', orderId, detail: moved.doubts.join(', ') });
  for (const payee of PAYEES) holdPay(ctx, tx, orderId, moved, payee);
  if (asking.photoDigest !== undefined) noteProof(ctx, tx, orderId, asking.photoDigest, 'proofs');
  writeRelatedDocuments(ctx, tx, { orderId, before: order, moved, command, quote: facts.quote, carrier });
  return { order: moved.order, event: moved.event, replayed: false };
}

/** An operator's step on somebody's order, with the reason in the operator's own words. */
function auditStep(ctx: Context, tx: Transaction, orderId: string, { uid }: Actor, event: OrderEvent): void {
  const { action, from, to, liable, reason } = event;
  writeAudit(ctx, tx, {
    by: uid ?? '', action: 'moveOrder', subject: paths.order(ctx.db, orderId).path, reason: reason ?? action,
    before: { status: from }, after: { status: to, action, event: event.n, liable: liable ?? null },
  }); // prettier-ignore
}

/** The journal's id is the order's: it is given once. */
function grantLateCredit(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  { customerId, currency }: Order,
  journal: Journal,
  creditMinor: number,
): void {
  tx.create(paths.journal(ctx.db, `${orderId}-late`), journal);
  giveCredit(ctx, tx, customerId, currency, creditMinor);
}

/** Counts a wrong PIN or code in the transaction, so that guesses made at once count one by one. */
function countWrongGuess(ctx: Context, tx: Transaction, orderId: string, order: Order, reason: ErrorReason): void {
  if (reason !== 'PIN_WRONG' && reason !== 'CODE_WRONG') return;
  const isPin = reason === 'PIN_WRONG';
  const wrong = ((isPin ? order.wrongPins : order.wrongCodes) ?? 0) + 1;
  update(tx, paths.order(ctx.db, orderId), isPin ? { wrongPins: wrong } : { wrongCodes: wrong });
  if (wrong < MAX_WRONG_PINS) return;
  const detail = `${wrong} wrong ${isPin ? 'PINs' : 'pick-up codes'}`;
  openTask(ctx, tx, { kind: isPin ? 'pin_locked' : 'code_locked', orderId, detail });
}

/** An order that nobody paid has nothing to be cancelled: it expires before its time. */
function normalizeCommand(order: Order, command: OrderCommand): OrderCommand {
  const unpaid = command.action === 'cancel' && order.status === 'pending_payment';
  return unpaid ? { action: 'expire' } : command;
}

/** Steps that settle money or end at a door need the quote: prices, split and address are in it. */
const NEEDS_QUOTE: readonly OrderCommand['action'][] = [
  'deliver', 'contact', 'fail', 'presumeDelivered', 'collect', 'cancel', 'return', 'settle', 'complete', 'payOut', 'edit', 'answerEdit',
]; // prettier-ignore

function needsQuote(ctx: Context, orderId: string, order: Order, command: OrderCommand): boolean {
  // A second courier, after one who was unassigned.
  if (command.action === 'assign') return openDelivery(ctx, orderId, order) === null;
  return NEEDS_QUOTE.includes(command.action) || isAtDoor(order, command);
}

/** At the counter the order itself knows where it is. */
const isAtDoor = ({ status }: Order, { action }: OrderCommand): boolean =>
  action === 'arrive' && status === 'picked_up';

async function readFacts(
  ctx: Context,
  tx: Transaction,
  { orderId, command, photoDigest }: Pick<TransitionOptions, 'orderId' | 'command' | 'photoDigest'>,
  order: Order,
  actor: Actor,
): Promise<{ facts: Facts; carrier: AssignedCourier | null }> {
  const [zone, quote, menu, carrier, position, photoSeen, conflict, openings, rare] = await Promise.all([
    zoneOf(ctx, order.zoneId),
    readNeededQuote(ctx, tx, orderId, order, command),
    substitutes(command) ? readCurrentMenu(ctx, order.restaurantId) : null,
    command.action === 'assign' ? readCarrier(ctx, tx, orderId, order, actor) : null,
    isToldAtDoor(command, actor) && order.courierId !== null ? readPosition(ctx, tx, order.courierId, orderId) : null,
    photoDigest === undefined ? false : isSeen(ctx, tx, orderId, photoDigest),
    mayCostPlatform(order, command, actor) ? findConflict(ctx, order.customerId, order.restaurantId) : null,
    readOpenings(ctx, order, command),
    readRareFacts(ctx, tx, orderId, order, command, actor),
  ]);
  const courier = carrier && courierFacts(carrier.courier, order, zone.limits, ctx.now());
  const codes = { pin: pinOf(ctx, orderId), pickUpCode: toPickUpCode(ctx, orderId) };
  const proof = { proofExists: photoDigest !== undefined, photoSeen, position, conflict, openings };
  return {
    facts: {
      nowMs: ctx.now(),
      limits: zone.limits,
      quote,
      menu,
      courier,
      ...rare,
      ...codes,
      ...proof,
    },
    carrier,
  };
}

/** With the distance to the counter by the last presence, less what the courier may have come nearer since. */
function courierFacts(
  { displayName: name, vehicle, presence }: Courier,
  { pickUpAt }: Order,
  { credibility }: ZoneLimits,
  nowMs: number,
): NonNullable<Facts['courier']> {
  if (!presence) return { name, vehicle };
  const sinceMs = Math.max(0, nowMs - presence.at);
  const nearerMeters = (sinceMs / 1000) * credibility.fastestMetersPerSecond[vehicle];
  return { name, vehicle, awayMeters: Math.max(0, Math.round(distanceMeters(presence, pickUpAt) - nearerMeters)) };
}

/** What few steps depend on. */
async function readRareFacts(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  order: Order,
  command: OrderCommand,
  actor: Actor,
): Promise<Pick<Facts, 'hasNoAccount' | 'cashLimitMinor' | 'storeIsOffline'>> {
  const [hasNoAccount, cashLimitMinor, storeIsOffline] = await Promise.all([
    isPayout(command) ? lacksAccount(ctx, order.restaurantId) : false,
    readCashLimit(ctx, tx, orderId, order, command),
    isNoShow(order, command, actor) ? isOffline(ctx, order.restaurantId) : false,
  ]);
  return { hasNoAccount, cashLimitMinor, storeIsOffline };
}

/** A customer did not collect a pickup order. */
const isNoShow = ({ kind, status }: Order, { action }: OrderCommand, { role }: Actor): boolean =>
  action === 'cancel' && role === 'system' && kind === 'pickup' && status === 'ready';

async function isOffline(ctx: Context, restaurantId: string): Promise<boolean> {
  return (await paths.restaurant(ctx.db, restaurantId).get()).data()?.availability === 'offline';
}

const isPayout = ({ action }: OrderCommand): boolean => action === 'complete' || action === 'payOut';

/** An account that was connected within the last minute is not in the cache yet. */
async function lacksAccount(ctx: Context, restaurantId: string): Promise<boolean> {
  if ((await termsOf(ctx, restaurantId)).stripeAccountId !== null) return false;
  ctx.caches.terms.forget(restaurantId);
  return (await termsOf(ctx, restaurantId)).stripeAccountId === null;
}

/** Steps by which a courier says what happened at the door, or that the food is back. */
const isToldAtDoor = ({ action }: OrderCommand, { role }: Actor): boolean =>
  role === 'courier' && ['deliver', 'contact', 'fail', 'return'].includes(action);

/** May the platform have to pay the kitchen by this step, without an operator's word? */
function mayCostPlatform({ status }: Order, { action }: OrderCommand, { role }: Actor): boolean {
  const isCooking = !['scheduled', 'placed'].includes(status);
  return isCooking && (action === 'cancel' || action === 'return') && role !== 'operator' && role !== 'merchant';
}

async function readPosition(ctx: Context, tx: Transaction, uid: string, orderId: string): Promise<Facts['position']> {
  return (await tx.get(paths.position(ctx.db, uid, orderId))).data() ?? null;
}

/** The journal of the step credits a pay that waits to an account of its own; an operator decides on it. */
function holdPay(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  { order, journal, waiting }: Transition,
  payee: Payee,
): void {
  const doubts = [...waiting[payee]];
  if (doubts.length === 0 || !journal) return;
  const { courierId, restaurantId, currency } = order;
  const { held } = payAccounts({ payee, courierId, restaurantId });
  const entries = journal.entries.filter(({ account }) => account === held);
  const amountMinor = -entries.reduce((sum, entry) => sum + entry.amountMinor, 0);
  tx.create(paths.heldPay(ctx.db, heldPayId(orderId, payee)), {
    orderId, payee, courierId, restaurantId, currency, amountMinor, doubts, atMs: ctx.now(), decision: null,
  }); // prettier-ignore
  openTask(ctx, tx, { kind: HELD_PAY_TASKS[payee], orderId, detail: doubts.join(', ') });
}

/** In the commit of what it is about. */
function openTask(ctx: Context, tx: Transaction, problem: Parameters<typeof operatorTask>[0]): void {
  const task = operatorTask(problem, ctx.now());
  tx.set(paths.operatorTask(ctx.db, operatorTaskId(task)), task);
}

async function readNeededQuote(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  order: Order,
  command: OrderCommand,
): Promise<Quote | null> {
  if (needsQuote(ctx, orderId, order, command)) return readQuote(ctx, tx, orderId);
  if (!isStuck(order, command, ctx.now())) return null;
  return (await tx.get(paths.quote(ctx.db, orderId))).data() ?? null;
}

/** The order may stay unfinished for long, and cannot be ended without its quote. */
function keepQuote(ctx: Context, tx: Transaction, orderId: string): void {
  update(tx, paths.quote(ctx.db, orderId), { expireAt: ctx.now() + KEPT_LONGER_MS });
}

async function readQuote(ctx: Context, tx: Transaction, orderId: string): Promise<Quote> {
  const quote = (await tx.get(paths.quote(ctx.db, orderId))).data();
  if (!quote) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
  return quote;
}

/** Does the step put something from the menu of now into the order? */
function substitutes(command: OrderCommand): boolean {
  return command.action === 'edit' && command.changes.some((change) => change.type === 'substitute');
}

/** As an edit left it: other lines, other prices. */
function writeQuote(ctx: Context, tx: Transaction, orderId: string, { lines, pricing, rules }: Quote): void {
  update(tx, paths.quote(ctx.db, orderId), { lines, pricing, rules });
}

/** The customer's PIN: derived, so that it needs no storage and no party of the order can read it. */
export function pinOf(ctx: Pick<Context, 'secretDigits'>, orderId: string): string {
  return ctx.secretDigits(`pin:${orderId}`, 4);
}

/** The kitchen's code for the courier: derived as the PIN is, so no document that the courier reads can hold it. */
export function toPickUpCode(ctx: Pick<Context, 'secretDigits'>, orderId: string): string {
  return ctx.secretDigits(`pick-up:${orderId}`, 4);
}
