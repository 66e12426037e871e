import { ACCOUNTS } from '../../../../functions/src/ledger/model/chart.js';
import { type Posting } from '../../../../functions/src/ledger/model/journals.js';

/** What one account holds for one order, or for no order, in one currency. */
export interface Cell {
  orderId: string | null;
  currency: string;
  account: string;
  expectedMinor: number;
  foundMinor: number;
}

type Sums = Partial<Pick<Cell, 'expectedMinor' | 'foundMinor'>>;

/** Amounts by order, currency and account: those that the documents give and those that the journals hold. */
export class Cells {
  readonly #cells = new Map<string, Cell>();

  get all(): Cell[] {
    return [...this.#cells.values()];
  }

  expect(orderId: string | null, currency: string, postings: readonly Posting[]): void {
    for (const [account, expectedMinor] of postings) this.#add(orderId, currency, account, { expectedMinor });
  }

  find(orderId: string | null, currency: string, account: string, foundMinor: number): void {
    this.#add(orderId, currency, account, { foundMinor });
  }

  /** A deleted customer has no credit. What the account held from orders and grants was forfeited. */
  expectForfeits(hasOwner: (account: string) => boolean): void {
    for (const { currency, account, orderId, expectedMinor, foundMinor } of this.all) {
      if (!account.startsWith('credit:') || hasOwner(account)) continue;
      const heldMinor = orderId === null ? expectedMinor : foundMinor;
      this.expect(null, currency, [
        [account, -heldMinor],
        [ACCOUNTS.forfeitedCredit, heldMinor],
      ]);
    }
  }

  #add(orderId: string | null, currency: string, account: string, sums: Sums): void {
    const key = [orderId, currency, account].join(' ');
    const { expectedMinor = 0, foundMinor = 0 } = this.#cells.get(key) ?? {};
    this.#cells.set(key, {
      orderId,
      currency,
      account,
      expectedMinor: expectedMinor + (sums.expectedMinor ?? 0),
      foundMinor: foundMinor + (sums.foundMinor ?? 0),
    });
  }
}
