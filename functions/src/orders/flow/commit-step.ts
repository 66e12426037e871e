import type { Transaction } from 'firebase-admin/firestore';
import { listPersonalKeys } from '../../abuse/links.js';
import { takeTokens } from '../../abuse/rate-limit-store.js';
import { HELD_PAY_TASKS, toHeldPayId, PAYEES, type Payee } from '../../contract/held-pays.js';
import type { Offer } from '../../contract/couriers.js';
import type { Journal, Order, OrderEvent, Quote } from '../../contract/orders.js';
import type { ErrorReason } from '../../core/errors.js';
import { Refusal } from '../../core/outcome.js';
import { prepareCourierCount } from '../../abuse/pause-courier.js';
import { ACCOUNTS } from '../../ledger/model/chart.js';
import { payAccounts } from '../../ledger/model/journals.js';
import { recordProof } from '../../media/proof-digests.js';
import { addCredit } from '../../payments/credit.js';
import { changeMerchantDebt, computeDebtChange } from '../../payments/merchant-debt.js';
import { writeAudit } from '../../platform/audit.js';
import type { Context } from '../../platform/context.js';
import { withCourierBadge } from './courier-badge.js';
import { paths } from '../../platform/firestore.js';
import { operatorTask, putOperatorTask, toOperatorTaskId } from '../../platform/operator-tasks.js';
import { update } from '../../platform/stored.js';
import { findHandBack, listCountedEnds } from '../model/counted-ends.js';
import { decide } from '../model/decide.js';
import { computeFlags } from '../model/flags.js';
import { MAX_WRONG_PINS } from '../model/guards.js';
import type { Actor, OrderCommand, Transition } from '../model/order-command.js';
import { KEPT_LONGER_MS, keepsLonger } from '../model/quote-life.js';
import { readGuess, toGuessDigest } from '../model/wrong-guess.js';
import { prepareStrike } from './count-strikes.js';
import { readFacts } from './read-facts.js';
import { prepareSoldOut, writeRelatedDocuments } from './related-documents.js';
import { prepareLatePortions } from './late-portions.js';
import { prepareRelease } from './reserve-stock.js';

export interface StepInput {
  orderId: string;
  command: OrderCommand;
  /**
   * The cause of the step: the same on every retry, so that one request is applied once. The backend's own causes
   * contain a colon, which a client's key may not, so that a client cannot use one.
   */
  causeId: string;
  /** The step came in a command document. */
  isRecorded?: boolean;
  /** The digest of the photo given as proof, once it was decoded; absent without one, or where its file is missing. */
  photoDigest?: string;
  /** The actor, once the order is known; throws a Refusal for a user who is not a party of the order. */
  actor: (order: Order) => Actor | Promise<Actor>;
}

export interface StepResult {
  order: Order;
  event: OrderEvent;
  /** The same request was applied before; this call changed nothing. */
  replayed: boolean;
  /** The offer that this call accepted. */
  accepted?: Offer;
}

/** One attempt of a step's transaction. */
export interface Attempt {
  /** Awaited before the first write. */
  ready: Promise<unknown>;
  /** An earlier attempt of this call wrote, but its response was lost: the event may be this call's own. */
  mayHaveWritten: boolean;
}

/**
 * Reads, decides and writes one step within a transaction. A refusal is returned, not thrown in the transaction, so
 * that the wrong guess counted with it is written.
 */
