import type { Change, Commit } from '#emulator/store/document.js';
import { Courier } from '#functions/contract/couriers.js';
import { Journal, Order } from '#functions/contract/orders.js';
import { isPseudonym } from '#functions/ledger/model/account-id.js';
import { isFinal } from '#functions/orders/model/order-state.js';
import { eventBreaches } from '#simulator/invariants/orders.js';
import { journalBreaches } from '#simulator/invariants/money.js';
import { toOrderFields } from '#functions/platform/order-document.js';
import { toThisVersion } from '../world/contract-version.js';
import { ORDER_KEY } from '../world/instance.js';
import { toPlainFields } from '../world/plain-values.js';
import type { World } from '../world/world.js';

/** How many deliveries a courier carries at once. Source: the zone's default. */
const CAPACITY = 2;
/** How many deliveries a courier carries at most where operators assign them. */
const MOST_BY_HAND = 5;
const PICK_UP_MS = 15 * 60_000;
const WANTED: readonly Order['status'][] = ['placed', 'accepted', 'preparing', 'ready'];

/** Checks what each commit wrote, in the step in which it becomes visible: a violation names the commit that made it. */
export class CommitChecks {
  constructor(private readonly world: World) {
    world.onCommit((commit) => this.#check(commit));
  }

  #check({ changes }: Commit): void {
    const offers = changes.flatMap(toEndedOffer);
    for (const change of changes) for (const breach of this.#breachesOf(change)) this.world.breach(breach);
    for (const offer of offers) for (const breach of this.#offerBreaches(offer)) this.world.breach(breach);
  }

  /**
   * An offer ends when its courier answers it, when it expires, when its order needs no courier any more, or when an
   * operator lets the search begin again; and it is accepted before it expires, unless an operator assigns the courier.
   * Clocks that differ leave open when that is.
   */
  #offerBreaches({ uid, orderId, expiresAtMs, isAccepted }: EndedOffer): string[] {
    const { world } = this;
    if (world.clocksDiffer) return [];
    if (isAccepted)
      return expiresAtMs > world.readLastStepMs(orderId) || isAssignedByHand(world, orderId)
        ? []
        : [`courier ${uid} was assigned ${orderId} after the offer had expired`];
    const isOver =
      expiresAtMs <= world.time.nowMs ||
      world.hasAnswered(uid, orderId) ||
      !world.isCourierWanted(orderId) ||
      world.readLastAction(orderId) === 'restartSearch';
    return isOver ? [] : [`the offer of ${orderId} to ${uid} ended before its time, without an answer`];
  }

  #breachesOf({ segments, before, after }: Change): string[] {
    const [collection, id = ''] = segments;
    if (segments.length !== 2) return [];
    const [was, is] = [before, after].map((one) => one && toThisVersion(toPlainFields(one.fields)));
    switch (collection) {
      case 'orders':
        return is ? this.#orderBreaches(id, was && parseOrder(was), parseOrder(is)) : [`order ${id} was deleted`];
      case 'ledger':
        return was || !is ? [`journal ${id} was changed`] : journalBreaches(id, Journal.parse(is));
      case 'couriers':
        return is ? capacityBreaches(this.world, id, Courier.parse(is)) : [];
      default:
        return [];
    }
  }

  #orderBreaches(id: string, before: Order | undefined, order: Order): string[] {
    return [
      ...eventBreaches(id, order),
      ...historyBreaches(id, before, order),
      ...(before ? this.#stepBreaches(id, before, order) : []),
      ...searchBreaches(id, order),
      ...deadlineBreaches(id, order),
      ...amountBreaches(id, order),
      ...this.#holdBreaches(id, order),
    ];
  }

  /**
   * A step of a deadline is applied only while the deadline is the order's own, and a customer's answer only to the
   * proposal that the customer saw.
   */
  #stepBreaches(id: string, before: Order, { events }: Order): string[] {
    const { due, edit } = before;
    return events.slice(before.events.length).flatMap(({ causeId, action }) => {
      const [, kind, atMs] = /^due:(\w+):(\d+)/.exec(causeId) ?? [];
      const isForeign = kind !== undefined && !(due?.kind === kind && due.atMs === Number(atMs));
      const answered = action === 'answerEdit' ? this.world.proposals.get(causeId) : undefined;
      return [
        ...(isForeign ? [`order ${id}: ${causeId} is applied, but its deadline is ${JSON.stringify(due)}`] : []),
        ...(kind === 'noArrival' ? earlyBreaches(id, before, Number(atMs)) : []),
        ...(answered !== undefined && answered !== edit?.event
          ? [`order ${id}: the answer to proposal ${answered} decides proposal ${edit?.event}`]
          : []),
      ];
    });
  }

  /** A payment counts as authorised only while the provider holds the amount. */
  #holdBreaches(id: string, { payment }: Order): string[] {
    if (payment.status !== 'authorized' || payment.intentId === null) return [];
    const held = this.world.payments.intents.get(payment.intentId)?.status;
    return held === 'authorized' || held === 'captured' ? [] : [`order ${id} is authorised, its hold is ${held}`];
  }
}

