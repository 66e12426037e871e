import type { Book, BookDay, DayBook } from '../../functions/src/contract/books.js';
import type { Courier } from '../../functions/src/contract/couriers.js';
import type { Journal, Order, OrderStatus } from '../../functions/src/contract/orders.js';
import type { Reconciliation } from '../../functions/src/contract/reconciliation.js';

/** The documents that the invariants speak of, however they were read. */
export interface Books {
  orders: readonly (readonly [id: string, order: Order])[];
  couriers: readonly (readonly [uid: string, courier: Courier])[];
  ledger: readonly (readonly [id: string, journal: Journal])[];
  /** Of every owner: `restaurants/rosa`, `couriers/omar`, `books/platform`; none before the first night. */
  days?: readonly (readonly [owner: string, day: DayBook])[];
  reconciliations?: readonly (readonly [day: string, report: Reconciliation])[];
  nowMs: number;
  /** How late a deadline may be acted on: the sweep's minute and a little. */
  graceMs?: number;
  courierCapacity?: number;
}

const FINAL: readonly OrderStatus[] = ['completed', 'expired', 'rejected', 'returned', 'cancelled'];
const CARRIED: readonly OrderStatus[] = ['accepted', 'preparing', 'ready', 'picked_up', 'undeliverable'];
const GRACE_MS = 150_000;

export interface Check {
  name: string;
  /** What breaks it, each as a sentence; empty when it holds. */
  breaches: string[];
}

/** The invariants of the domain, each with whatever breaks it. */
export function checkBooks(books: Books): Check[] {
  const { orders, couriers, ledger } = books;
  const ofOrders = (find: (id: string, order: Order, all: Books) => string[]) =>
    orders.flatMap(([id, order]) => find(id, order, books));
  return [
    { name: 'every journal sums to zero', breaches: ledger.flatMap(([id, journal]) => journalBreaches(id, journal)) },
    {
      name: 'authorised ≥ captured ≥ refunded, as the ledger has it; no hold without an order',
      breaches: ofOrders(moneyBreaches),
    },
    { name: 'every order that is not final has a live deadline', breaches: ofOrders(deadlineBreaches) },
    {
      name: 'events are numbered 1..n, replay to the status, and no cause is applied twice',
      breaches: ofOrders(eventBreaches),
    },
    { name: 'an order has at most one courier, who carries it', breaches: ofOrders(carrierBreaches) },
    {
      name: 'a courier carries at most what the zone allows',
      breaches: couriers.flatMap(([uid, courier]) => courierBreaches(uid, courier, books)),
    },
    { name: 'the daily books tie to the ledger', breaches: dailyBreaches(books) },
    {
      name: "no drift between our books and Stripe's",
      breaches: (books.reconciliations ?? []).flatMap(([, report]) => reportBreaches(report, books)),
    },
  ];
}

/** All that does not hold; empty when all is well. */
export function breaches(books: Books): string[] {
  return checkBooks(books).flatMap((check) => check.breaches);
}

/** What stands on each account, in minor units. */
export function balancesOf({ ledger }: Books): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { account, amountMinor } of ledger.flatMap(([, journal]) => journal.entries)) {
    balances.set(account, (balances.get(account) ?? 0) + amountMinor);
  }
  return balances;
}

const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);
const when = (broken: boolean, breach: string) => (broken ? [breach] : []);

function journalBreaches(id: string, { entries }: Journal): string[] {
  const sum = sumOf(entries.map((entry) => entry.amountMinor));
  return [
    ...when(sum !== 0, `journal ${id} sums to ${sum}`),
    ...when(
      entries.some((entry) => !Number.isSafeInteger(entry.amountMinor)),
      `journal ${id} holds a fraction`,
    ),
  ];
}

const JOURNALS_OF_MERCHANTS = ['settlement', 'payout', 'refund', 'reversal', 'credit'] as const;

