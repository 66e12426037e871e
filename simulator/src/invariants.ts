import type { Order } from '../../functions/src/contract/orders.js';
import { accountBreaches } from './invariants/accounts.js';
import { auditBreaches } from './invariants/audit-trail.js';
import { carrierBreaches, courierBreaches } from './invariants/couriers.js';
import { handOverBreaches, triageBreaches } from './invariants/desk.js';
import { dailyBreaches, reportBreaches } from './invariants/days.js';
import type { Books } from './invariants/snapshot.js';
import { journalBreaches, moneyBreaches, paymentBreaches } from './invariants/money.js';
import { ratingBreaches } from './invariants/opinions.js';
import { deadlineBreaches, eventBreaches, flagBreaches } from './invariants/orders.js';
import { privacyBreaches } from './invariants/privacy.js';
import { inventoryBreaches } from './invariants/inventory.js';
import { storePromotionBreaches } from './invariants/store-promotions.js';
import { strikeBreaches } from './invariants/strikes.js';
import { surgeBreaches } from './invariants/surge.js';
import { causeBreaches, pushBreaches } from './invariants/notifications.js';

export type { Books } from './invariants/snapshot.js';

export interface Check {
  name: string;
  /** One sentence for each violation; empty where the invariant holds. */
  breaches: string[];
}

/** Checks the invariants of the domain, each with its violations. */
export function checkBooks(books: Books): Check[] {
  const { orders, couriers, ledger, reconciliations = [] } = books;
  const ofOrders = (find: (id: string, order: Order, all: Books) => string[]) =>
    orders.flatMap(([id, order]) => find(id, order, books));
  const checks: readonly (readonly [name: string, breaches: string[]])[] = [
    ['every journal sums to zero', ledger.flatMap(([id, journal]) => journalBreaches(id, journal))],
    [
      'authorised ≥ captured ≥ refunded in the ledger; no hold is left on an order that has ended',
      ofOrders(moneyBreaches),
    ],
    ['the status of a payment agrees with its amounts and with the provider', ofOrders(paymentBreaches)],
    ['every account balance equals the sum that its source documents give', accountBreaches(books)],
    ['the daily ledgers agree with the journals', dailyBreaches(books)],
    ['no drift between the ledger and Stripe', reconciliations.flatMap(([, report]) => reportBreaches(report, books))],
    ['every order that is not final has a live deadline', ofOrders(deadlineBreaches)],
    ['the flags of an order agree with it, and end with it', ofOrders(flagBreaches)],
    ['an order has at most one courier, who carries it', ofOrders(carrierBreaches)],
    [
      'a courier carries at most what the zone allows',
      couriers.flatMap(([uid, one]) => courierBreaches(uid, one, books)),
    ],
    ['coupons, places, portions and credit are each taken once, and released', inventoryBreaches(books)],
    ['events are numbered 1..n, replay to the status, and no cause is applied twice', ofOrders(eventBreaches)],
    ['one notification per event and device, none missing', pushBreaches(books)],
    ['one effect per event of Stripe and per key, and each event is answered', causeBreaches(books)],
    ['personal data is removed where it is no longer needed', privacyBreaches(books)],
    ['ratings count exactly the reviews that are shown', ratingBreaches(books)],
    ['the strikes of a kitchen are the orders cancelled at its cost', strikeBreaches(books)],
    ['a restaurant pays exactly its own promotions', storePromotionBreaches(books)],
    ['an order that was handed over pays the courier who carried it at its end', ofOrders(handOverBreaches)],
    ['a risky order reaches the kitchen after its release only', ofOrders(triageBreaches)],
    ['the surge of a quote is within its bounds', surgeBreaches(books)],
    ['every action of an operator has an audit entry', auditBreaches(books)],
  ];
  return checks.map(([name, found]) => ({ name, breaches: found }));
}

/** Returns all violations; an empty list where every invariant holds. */
export function breaches(books: Books): string[] {
  return checkBooks(books).flatMap((check) => check.breaches);
}

/** Returns the balance of each account, in minor units. */
export function computeBalances({ ledger }: Books): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { account, amountMinor } of ledger.flatMap(([, journal]) => journal.entries)) {
    balances.set(account, (balances.get(account) ?? 0) + amountMinor);
  }
  return balances;
}
