import { ACCOUNTS } from '../../../../functions/src/ledger/model/chart.js';
import { listIf, sum } from '../breach.js';
import type { Books } from '../snapshot.js';
import { gatherCauses, type Causes } from './causes.js';
import { computeEnd } from './settlements.js';

/**
 * Each courier's cash and each customer's credit, as their own documents have it, equals the ledger's balance; each
 * merchant's debt is the sum of what raised it and what payouts deducted.
 */
export function ownerBreaches(books: Books): string[] {
  return [...cashBreaches(books), ...strayBreaches(books), ...debtBreaches(books)];
}

/** A courier's cash has one currency, that of the zone. Balances in two currencies never offset each other. */
function cashBreaches(books: Books): string[] {
  const currencies = [...new Set(books.ledger.map(([, { currency }]) => currency))];
  const balances = currencies.map((currency) =>
    balancesByAccount({ ledger: books.ledger.filter(([, journal]) => journal.currency === currency) }),
  );
  return books.couriers.flatMap(([uid, { cashMinor = 0 }]) => {
    const carried = cashMinor === 0 ? [] : [cashMinor];
    const held = balances.map((one) => one.get(ACCOUNTS.cash(uid)) ?? 0).filter((minor) => minor !== 0);
    const differs = carried.join() !== held.join();
    return listIf(
      differs,
      `courier ${uid}: the document has ${cashMinor} in cash, the ledger has ${held.join(' and ') || 0}`,
    );
  });
}

function debtBreaches(books: Books): string[] {
  const causes = gatherCauses(books);
  return (books.terms ?? []).flatMap(([restaurantId, { debt }]) => {
    const own = causes.filter(({ order }) => order.restaurantId === restaurantId);
    // An order whose quote is deleted is not checked, nor is then the sum.
    if (own.some((one) => computeEnd(one) === null)) return [];
    const expectedMinor = sum(own.map(computeDebt));
    const owedMinor = debt?.owedMinor ?? 0;
    return listIf(
      owedMinor !== expectedMinor,
      `restaurant ${restaurantId} owes ${owedMinor}, its orders give ${expectedMinor}`,
    );
  });
}

function computeDebt(causes: Causes): number {
  const borneMinor = Math.max(0, -(computeEnd(causes)?.kitchenMinor ?? 0));
  const deducted = causes.order.events.map(({ money }) => (money?.type === 'transfer' ? (money.debtMinor ?? 0) : 0));
  return borneMinor + sum(causes.refunds.map((one) => one.debtMinor ?? 0)) - sum(deducted);
}

/** Accounts of cash and credit with a balance belong to a known courier or to a customer who may spend it. */
function strayBreaches(books: Books): string[] {
  const known = new Set([
    ...books.couriers.map(([uid]) => ACCOUNTS.cash(uid)),
    ...(books.inventory?.standings ?? []).map(([uid]) => ACCOUNTS.credit(uid)),
  ]);
  const owned = [...balancesByAccount(books)].filter(([account]) => /^(cash|credit):/.test(account));
  return owned.flatMap(([account, amountMinor]) =>
    listIf(
      amountMinor !== 0 && !known.has(account),
      `${account} holds ${amountMinor}, but no courier or customer owns it`,
    ),
  );
}

function balancesByAccount({ ledger }: Pick<Books, 'ledger'>): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { account, amountMinor } of ledger.flatMap(([, journal]) => journal.entries))
    balances.set(account, (balances.get(account) ?? 0) + amountMinor);
  return balances;
}
