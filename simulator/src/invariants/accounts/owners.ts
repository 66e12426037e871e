import { ACCOUNTS } from '../../../../functions/src/ledger/model/journals.js';
import { when } from '../breach.js';
import type { Books } from '../snapshot.js';

/**
 * What people have by their own documents is what the ledger has for them: each courier's cash, each customer's credit.
 */
export function ownerBreaches(books: Books): string[] {
  return [...cashBreaches(books), ...strayBreaches(books)];
}

/** Cash is of one currency, that of the courier's zone: what two of them hold never makes up for each other. */
function cashBreaches(books: Books): string[] {
  const currencies = [...new Set(books.ledger.map(([, { currency }]) => currency))];
  const balances = currencies.map((currency) =>
    balancesByAccount({ ledger: books.ledger.filter(([, journal]) => journal.currency === currency) }),
  );
  return books.couriers.flatMap(([uid, { cashMinor = 0 }]) => {
    const carried = cashMinor === 0 ? [] : [cashMinor];
    const held = balances.map((one) => one.get(ACCOUNTS.cash(uid)) ?? 0).filter((minor) => minor !== 0);
    const differs = carried.join() !== held.join();
    return when(differs, `courier ${uid}: carries ${cashMinor} in cash, the ledger has ${held.join(' and ') || 0}`);
  });
}

/** Accounts of cash and credit that hold something belong to a courier and to a customer who may spend it. */
function strayBreaches(books: Books): string[] {
  const known = new Set([
    ...books.couriers.map(([uid]) => ACCOUNTS.cash(uid)),
    ...(books.supplies?.standings ?? []).map(([uid]) => ACCOUNTS.credit(uid)),
  ]);
  const owned = [...balancesByAccount(books)].filter(([account]) => /^(cash|credit):/.test(account));
  return owned.flatMap(([account, amountMinor]) =>
    when(amountMinor !== 0 && !known.has(account), `${account} holds ${amountMinor}, but no document says whose it is`),
  );
}

function balancesByAccount({ ledger }: Pick<Books, 'ledger'>): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { account, amountMinor } of ledger.flatMap(([, journal]) => journal.entries))
    balances.set(account, (balances.get(account) ?? 0) + amountMinor);
  return balances;
}