export async function commitStep(
  ctx: Context,
  tx: Transaction,
  input: StepInput,
  { ready, mayHaveWritten }: Attempt,
): Promise<StepResult | { refusal: Refusal }> {
  const { orderId, causeId, photoDigest, isRecorded = false } = input;
  const order = (await tx.get(paths.order(ctx.db, orderId))).data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const applied = order.events.find((event) => event.causeId === causeId);
  // The actor was found before the write; the order that it changed may refuse the same actor now.
  if (applied && mayHaveWritten) return { order, event: applied, replayed: false };
  const actor = await input.actor(order);
  if (applied) return { order, event: applied, replayed: true };

  const command = normalizeCommand(order, input.command);
  const { facts, couriers } = await readFacts({
    ctx,
    tx,
    orderId,
    order,
    command,
    actor,
    photoDigest,
    isRecorded,
  });
  const decided = decide({ orderId, order, command, actor, causeId, facts });
  if (!decided.ok) countWrongGuess(ctx, tx, { orderId, order, command, reason: decided.reason });
  if (!decided.ok) return { refusal: Refusal.of(decided) };
  const { value } = decided;
  const portions = await prepareLatePortions(ctx, tx, orderId, value);
  const badged = withCourierBadge(value.order, couriers.assignedCourier?.courier ?? null);
  const moved = { ...value, order: portions ? { ...badged, reserved: portions.reserved } : badged };
  const writeBeside = await prepareBeside(ctx, tx, { orderId, order, moved, command });
  await ready;
  writeBeside();
  portions?.write();
  // A photo that proved another order stays recorded for that one, so that a claim of this order finds it used.
  const recorded = facts.photoSeen ? undefined : photoDigest;
  writeStep(ctx, tx, { orderId, moved, actor, photoDigest: recorded });
  if (facts.quote && keepsLonger(order, moved, ctx.now())) extendQuoteExpiry(ctx, tx, orderId);
  writeRelatedDocuments(ctx, tx, { orderId, before: order, moved, ...couriers });
  const result = { order: moved.order, event: moved.event, replayed: false };
  const accepted = couriers.assignedCourier?.offer;
  return accepted ? { ...result, accepted } : result;
}

interface Beside {
  orderId: string;
  order: Order;
  moved: Transition;
  command: OrderCommand;
}

/**
 * Reads what a step releases, counts and marks as sold out, and returns the writes, which follow all reads. Throws
 * TOO_MANY_REQUESTS.
 */
async function prepareBeside(
  ctx: Context,
  tx: Transaction,
  { orderId, order, moved, command }: Beside,
): Promise<() => void> {
  const release = moved.released && (await prepareRelease(ctx, tx, orderId, order, moved.released));
  const uid = findHandBack(order, moved);
  const countHandBack = uid !== null && (await prepareCourierCount(ctx, tx, { uid, orderId, reason: 'handBack' }));
  const markSoldOut = await prepareSoldOut(ctx, tx, order, command);
  const strike = await prepareStrike(ctx, tx, { orderId, order, moved });
  await countEnds(ctx, tx, order, moved);
  return () => {
    release?.();
    strike?.();
    if (countHandBack) countHandBack();
    markSoldOut?.();
  };
}

/** An unpaid order is not cancelled: it expires before its time. */
function normalizeCommand(order: Order, command: OrderCommand): OrderCommand {
  const unpaid = command.action === 'cancel' && order.status === 'pending_payment';
  return unpaid ? { action: 'expire' } : command;
}

/** Counts what the step says about its customer, by account, device and card. Throws TOO_MANY_REQUESTS. */
async function countEnds(ctx: Context, tx: Transaction, before: Order, moved: Transition): Promise<void> {
  const ends = listCountedEnds(before, moved);
  if (ends.length === 0) return;
  const keys = await listPersonalKeys(ctx, tx, before.customerId);
  await takeTokens(
    ctx,
    tx,
    ends.flatMap((end) => keys.map((whose) => ({ ...end, whose }))),
  );
}

interface Written {
  orderId: string;
  moved: Transition;
  actor: Actor;
  photoDigest: string | undefined;
}

/** Writes the order, its money and its records in one commit. */
function writeStep(ctx: Context, tx: Transaction, { orderId, moved, actor, photoDigest }: Written): void {
  const { order, event, journal, apology, quote, doubts } = moved;
  tx.set(paths.order(ctx.db, orderId), order);
  if (journal) tx.create(paths.journal(ctx.db, `${orderId}-${event.n}`), journal);
  changeMerchantDebt(ctx, tx, order.restaurantId, computeDebtChange(journal, event));
  if (apology && event.late) grantLateCredit(ctx, tx, orderId, order, apology, event.late.creditMinor);
  if (quote) writeQuote(ctx, tx, orderId, quote);
  if (actor.role === 'operator') auditStep(ctx, tx, orderId, actor, event);
  if (event.review && event.action === 'fail')
    openTask(ctx, tx, { kind: 'failure_doubted', orderId, zoneId: order.zoneId, detail: doubts.join(', ') });
  openRiderTask(ctx, tx, orderId, moved);
  for (const payee of PAYEES) writeHeldPay(ctx, tx, orderId, moved, payee);
  if (photoDigest !== undefined) recordProof(ctx, tx, orderId, photoDigest, 'proofs');
}

/** The actions of `dispatchOrder`. */
const DISPATCHED: readonly OrderEvent['action'][] = ['release', 'restartSearch', 'assign', 'sendRider', 'handOver'];

