import { BOOKS, type Book } from '../../contract/books.js';
import { toAccountId } from './account-id.js';

/** The nature of a class of accounts: a balance sheet has assets and liabilities, a month's result the rest. */
export type AccountNature = 'asset' | 'liability' | 'income' | 'expense';

/** The chart of accounts: each class with its nature. */
export const CHART: Readonly<Record<Book, AccountNature>> = {
  stripe: 'asset',
  bank: 'asset',
  cash: 'asset',
  disputed: 'asset',
  merchant: 'liability',
  heldMerchant: 'liability',
  courier: 'liability',
  held: 'liability',
  outsideRiders: 'liability',
  credit: 'liability',
  restaurantTax: 'liability',
  platformTax: 'liability',
  commission: 'income',
  deliveryFees: 'income',
  serviceFees: 'income',
  payoutFees: 'income',
  withheldPay: 'income',
  forfeitedCredit: 'income',
  courierCost: 'expense',
  promotions: 'expense',
  goodwill: 'expense',
  refundLosses: 'expense',
  orderLosses: 'expense',
  disputeLosses: 'expense',
  providerFees: 'expense',
  rounding: 'expense',
  platform: 'income',
  tax: 'liability',
  other: 'asset',
};

/**
 * The accounts. Debits are positive: amounts that others hold for the platform, and expenses; credits are owed to each
 * party, or income. People's accounts are named by an opaque id: `ledgerAccounts/{id}` maps it to the person, and is
 * deleted with the account, so that journals are never rewritten.
 */
export const ACCOUNTS = {
  provider: 'stripe',
  /** The bank account into which couriers' cash is paid and the provider pays out. */
  bank: 'bank',
  /** Disputed amounts that banks have taken back and not decided on; without the fee. */
  disputed: 'disputed',
  /** Cash that a courier has collected and not paid in. */
  cash: (uid: string) => `cash:${toAccountId(uid)}`,
  merchant: (restaurantId: string) => `merchant:${restaurantId}`,
  /** A restaurant's pay that is held until an operator decides. */
  heldMerchant: (restaurantId: string) => `heldMerchant:${restaurantId}`,
  courier: (uid: string) => `courier:${toAccountId(uid)}`,
  /** A courier's pay that is held until an operator decides. */
  held: (uid: string) => `held:${toAccountId(uid)}`,
  /** What riders without an account are owed for orders that operators gave them. */
  outsideRiders: 'outsideRiders',
  /** A customer's remaining credit. */
  credit: (uid: string) => `credit:${toAccountId(uid)}`,
  /** The taxes on food, which the restaurant owes. */
  restaurantTax: (ratePpm: number) => `restaurantTax:${ratePpm}`,
  /** The taxes on fees and on the commission, which the platform owes. */
  platformTax: (ratePpm: number) => `platformTax:${ratePpm}`,
  /** The platform's part of the food that was charged, without its tax. */
  commission: 'commission',
  /** Delivery fees before discounts, without tax. */
  deliveryFees: 'deliveryFees',
  /** Service, small-order and bag fees before discounts, without tax. */
  serviceFees: 'serviceFees',
  /** Fees for instant payouts to couriers. */
  payoutFees: 'payoutFees',
  /** Held pay that an operator refused. */
  withheldPay: 'withheldPay',
  /** Credit of customers who left. */
  forfeitedCredit: 'forfeitedCredit',
  /** The pay of rides, without tips. */
  courierCost: 'courierCost',
  /** The platform's part of discounts. */
  promotions: 'promotions',
  /** Credit granted by operators, and the platform's part of credit for late orders. */
  goodwill: 'goodwill',
  /** The platform's part of refunds. */
  refundLosses: 'refundLosses',
  /** What merchants are paid beyond what the customers of their orders were charged. */
  orderLosses: 'orderLosses',
  /** Disputes that banks decided against the platform, and the fees of all disputes. */
  disputeLosses: 'disputeLosses',
  /** The provider's fees on charges and for its services. The fee of a dispute is in the dispute's journals. */
  providerFees: 'providerFees',
  /**
   * The part of exact amounts that is not charged, by the provider's steps or the smallest coin; negative where more is
   * charged.
   */
  rounding: 'rounding',
} as const;

/** Lists the accounts of one person. */
export const personalAccounts = (uid: string): string[] =>
  [ACCOUNTS.credit, ACCOUNTS.courier, ACCOUNTS.cash, ACCOUNTS.held].map((account) => account(uid));

/** Returns the class of an account, and the owner besides the platform who has a summary of it. */
export function classifyAccount(account: string): [Book, owner: string | null] {
  const [name = '', id = ''] = account.split(':');
  const book = BOOKS.find((one) => one === name) ?? 'other';
  if (book === 'merchant' || book === 'heldMerchant') return [book, `restaurants/${id}`];
  return [book, book === 'courier' || book === 'cash' || book === 'held' ? `ledgerAccounts/${id}` : null];
}

/** True where the balance of a class is reported as positive when it is debited: assets and expenses. */
export const isDebited = (book: Book): boolean => CHART[book] === 'asset' || CHART[book] === 'expense';
