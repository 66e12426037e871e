import assert from 'node:assert/strict';
import { toSignalId } from '#functions/abuse/links.js';
import { listHouseholdSignals } from '#functions/abuse/household.js';
import { Refusal } from '#functions/core/outcome.js';
import { computeDifferenceWithoutLimited } from '#functions/orders/flow/requote.js';
import { paths } from '#functions/platform/firestore.js';
import type { DropOff } from '#functions/contract/common.js';
import type { Promotion } from '#functions/contract/zones.js';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion, MINUTE, theDropOff } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';

type Method = 'cash' | 'card';
/** The usual drop-off with these fields; null: without a telephone number. */
type Door = Partial<Omit<DropOff, 'phone'>> & { phone?: string | null };
const CASH = { cash: { maxOrderMinor: 5000, courierFloatMinor: 60_000, coinMinor: 1 } };
let backend: Backend;

type Limits = Partial<Pick<Promotion, 'merchantFundedPpm' | 'firstOrderOnly' | 'perUserLimit'>>;
const WELCOME = { id: 'welcome', kind: 'order' as const, benefit: { type: 'fixed' as const, amountMinor: 1000 } };
const aWelcome = (changes: Limits = {}): Promotion => ({
  ...aPromotion({ ...WELCOME, code: 'WELCOME', merchantFundedPpm: 0 }),
  firstOrderOnly: true,
  ...changes,
});
const city = async (changes: Limits = {}) => {
  backend = await aCity({ zone: CASH, promotions: [aWelcome(changes)] });
};

/** A new account with a phone of its own. */
async function signUp(uid: string): Promise<void> {
  backend.identity.add(uid, {}, uid);
  backend.signIn(uid);
  await backend.ask('createProfile', uid, { displayName: uid, locale: 'en', deviceId: `phone-of-${uid}-1234` });
}

const quoteAgain = (uid: string, method: Method, { phone = '+4312345678', ...door }: Door = {}) => {
  const { phone: _, ...place } = theDropOff;
  const dropOff = { ...place, ...door, ...(phone !== null && { phone }) };
  return backend.call('quote', uid, aCart({ dropOff, paymentMethod: method, promotionCodes: ['WELCOME'] }));
};
const quote = async (uid: string, method: Method, door: Door = {}) => {
  await signUp(uid);
  return quoteAgain(uid, method, door);
};
type Quoted = Awaited<ReturnType<typeof quote>>;
const place = ({ quoteId, totals }: Quoted, uid: string, confirmedTotalMinor = totals.totalMinor) =>
  backend.call('placeOrder', uid, { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor });
/** Names a door without placing an order: the total is another one. */
const nameDoor = async (uid: string, door: Door) =>
  assert.rejects(place(await quoteAgain(uid, 'card', door), uid, 1), { reason: 'TOTAL_NOT_CONFIRMED' });
const reject = (orderId: string) => {
  const move = { action: 'reject' as const, reason: 'too_busy' as const };
  return backend.call('moveOrder', 'mario', { orderId, idempotencyKey: 'reject-key', move });
};
/** The account's order is paid and completed; then the account is erased. */
const erase = async (uid: string, orderId: string) => {
  backend.fake.customerPays(orderId, 'order', 'fp-9');
  await backend.deliverWebhooks();
  await backend.db.doc(`orders/${orderId}`).update({ status: 'completed', due: null });
  backend.signIn(uid);
  await backend.ask('deleteMyAccount', uid, {});
  await backend.advance(90 * MINUTE);
  assert.equal((await backend.db.doc(`users/${uid}`).get()).exists, false);
};
/** Doors of strangers, each with a telephone number of its own. */
const doorOf = (n: number): Door => ({
  addressLine: `${n} Other Road`,
  lat: theDropOff.lat + n * 0.001,
  phone: `+431111111${n}`,
});
/**
 * The platform's part of an order of a new account, were it placed now, or why it is not quoted. The quote alone does not
 * show it.
 */