function moneyBreaches(
  id: string,
  { payment, currency, restaurantId, courierId, status, due }: Order,
  { ledger }: Books,
): string[] {
  const own = ledger.map(([, journal]) => journal).filter((journal) => journal.orderId === id);
  const postedTo = (kind: Journal['kind'], account: string) =>
    sumOf(
      own
        .filter((one) => one.kind === kind)
        .flatMap((one) => one.entries.filter((entry) => entry.account === account).map((entry) => entry.amountMinor)),
    );
  // At the door the courier took it, not the provider.
  const holder = payment.method === 'cash' && courierId !== null ? `cash:${courierId}` : 'stripe';
  const settledMinor = postedTo('settlement', holder);
  const merchant = `merchant:${restaurantId}`;
  const owedMinor = -sumOf(JOURNALS_OF_MERCHANTS.map((kind) => postedTo(kind, merchant)));
  const toCardMinor = -postedTo('refund', 'stripe');
  const settlements = own.filter((one) => one.kind === 'settlement').length;
  return [
    ...when(payment.capturedMinor > payment.authorizedMinor, `order ${id}: ${payment.capturedMinor} captured of ${payment.authorizedMinor} authorised`),
    ...when(payment.refundedMinor > payment.capturedMinor, `order ${id}: ${payment.refundedMinor} refunded of ${payment.capturedMinor} captured`),
    ...when(toCardMinor > payment.refundedMinor, `order ${id}: ${toCardMinor} given back in the ledger, ${payment.refundedMinor} refunded`),
    ...when(settledMinor !== payment.capturedMinor, `order ${id}: ${settledMinor} in the ledger, ${payment.capturedMinor} captured`),
    ...when(own.some((one) => one.currency !== currency), `order ${id}: a journal in another currency`),
    ...when(settlements > 1, `order ${id}: settled ${settlements} times`),
    ...when(owedMinor < 0, `order ${id}: the merchant was paid ${-owedMinor} too much`),
    ...when(status === 'completed' && owedMinor !== 0, `order ${id}: completed, but the merchant is owed ${owedMinor}`),
    ...when(FINAL.includes(status) && due === null && payment.status === 'authorized', `order ${id}: ${status}, but the hold stands`),
  ]; // prettier-ignore
}

function deadlineBreaches(id: string, { status, due }: Order, { nowMs, graceMs = GRACE_MS }: Books): string[] {
  const needsDue = !FINAL.includes(status);
  return [
    ...when(needsDue && due === null, `order ${id}: ${status} without a deadline`),
    ...when(
      FINAL.includes(status) && due !== null && due.kind !== 'settle' && due.kind !== 'payOut',
      `order ${id}: ${status}, but ${due?.kind} is due`,
    ),
    ...when(
      due !== null && due.atMs + graceMs < nowMs,
      `order ${id}: ${due?.kind} is ${nowMs - (due?.atMs ?? 0)} ms late`,
    ),
  ];
}

function eventBreaches(id: string, { events, status }: Order): string[] {
  const numbered = events.every((event, index) => event.n === index + 1);
  const chained = events.every((event, index) => event.from === (index === 0 ? null : events[index - 1]?.to));
  const inTime = events.every((event, index) => event.atMs >= (events[index - 1]?.atMs ?? 0));
  return [
    ...when(!numbered, `order ${id}: events are not numbered 1..n`),
    ...when(!chained || events.at(-1)?.to !== status, `order ${id}: replaying the events does not give ${status}`),
    ...when(!inTime, `order ${id}: events are not in time`),
    ...when(
      new Set(events.map((event) => event.causeId)).size !== events.length,
      `order ${id}: one cause was applied twice`,
    ),
    ...when(openAssignments(events) > 1, `order ${id}: assigned twice`),
  ];
}

/** Assignments not yet given back: a step between two of them lets the first courier go. */
function openAssignments(events: Order['events']): number {
  let open = 0;
  let most = 0;
  for (const { action } of events) {
    if (action === 'assign') open += 1;
    if (action === 'unassign' || action === 'cancel') open = 0;
    most = Math.max(most, open);
  }
  return most;
}

function carrierBreaches(id: string, { courierId, status, kind }: Order, { couriers }: Books): string[] {
  const carrying = couriers.filter(([, courier]) => courier.active[id] !== undefined).map(([uid]) => uid);
  const expected = courierId !== null && CARRIED.includes(status) ? [courierId] : [];
  const agree = carrying.length === expected.length && carrying.every((uid) => expected.includes(uid));
  return [
    ...when(
      !agree,
      `order ${id}: ${status} of ${courierId ?? 'nobody'}, but carried by ${carrying.join(', ') || 'nobody'}`,
    ),
    ...when(kind === 'pickup' && courierId !== null, `order ${id}: a courier for an order that is collected`),
    ...when(status === 'picked_up' && courierId === null, `order ${id}: picked up by nobody`),
  ];
}

