import type { Journal } from '../contract/orders.js';
import { readPages, filterReadable } from '../platform/isolate.js';
import { forfeit } from '../payments/credit.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';
import { Refusal } from '../core/outcome.js';
import { update } from '../platform/stored.js';

const PAGE = 500;

/**
 * Refuses an erasure while money is owed: a payout that has not arrived yet (PAYOUT_UNDER_WAY), credit in a currency of
 * which a zone pays credit out (CREDIT_OWED), or a courier's earnings or held pay (PAY_OWED). Reads every journal of the
 * courier once, and last: the balance in a daily summary may lack later postings.
 */
export async function requireSettled(ctx: Context, uid: string): Promise<void> {
  await requireArrived(ctx, uid);
  for (const [currency, creditMinor] of await readCredits(ctx, uid))
    if (await isPaidOut(ctx, currency)) throw new Refusal('CREDIT_OWED', { currency, creditMinor });
  await requirePaid(ctx, uid);
}

/** Throws PAY_OWED while earnings or held pay of a courier are open. */
async function requirePaid(ctx: Context, uid: string): Promise<void> {
  const [earned, held] = await Promise.all([
    sumBalance(ctx, ACCOUNTS.courier(uid)),
    sumBalance(ctx, ACCOUNTS.held(uid)),
  ]);
  for (const balances of [earned, held]) {
    const owed = Object.entries(balances).find(([, minor]) => minor !== 0);
    // An amount owed is a credit in the ledger, hence negative there.
    if (owed) throw new Refusal('PAY_OWED', { currency: owed[0], owedMinor: -owed[1] });
  }
}

/** Throws PAYOUT_UNDER_WAY while a payout is on its route to the bank: the bank may return it. */
async function requireArrived({ db }: Context, uid: string): Promise<void> {
  const ofCourier = paths.courierPayouts(db).where('courierId', '==', uid);
  const [underWay, unfinished] = await Promise.all([
    ofCourier.where('status', 'in', ['pending', 'sent']).limit(1).get(),
    ofCourier.where('open', '==', true).limit(1).get(),
  ]);
  const payout = [...underWay.docs, ...unfinished.docs][0]?.data();
  if (payout) throw new Refusal('PAYOUT_UNDER_WAY', { currency: payout.currency, amountMinor: payout.amountMinor });
}

/**
 * Ends the platform's debt to a customer whose account is being erased: credit is forfeited to the platform, with a
 * journal by currency in the commit that empties the balance. Does nothing where there is none.
 */
export async function forfeitCredit(ctx: Context, uid: string): Promise<void> {
  const ref = paths.standing(ctx.db, uid);
  await ctx.db.runTransaction(async (tx) => {
    const credits = (await tx.get(ref)).data()?.credits ?? {};
    const left = Object.entries(credits).filter(([, minor]) => minor !== 0);
    if (left.length === 0) return;
    for (const [currency, minor] of left) forfeit(ctx, tx, uid, currency, minor);
    update(tx, ref, { credits: {} });
  });
}

async function readCredits(ctx: Context, uid: string): Promise<[currency: string, minor: number][]> {
  const standing = (await paths.standing(ctx.db, uid).get()).data();
  return Object.entries(standing?.credits ?? {}).filter(([, minor]) => minor !== 0);
}

/** Credit belongs to no zone: where zones of one currency differ, the one that pays it out decides. */
async function isPaidOut(ctx: Context, currency: string): Promise<boolean> {
  const zones = await paths.zones(ctx.db).where('currency', '==', currency).get();
  const read = await filterReadable(ctx, 'deleteMyAccount', zones.docs);
  return read.some(({ data }) => data.onLeaving === 'payOut');
}

/** The balance of an account, by currency. */
async function sumBalance({ db }: Context, account: string): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for await (const page of readPages(paths.ledger(db).where('accounts', 'array-contains', account), PAGE))
    for (const journal of page) add(sums, account, journal.data());
  return sums;
}

function add(sums: Record<string, number>, account: string, { currency, entries }: Journal): void {
  const own = entries.filter((entry) => entry.account === account);
  sums[currency] = own.reduce((sum, { amountMinor }) => sum + amountMinor, lookUp(sums, currency) ?? 0);
}
