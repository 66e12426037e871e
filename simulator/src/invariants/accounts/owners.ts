import { ACCOUNTS } from '../../../../functions/src/ledger/model/journals.js';
import { when } from '../breach.js';
import type { Books } from '../snapshot.js';

/**
 * What people have by their own documents is what the ledger has for them: each courier's cash, each customer's credit.
 */
export function ownerBreaches(books: Books): string[] {
  return [...cashBreaches(books), ...strayBreaches(books)];
}

function cashBreaches(books: Books): string[] {
  const balances = balancesByAccount(books);
  return books.couriers.flatMap(([uid, { cashMinor = 0 }]) => {
    const heldMinor = balances.get(ACCOUNTS.cash(uid)) ?? 0;
    return when(cashMinor !== heldMinor, `courier ${uid}: carries ${cashMinor} in cash, the ledger has ${heldMinor}`);
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

function balancesByAccount({ ledger }: Books): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { account, amountMinor } of ledger.flatMap(([, journal]) => journal.entries))
    balances.set(account, (balances.get(account) ?? 0) + amountMinor);
  return balances;
}