const discount = async (uid: string, method: Method, door: Door = {}): Promise<unknown> => {
  try {
    const { quoteId } = await quote(uid, method, door);
    const [kept, restaurant] = await Promise.all([
      paths.quote(backend.db, quoteId).get(),
      paths.restaurant(backend.db, 'rosa').get(),
    ]);
    const [stored, rosa] = [kept.data(), restaurant.data()];
    assert.ok(stored && rosa);
    const changed = await computeDifferenceWithoutLimited(backend.ctx, stored, rosa);
    return changed.outcome === 'changed' && changed.after.discountMinor;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
};
const OTHER_PHONE = { phone: '+4398765432' };
const OTHER_DOOR = { addressLine: '8 Door Street', lat: theDropOff.lat + 0.001 };
const USED = 0;
const UNKNOWN = 'FIRST_ORDER_ONLY';

describe("a household's first order at the platform's cost", () => {
  afterEach(() => backend.close());

  const cases: readonly [name: string, door: Door, cash: unknown, card: unknown][] = [
    ['at another door with another telephone number', { ...OTHER_DOOR, ...OTHER_PHONE }, 1000, 1000],
    ['at another door with the same number', OTHER_DOOR, USED, USED],
    ['at the same door with another number', OTHER_PHONE, USED, USED],
    ['at the same door, written in another way', { addressLine: 'Door street, 7', ...OTHER_PHONE }, USED, USED],
    ['at the same door, some metres away', { lat: theDropOff.lat + 0.001, ...OTHER_PHONE }, USED, USED],
    ['at the same place with another address', { addressLine: 'Bell Smith', ...OTHER_PHONE }, USED, 1000],
    ['at another door without a number', { ...OTHER_DOOR, phone: null }, UNKNOWN, 1000],
  ];
  for (const [name, door, cash, card] of cases)
    it(`leaves a second account ${name} ${String(cash)} in cash, ${String(card)} by card`, async () => {
      await city();
      await place(await quote('guest-1', 'cash'), 'guest-1');
      assert.deepEqual(
        [await discount('guest-2', 'cash', door), await discount('guest-3', 'card', door)],
        [cash, card],
      );
    });

  it('is shown by no quote, and by no placing at another total: a stranger does not learn who has ordered', async () => {
    await city();
    await place(await quote('guest-1', 'card'), 'guest-1');
    const [known, unknown] = [await quote('guest-2', 'card'), await quote('guest-3', 'card', doorOf(1))];
    assert.deepEqual([known.totals, unknown.totals.discountMinor], [unknown.totals, 1000]);
    await nameDoor('guest-2', {});
    await nameDoor('guest-3', doorOf(1));
  });

  it('is left out when a second account of the household places its quote, and stays for another', async () => {
    await city();
    await place(await quote('guest-1', 'card'), 'guest-1');
    const second = await place(await quote('guest-2', 'card'), 'guest-2');
    assert.deepEqual(
      second.outcome === 'changed' && [second.before.discountMinor, second.after.discountMinor],
      [1000, 0],
    );
    assert.equal((await place(await quote('guest-3', 'card', doorOf(1)), 'guest-3')).outcome, 'placed');
  });

  it('counts an order that was paid by card for a later one in cash', async () => {
    await city();
    await place(await quote('guest-1', 'card'), 'guest-1');
    assert.equal(await discount('guest-2', 'cash', { addressLine: 'Bell Smith', ...OTHER_PHONE }), USED);
  });

  for (const [name, changes] of [
    ['the merchant funds it', { merchantFundedPpm: 1_000_000 }],
    ['it is not for the first order', { firstOrderOnly: false, perUserLimit: 1 }],
  ] as const)
    it(`counts accounts one by one where ${name}`, async () => {
      await city(changes);
      await place(await quote('guest-1', 'cash'), 'guest-1');
      assert.equal(await discount('guest-2', 'cash'), 1000);
    });

  it('is not given for a pickup, which shows no household', async () => {
    await city();
    await signUp('guest-1');
    const cart = { promotionCodes: ['WELCOME'], paymentMethod: 'card' as const };
    const pickUp = aCart({ ...cart, kind: 'pickup' });
    await assert.rejects(backend.call('quote', 'guest-1', pickUp), {
      reason: 'FIRST_ORDER_ONLY',
      details: { promotionId: 'welcome' },
    });
    assert.equal((await backend.call('quote', 'guest-1', aCart(cart))).totals.discountMinor, 1000);
    await backend.close();
    await city({ merchantFundedPpm: 1_000_000 });
    await signUp('guest-1');
    assert.equal((await backend.call('quote', 'guest-1', pickUp)).totals.discountMinor, 1000);
  });

  it('is available again once the kitchen has rejected the order', async () => {
    await city();
    const { quoteId: orderId, ...rest } = await quote('guest-1', 'cash');
    await place({ quoteId: orderId, ...rest }, 'guest-1');
    await reject(orderId);
    assert.equal(await discount('guest-2', 'cash'), 1000);
  });

  it('stays available at a door of a rejected order whose account then orders to another door', async () => {
    await city();
    const first = await quote('guest-1', 'cash');
    await place(first, 'guest-1');
    await reject(first.quoteId);
    await place(await quoteAgain('guest-1', 'cash', doorOf(1)), 'guest-1');
    assert.deepEqual([await discount('guest-2', 'cash'), await discount('guest-3', 'cash', doorOf(1))], [1000, USED]);
  });

  it('stays available at the doors that an account only named before its order to another door', async () => {
    await city();
    const own = await quote('guest-1', 'card');
    for (const n of [1, 2]) await nameDoor('guest-1', doorOf(n));
    await place(own, 'guest-1');
    const found = [];
    for (const n of [1, 2]) found.push(await discount(`stranger-${n}`, 'cash', doorOf(n)));
    assert.deepEqual([...found, await discount('guest-2', 'cash')], [1000, 1000, USED]);
  });

  it('is one of two that are placed at the same time', async () => {
    await city();
    const [first, second] = [await quote('guest-1', 'cash'), await quote('guest-2', 'cash')];
    const outcomes = await Promise.all([place(first, 'guest-1'), place(second, 'guest-2')]);
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), ['changed', 'placed']);
  });

  for (const [name, doors] of [
    ['', []],
    [', which had named eight other doors', [1, 2, 3, 4, 5, 6, 7, 8]],
  ] as const)
    it(`stays used when its account is erased${name}`, async () => {
      await city();
      const own = await quote('guest-1', 'card');
      const others: Quoted[] = [];
      for (const n of doors) others.push(await quoteAgain('guest-1', 'card', doorOf(n)));
      // After the order, the price without the promotion is the answer.
      const nameAll = async (some: readonly Quoted[]) => {
        for (const one of some) await place(one, 'guest-1', 1).catch(() => null);
      };
      await nameAll(others.slice(0, 2));
      await place(own, 'guest-1');
      await nameAll(others.slice(2));
      await erase('guest-1', own.quoteId);
      assert.deepEqual([await discount('guest-2', 'cash'), await discount('guest-3', 'cash', doorOf(1))], [USED, 1000]);
    });

  it('is not given in cash where the uses of the door cannot be read', async () => {
    await city();
    const destination = { zoneId: 'centre', dropOff: theDropOff, paymentMethod: 'cash' as const };
    const [line] = listHouseholdSignals(destination);
    assert.ok(line);
    await backend.db.doc(`signals/${toSignalId(line)}`).set({ accounts: 'broken' });
    assert.deepEqual([await discount('guest-1', 'cash'), await discount('guest-2', 'card')], [0, 1000]);
  });
});