/** Writes the audit entry of an operator's step, with the operator's reason. */
function auditStep(ctx: Context, tx: Transaction, orderId: string, { uid }: Actor, event: OrderEvent): void {
  const { action, from, to, liable, reason } = event;
  writeAudit(ctx, tx, {
    by: uid ?? '',
    action: DISPATCHED.includes(action) ? 'dispatchOrder' : 'moveOrder',
    subject: paths.order(ctx.db, orderId).path,
    reason: reason ?? action,
    before: { status: from },
    after: { status: to, action, event: event.n, liable: liable ?? null },
  });
}

/** The journal's id is derived from the order's: the credit is granted once. */
function grantLateCredit(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  { customerId, currency }: Order,
  journal: Journal,
  creditMinor: number,
): void {
  tx.create(paths.journal(ctx.db, `${orderId}-late`), journal);
  addCredit(ctx, tx, customerId, currency, creditMinor);
}

interface WrongGuess {
  orderId: string;
  order: Order;
  command: OrderCommand;
  reason: ErrorReason;
}

/**
 * Counts a wrong PIN or code in the transaction, so that guesses made at once count one by one. The same one again
 * reveals nothing, and is not counted: an event may be delivered twice, and a courier may repeat a tap.
 */
function countWrongGuess(ctx: Context, tx: Transaction, { orderId, order, command, reason }: WrongGuess): void {
  if (reason !== 'PIN_WRONG' && reason !== 'CODE_WRONG') return;
  const isPin = reason === 'PIN_WRONG';
  const digest = toGuessDigest(ctx, orderId, isPin ? 'pin' : 'code', readGuess(command));
  const known = order.wrongDigests ?? [];
  if (known.includes(digest)) return;
  const wrong = ((isPin ? order.wrongPins : order.wrongCodes) ?? 0) + 1;
  const count = isPin ? { wrongPins: wrong } : { wrongCodes: wrong };
  const flags = computeFlags({ ...order, ...count }, ctx.now());
  const { flags: _, flaggedSinceMs: __, ...rest } = order;
  tx.set(paths.order(ctx.db, orderId), { ...rest, ...count, wrongDigests: [...known, digest], ...flags });
  if (wrong < MAX_WRONG_PINS) return;
  const detail = `${wrong} wrong ${isPin ? 'PINs' : 'pick-up codes'}`;
  openTask(ctx, tx, { kind: isPin ? 'pin_locked' : 'code_locked', orderId, zoneId: order.zoneId, detail });
}

/** The step's journal credits a held pay to an account of its own; an operator decides on it. */
function writeHeldPay(
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
  tx.create(paths.heldPay(ctx.db, toHeldPayId(orderId, payee)), {
    orderId,
    payee,
    courierId,
    restaurantId,
    currency,
    amountMinor,
    doubts,
    atMs: ctx.now(),
    decision: null,
  });
  openTask(ctx, tx, { kind: HELD_PAY_TASKS[payee], orderId, zoneId: order.zoneId, detail: doubts.join(', ') });
}

/** An outside rider is paid by hand, once the order has ended. */
function openRiderTask(ctx: Context, tx: Transaction, orderId: string, { order, journal, doubts }: Transition): void {
  const owed = journal?.entries.find(({ account }) => account === ACCOUNTS.outsideRiders);
  if (!owed) return;
  const detail = [`${-owed.amountMinor} ${order.currency}`, ...doubts].join(', ');
  openTask(ctx, tx, { kind: 'rider_payment_due', orderId, zoneId: order.zoneId, detail });
}

/** Creates an operator task in the commit of its subject. */
function openTask(ctx: Context, tx: Transaction, problem: Parameters<typeof operatorTask>[0]): void {
  const task = operatorTask(problem, ctx.now());
  putOperatorTask(ctx, tx, toOperatorTaskId(task), task);
}

/** The order may stay unfinished for long, and cannot be ended without its quote. */
function extendQuoteExpiry(ctx: Context, tx: Transaction, orderId: string): void {
  update(tx, paths.quote(ctx.db, orderId), { expireAt: ctx.now() + KEPT_LONGER_MS });
}

/** Writes the quote with the lines and prices of an edit. */
function writeQuote(ctx: Context, tx: Transaction, orderId: string, { lines, pricing, rules }: Quote): void {
  update(tx, paths.quote(ctx.db, orderId), { lines, pricing, rules });
}
