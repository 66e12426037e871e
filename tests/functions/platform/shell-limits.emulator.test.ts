import { strict as assert } from 'node:assert';
import { isOpen } from '#functions/catalog/model/availability.js';
import { pauseUnansweringStore } from '#functions/catalog/missed-orders.js';
import type { ZoneLimits } from '#functions/contract/zones.js';
import { Refusal } from '#functions/core/outcome.js';
import { endOffer } from '#functions/dispatch/end-offer.js';
import { matchWindow } from '#functions/dispatch/match-window.js';
import { raiseMerchantDebts } from '#functions/payments/raise-debts.js';
import { transition } from '#functions/orders/flow/transition.js';
import { paths } from '#functions/platform/firestore.js';
import { sweep } from '#functions/sweep/sweep.js';
import type { Backend } from '#fixtures/backend.js';
import { aCourier, anOffer, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { anOrder, aQuote } from '#fixtures/orders.js';
import { SHELL_LIMITS, type ShellLimit } from '../../unit/functions/orders/shell-limits.js';

/** One before the bound, the bound itself, one after it: milliseconds of a time, one of a number. */
type Delta = -1 | 0 | 1;
const DELTAS: readonly Delta[] = [-1, 0, 1];

/** A limit of 7, and what happens on each side of its bound. */
interface ShellCase {
  city?: CityFacts;
  limits: Partial<ZoneLimits>;
  at: (backend: Backend, delta: Delta) => Promise<unknown>;
  expected: readonly [before: unknown, at: unknown, after: unknown];
}

const SECOND = 1000;
const DAY = 24 * 60 * MINUTE;

async function answerOf(asked: Promise<object>): Promise<string> {
  try {
    const answer = await asked;
    return 'outcome' in answer ? String(answer.outcome) : 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

async function placeAfter(backend: Backend, ms: number): Promise<string> {
  const { quoteId, totals } = await backend.call('quote', 'carla', aCart());
  backend.nowMs += ms;
  const confirmed = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
  return answerOf(backend.call('placeOrder', 'carla', { ...confirmed, paymentMethodId: 'pm_card_visa' }));
}

/** The status of an unpaid order of the last portion. */
async function unpaidAfter(backend: Backend, ms: number): Promise<string> {
  await paths.stock(backend.db, 'rosa').set({ left: { margherita: 2 } });
  const { orderId } = await new Journey(backend).place({ card: null });
  backend.nowMs += ms;
  await sweep(backend.ctx);
  return (await backend.order(orderId)).status;
}

async function hasDebtTaskAfter(backend: Backend, ms: number): Promise<boolean> {
  await paths.terms(backend.db, 'rosa').update({ debt: { owedMinor: 450, sinceMs: backend.nowMs } });
  backend.nowMs += ms;
  await raiseMerchantDebts(backend.ctx);
  return (await paths.operatorTask(backend.db, 'merchant-owes-rosa').get()).exists;
}

async function miss(backend: Backend, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const order = anOrder({ status: 'rejected', createdAtMs: START_MS - number });
    const events = order.events.map((event) => ({
      ...event,
      ...(event.action === 'reject' && { reason: 'no_answer', by: 'system' as const }),
    }));
    await paths.order(backend.db, `missed-${number}`).set({ ...order, events });
  }
  await pauseUnansweringStore(backend.ctx, anOrder({ status: 'rejected' }));
}

/** Whether an operator is asked about a kitchen that cancels an order, after others so long ago. */
async function isAskedAfterStrikes(backend: Backend, agesMs: readonly number[]): Promise<boolean> {
  const { db, ctx } = backend;
  // Later than the order's events.
  backend.nowMs += 10 * MINUTE;
  const strikes = agesMs.map((ageMs, index) => [
    `struck-${index}`,
    { code: 'ABCD', status: 'accepted' as const, by: 'merchant' as const, atMs: backend.nowMs - ageMs },
  ]);
  await paths.strikes(db, 'rosa').set({ strikes: Object.fromEntries(strikes), expireAt: START_MS + 365 * DAY });
  await paths.order(db, 'order-1').set(anOrder({ status: 'accepted' }));
  await paths.quote(db, 'order-1').set(aQuote());
  const command = { action: 'cancel' as const, reason: 'no gas' };
  const actor = () => ({ role: 'merchant' as const, uid: 'mario' });
  await transition(ctx, { orderId: 'order-1', command, causeId: 'cancel-key-1', actor });
  return (await paths.operatorTask(db, 'store-strikes-rosa').get()).exists;
}

async function readStore({ db }: Backend) {
  const store = (await paths.restaurant(db, 'rosa').get()).data();
  assert.ok(store);
  return store;
}

/** Whether an offer that a window made is still open. */
async function offerAfter(backend: Backend, ms: number): Promise<string> {
  const waiting = anOrder({ status: 'ready', courierId: null, searchFromMs: START_MS });
  await paths.order(backend.db, 'order-1').set(waiting);
  await paths.quote(backend.db, 'order-1').set(aQuote());
  await matchWindow(backend.ctx, 'centre', START_MS);
  backend.nowMs += ms;
  return (await endOffer(backend.ctx, 'omar', 'order-1', { end: 'expired' })) ? 'ended' : 'open';
}

/** How many operators' tasks there are after an offer of this wave was declined. */
async function tasksAfterWave({ db, ctx }: Backend, wave: number): Promise<number> {
  await paths.order(db, 'order-1').set(anOrder({ status: 'ready', courierId: null }));
  const offer = anOffer({ orderId: 'order-1', wave, peers: ['omar'] });
  await paths.courier(db, 'omar').set(aCourier({ offer, load: 1 }));
  await endOffer(ctx, 'omar', 'order-1', { end: 'declined' });
  return (await db.collection('operatorTasks').where('kind', '==', 'no_courier').count().get()).data().count;
}

const CASES: Readonly<Record<ShellLimit, ShellCase>> = {
  quoteMinutes: {
    limits: { quoteMinutes: 7 },
    at: (backend, delta) => placeAfter(backend, 7 * MINUTE + delta),
    expected: ['placed', 'changed', 'changed'],
  },
  scheduleDays: {
    limits: { scheduleDays: 7 },
    at: (backend, delta) =>
      answerOf(backend.call('quote', 'carla', aCart({ scheduledForMs: START_MS + 7 * DAY + delta }))),
    expected: ['accepted', 'accepted', 'SLOT_INVALID'],
  },
  strikesBeforeTask: {
    limits: { strikesBeforeTask: 4 },
    at: (backend, delta) =>
      isAskedAfterStrikes(
        backend,
        Array.from({ length: 3 + delta }, () => DAY),
      ),
    expected: [false, true, true],
  },
  strikeDays: {
    limits: { strikesBeforeTask: 2, strikeDays: 7 },
    at: (backend, delta) => isAskedAfterStrikes(backend, [7 * DAY + delta]),
    expected: [true, false, false],
  },
  scarcePaymentMinutes: {
    city: { restaurant: { countsStock: true } },
    limits: { scarcePaymentMinutes: 7 },
    at: (backend, delta) => unpaidAfter(backend, 7 * MINUTE + delta),
    expected: ['pending_payment', 'expired', 'expired'],
  },
  missedOrdersBeforePause: {
    limits: { missedOrdersBeforePause: 7 },
    at: async (backend, delta) => {
      await miss(backend, 7 + delta);
      return (await readStore(backend)).availability;
    },
    expected: ['online', 'paused', 'paused'],
  },
  pauseMinutes: {
    limits: { missedOrdersBeforePause: 1, pauseMinutes: 7 },
    at: async (backend, delta) => {
      await miss(backend, 1);
      return isOpen(await readStore(backend), 'delivery', backend.nowMs + 7 * MINUTE + delta);
    },
    expected: [false, true, true],
  },
  offerSeconds: {
    limits: { offerSeconds: 7 },
    at: (backend, delta) => offerAfter(backend, 7 * SECOND + delta),
    expected: ['open', 'ended', 'ended'],
  },
  merchantDebtDays: {
    limits: { merchantDebtDays: 7 },
    at: (backend, delta) => hasDebtTaskAfter(backend, 7 * DAY + delta),
    expected: [false, true, true],
  },
  offerWaves: {
    limits: { offerWaves: 7 },
    at: (backend, delta) => tasksAfterWave(backend, 7 + delta),
    expected: [0, 1, 1],
  },
};

const isShellLimit = (path: string): path is ShellLimit => path in CASES;

describe('the bounds of limits that the shell applies', () => {
  for (const path of Object.keys(SHELL_LIMITS).filter(isShellLimit)) {
    const { city = {}, limits, at, expected } = CASES[path];
    it(`are exact on both sides: ${path}, ${SHELL_LIMITS[path]}`, async () => {
      const found: unknown[] = [];
      for (const delta of DELTAS) {
        const backend = await aCity({ ...city, zone: { limits } });
        backend.sweeps = false;
        found.push(await at(backend, delta));
        await backend.close();
      }
      assert.deepEqual(found, expected);
    });
  }
});
