import type { Order } from '../../functions/src/contract/orders.js';
import { accountBreaches } from './invariants/accounts.js';
import { auditBreaches } from './invariants/audit-trail.js';
import { carrierBreaches, courierBreaches } from './invariants/couriers.js';
import { dailyBreaches, reportBreaches } from './invariants/days.js';
import type { Books } from './invariants/snapshot.js';
import { journalBreaches, moneyBreaches, paymentBreaches } from './invariants/money.js';
import { ratingBreaches } from './invariants/opinions.js';
import { deadlineBreaches, eventBreaches } from './invariants/orders.js';
import { privacyBreaches } from './invariants/privacy.js';
import { supplyBreaches } from './invariants/inventory.js';
import { causeBreaches, pushBreaches } from './invariants/notifications.js';

export type { Books } from './invariants/snapshot.js';

export interface Check {
  name: string;
  /** What breaks it, each as a sentence; empty when it holds. */
  breaches: string[];
}

/** The invariants of the domain, each with whatever breaks it. */
export function checkBooks(books: Books): Check[] {
  const { orders, couriers, ledger, reconciliations = [] } = books;
  const ofOrders = (find: (id: string, order: Order, all: Books) => string[]) =>
    orders.flatMap(([id, order]) => find(id, order, books));
  const checks: readonly (readonly [name: string, breaches: string[]])[] = [
    ['every journal sums to zero', ledger.flatMap(([id, journal]) => journalBreaches(id, journal))],
    ['authorised ≥ captured ≥ refunded, as the ledger has it; no hold without an order', ofOrders(moneyBreaches)],
    ['a payment is what its sums and the provider say it is', ofOrders(paymentBreaches)],
    ['every account holds what the documents behind its journals come to', accountBreaches(books)],
    ['the daily books tie to the ledger', dailyBreaches(books)],
    ["no drift between our books and Stripe's", reconciliations.flatMap(([, report]) => reportBreaches(report, books))],
    ['every order that is not final has a live deadline', ofOrders(deadlineBreaches)],
    ['an order has at most one courier, who carries it', ofOrders(carrierBreaches)],
    [
      'a courier carries at most what the zone allows',
      couriers.flatMap(([uid, one]) => courierBreaches(uid, one, books)),
    ],
    ['coupons, places, portions and credit: given out once each, and given back', supplyBreaches(books)],
    ['events are numbered 1..n, replay to the status, and no cause is applied twice', ofOrders(eventBreaches)],
    ['one notification per event and device, none missing', pushBreaches(books)],
    ['one effect per event of Stripe and per key, each event answered', causeBreaches(books)],
    ['nothing personal where it is not needed any more', privacyBreaches(books)],
    ['ratings are the mean of the reviews that are shown', ratingBreaches(books)],
    ["every operator's step has its audit entry", auditBreaches(books)],
  ];
  return checks.map(([name, found]) => ({ name, breaches: found }));
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
