import type { Transaction } from 'firebase-admin/firestore';
import type { CourierAccount } from '../contract/courier-payouts.js';
import type { Courier } from '../contract/couriers.js';
import type { Zone } from '../contract/zones.js';
import { ACCOUNTS, classifyAccount } from '../ledger/model/chart.js';
import { readBalances, type CurrencyBalances } from '../ledger/read-balances.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import type { OwedPay } from './model/split-payout.js';

/** The account of a courier who has none yet. */
export const NO_ACCOUNT: CourierAccount = { stripeAccountId: null, payoutsEnabled: false, bank: null, payouts: 0 };

/** What the platform owes a courier, and how the courier is paid. */
export interface CourierPay {
  uid: string;
  courier: Courier;
  zone: Zone;
  account: CourierAccount;
  /** Earned and not paid, by currency: positive amounts are owed to the courier. Held pay is not part of it. */
  owed: CurrencyBalances;
}

/**
 * Reads what is owed to a courier from the ledger, in the transaction that pays. Throws USER_NOT_FOUND where there is no
 * such courier.
 */
export async function readPay(ctx: Context, tx: Transaction, uid: string): Promise<CourierPay> {
  const [read, account, owed] = await Promise.all([
    tx.get(paths.courier(ctx.db, uid)),
    tx.get(paths.courierAccount(ctx.db, uid)),
    readOwed(ctx, tx, ACCOUNTS.courier(uid)),
  ]);
  const courier = read.data();
  if (!courier) throw new Refusal('USER_NOT_FOUND', { uid });
  return { uid, courier, zone: await getZone(ctx, courier.zoneId), account: account.data() ?? NO_ACCOUNT, owed };
}

/** Reads the balance of a courier's account, by currency; positive where it is owed to the courier. */
export async function readOwed(ctx: Context, tx: Transaction, account: string): Promise<CurrencyBalances> {
  const balances = await readBalances(ctx, tx, account, classifyAccount(account)[1]);
  return new Map([...balances].map(([currency, amountMinor]) => [currency, 0 - amountMinor]));
}

/** Returns what is owed in one currency, and the cash: couriers carry that of their zone's currency alone. */
export const toOwedPay = ({ courier, zone, owed }: CourierPay, currency: string): OwedPay => ({
  owedMinor: owed.get(currency) ?? 0,
  cashMinor: currency === zone.currency ? (courier.cashMinor ?? 0) : 0,
});

/** How a courier can be paid: by the provider, by hand to a bank account, or not at all yet. */
export function choosePayMethod({
  stripeAccountId,
  payoutsEnabled,
  bank,
}: CourierAccount): 'provider' | 'bank' | 'none' {
  if (stripeAccountId !== null && payoutsEnabled) return 'provider';
  return bank ? 'bank' : 'none';
}