function courierBreaches(
  uid: string,
  { active, load, offer }: Courier,
  { orders, courierCapacity = 2 }: Books,
): string[] {
  const carried = Object.keys(active);
  const expected = carried.length + (offer === null ? 0 : 1);
  const known = new Set(orders.map(([id]) => id));
  return [
    ...when(carried.length > courierCapacity, `courier ${uid}: ${carried.length} deliveries at once`),
    ...when(
      load !== expected,
      `courier ${uid}: load ${load}, but ${carried.length} deliveries and ${offer ? 'an' : 'no'} offer`,
    ),
    ...carried.filter((id) => !known.has(id)).map((id) => `courier ${uid}: carries ${id}, which is no order`),
  ];
}

function reportBreaches({ day, orders, drifts }: Reconciliation, { ledger }: Books): string[] {
  const [startMs, endMs] = boundsOf(day);
  const moved = ledger.some(([, { atMs, orderId }]) => orderId !== null && atMs >= startMs && atMs < endMs);
  return [
    ...when(moved && orders === 0, `${day}: orders moved money, but none was compared`),
    ...drifts.map(({ kind, orderId, outcome }) => `${day}: ${kind} of ${orderId}, ${outcome}`),
  ];
}

function boundsOf(day: string): [startMs: number, endMs: number] {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return [startMs, startMs + 24 * 3_600_000];
}

/** Each owner's days follow on each other, and the last closes with what the ledger has until its end. */
function dailyBreaches(books: Books): string[] {
  const rows = books.days ?? [];
  return [...new Set(rows.map(([owner]) => owner))].flatMap((owner) => {
    const own = rows.filter(([other]) => other === owner).map(([, day]) => day);
    const days = own.toSorted((a, b) => (a.day < b.day ? -1 : 1));
    const last = days.at(-1);
    return [
      ...days.flatMap((day, index) => chainBreaches(owner, day, days[index - 1])),
      ...(last ? booksOf(last).flatMap((row) => balanceBreaches(owner, last.day, row, books)) : []),
    ];
  });
}

type BookRow = readonly [currency: string, book: Book, day: BookDay];
const booksOf = ({ currencies }: DayBook): BookRow[] =>
  Object.entries(currencies).flatMap(([currency, { books }]) =>
    Object.entries(books).map(([book, day]): BookRow => [currency, book as Book, day]),
  );

function chainBreaches(owner: string, day: DayBook, before: DayBook | undefined): string[] {
  return booksOf(day).flatMap(([currency, book, { openingMinor, moved, closingMinor }]) => {
    const expected = before?.currencies[currency]?.books[book]?.closingMinor ?? 0;
    const what = `${owner} on ${day.day}, ${book} in ${currency}`;
    return [
      ...when(openingMinor !== expected, `${what}: opens with ${openingMinor}, not ${expected}`),
      ...when(closingMinor !== openingMinor + sumOf(Object.values(moved)), `${what}: does not add up`),
    ];
  });
}

function balanceBreaches(
  owner: string,
  day: string,
  [currency, book, { closingMinor }]: BookRow,
  { ledger }: Books,
): string[] {
  const [, endsAtMs] = boundsOf(day);
  const id = owner.split('/')[1];
  const isOwn = (account: string) =>
    owner === 'books/platform' ? account.split(':')[0] === book : account === `${book}:${id}`;
  const posted = ledger
    .filter(([, journal]) => journal.currency === currency && journal.atMs < endsAtMs)
    .flatMap(([, journal]) =>
      journal.entries.filter(({ account }) => isOwn(account)).map((entry) => entry.amountMinor),
    );
  const told = ['stripe', 'cash', 'bank', 'disputed', 'promotions', 'other'].includes(book)
    ? sumOf(posted)
    : -sumOf(posted);
  return when(
    closingMinor !== told,
    `${owner} on ${day}: ${book} closes with ${closingMinor} ${currency}, the ledger has ${told + 0}`,
  );
}
