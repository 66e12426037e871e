import { ACCOUNTS } from '../../../../functions/src/ledger/model/chart.js';
import { listIf } from '../breach.js';
import type { Books } from '../snapshot.js';

/** Each courier's cash and each customer's credit, as their own documents have it, equals the ledger's balance. */
export function ownerBreaches(books: Books): string[] {
  return [...cashBreaches(books), ...strayBreaches(books)];
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