interface EndedOffer {
  uid: string;
  orderId: string;
  expiresAtMs: number;
  isAccepted: boolean;
}

/** Returns the offer that a change takes from a courier. */
function toEndedOffer({ segments: [collection, uid = ''], before, after }: Change): EndedOffer[] {
  if (collection !== 'couriers' || !before || !after) return [];
  const [was, is] = [Courier.parse(toPlainFields(before.fields)), Courier.parse(toPlainFields(after.fields))];
  if (!was.offer || was.offer.orderId === is.offer?.orderId) return [];
  const { orderId, expiresAtMs } = was.offer;
  return [{ uid, orderId, expiresAtMs, isAccepted: is.active[orderId] !== undefined }];
}

/**
 * Events are only ever added; in a stored one nothing changes but the marks of its effects, and the erased customer's
 * own reason for a cancellation.
 */
function historyBreaches(id: string, before: Order | undefined, { events, customerId }: Order): string[] {
  const changed = (before?.events ?? []).filter((event, index) => {
    const now = events[index];
    const isErased = isPseudonym(customerId) && event.by === 'customer' && event.action === 'cancel';
    const was = isErased ? { ...event, reason: now?.reason } : event;
    return now === undefined || toFacts(now) !== toFacts(was);
  });
  return changed.map(({ n }) => `order ${id}: event ${n} was changed`);
}

const toFacts = (event: Order['events'][number]): string =>
  JSON.stringify({ ...event, notifiedAtMs: undefined, effectsDoneAtMs: undefined });

/** A courier has a quarter of an hour to come to the counter, from the assignment on. Source: the zone's default. */
function earlyBreaches(id: string, { events }: Order, dueMs: number): string[] {
  const assigned = events.findLast(({ action }) => action === 'assign');
  const waitedMs = dueMs - (assigned?.atMs ?? 0);
  return waitedMs < PICK_UP_MS ? [`order ${id}: the courier had ${waitedMs} ms to come to the counter`] : [];
}

/** A courier is wanted only for a delivery that has none. */
function searchBreaches(id: string, { searchFromMs, kind, courierId, status }: Order): string[] {
  if (searchFromMs === undefined || (kind === 'delivery' && courierId === null && WANTED.includes(status))) return [];
  return [`order ${id}: ${status} with ${courierId ?? 'no courier'}, and a courier is wanted`];
}

const deadlineBreaches = (id: string, { status, due }: Order): string[] =>
  due === null && !isFinal(status) ? [`order ${id}: ${status} without a deadline`] : [];

function amountBreaches(id: string, { payment: { authorizedMinor, capturedMinor, refundedMinor } }: Order): string[] {
  const isOrdered = authorizedMinor >= capturedMinor && capturedMinor >= refundedMinor;
  return isOrdered
    ? []
    : [`order ${id}: authorised ${authorizedMinor}, captured ${capturedMinor}, refunded ${refundedMinor}`];
}

/** An operator may assign more orders than dispatch, up to a limit. */
const isAssignedByHand = (world: World, orderId: string): boolean =>
  world.readLastActor(orderId, ['assign', 'handOver']) === 'operator';

function capacityBreaches(world: World, uid: string, { active, load }: Courier): string[] {
  const carried = Object.keys(active).length;
  const byHand = Object.keys(active).filter((orderId) => isAssignedByHand(world, orderId)).length;
  return [
    ...(carried - byHand > CAPACITY || carried > MOST_BY_HAND ? [`courier ${uid} carries ${carried} orders`] : []),
    ...(load < carried ? [`courier ${uid}: load ${load}, but ${carried} deliveries`] : []),
  ];
}

/** Parses a stored order with its sealed fields. */
const parseOrder = (fields: Record<string, unknown>): Order => Order.parse(toOrderFields(fields, ORDER_KEY));
