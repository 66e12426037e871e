import { strict as assert } from 'node:assert';
import { noteSignal } from '#functions/abuse/links.js';
import type { Promotion } from '#functions/contract/zones.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion, MINUTE, START_MS, theDropOff } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const DAY = 24 * 60 * MINUTE;
let backend: Backend;

type Limits = Partial<Pick<Promotion, 'firstOrderOnly' | 'perUserLimit' | 'merchantFundedPpm'>>;

/** 10.00 off by code, for three years; the platform pays unless another share is given. */
const aCoupon = (limits: Limits): Promotion =>
  aPromotion({
    id: 'ten',
    kind: 'order',
    code: 'TEN',
    benefit: { type: 'fixed', amountMinor: 1000 },
    endsAtMs: START_MS + 1000 * DAY,
    merchantFundedPpm: 0,
    ...limits,
  });

async function city(limits: Limits, facts: CityFacts = {}): Promise<void> {
  backend = await aCity({ promotions: [aCoupon(limits)], ...facts });
  backend.fake.fingerprints.set('pm_card_visa', 'fp-1').set('pm_card_other', 'fp-2');
}

/** A new account with a phone of its own. */
async function signUp(uid: string, deviceId = `phone-of-${uid}-1234`): Promise<void> {
  backend.identity.add(uid, {}, uid);
  backend.signIn(uid);
  await backend.ask('createProfile', uid, { displayName: uid, locale: 'en', deviceId });
}

/** To a door of the account's own: only devices and cards are shared. */
const quote = (uid: string, codes = ['TEN']) => {
  const { lat, lng } = theDropOff;
  return backend.call(
    'quote',
    uid,
    aCart({ dropOff: { lat, lng, addressLine: `House ${uid}`, contactName: uid }, promotionCodes: codes }),
  );
};

async function place(uid: string, card: string | null = null, codes = ['TEN']): Promise<string> {
  const { quoteId, totals } = await quote(uid, codes);
  const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
  const placed = await backend.call('placeOrder', uid, { ...placing, ...(card !== null && { paymentMethodId: card }) });
  assert.equal(placed.outcome, 'placed');
  await backend.deliverWebhooks();
  return quoteId;
}

/** Places an order and pays it through the payment sheet. */
async function payBySheet(uid: string, card: string): Promise<string> {
  const orderId = await place(uid);
  backend.fake.customerPays(orderId, 'order', card);
  await backend.deliverWebhooks();
  return orderId;
}

async function receive(orderId: string): Promise<void> {
  const journey = new Journey(backend);
  journey.orderId = orderId;
  journey.pin = backend.ctx.secretDigits(`pin:${orderId}`, 4);
  await journey.reach('delivered');
}

const statusOf = async (orderId: string) => (await backend.order(orderId)).status;
const taskDetails = async () =>
  (await backend.db.collection('operatorTasks').get()).docs.map((one): unknown => one.get('detail'));

describe('the card of a payment sheet', () => {
  afterEach(() => backend.close());

  const LIMITS = [
    ['for the first order', { firstOrderOnly: true }],
    ['once by customer', { perUserLimit: 1 }],
  ] as const;
  for (const [name, limits] of LIMITS)
    it(`cancels the order of a second account with a promotion ${name}, and not one of another card`, async () => {
      await city(limits);
      for (const uid of ['guest-1', 'guest-2', 'guest-3']) await signUp(uid);
      assert.equal(await statusOf(await payBySheet('guest-1', 'fp-9')), 'placed');
      const second = await payBySheet('guest-2', 'fp-9');
      assert.equal(await statusOf(second), 'cancelled');
      assert.equal(await statusOf(await payBySheet('guest-3', 'fp-8')), 'placed');
      const { liable, scope, reason, by } = (await backend.order(second)).events.at(-1) ?? {};
      assert.deepEqual([by, reason, liable, scope], ['system', 'promotion_used', 'customer', 'none']);
      assert.deepEqual(
        backend.fake.moved.filter((moved) => moved.startsWith('void')),
        [`void ${second}`],
      );
      const uses = (await paths.standing(backend.db, 'guest-2').get()).data()?.uses;
      assert.deepEqual(Object.values(uses ?? {}), [0]);
    });

  it('is not compared for a promotion that the merchant pays for', async () => {
    await city({ firstOrderOnly: true, merchantFundedPpm: 1_000_000 });
    for (const uid of ['guest-1', 'guest-2']) await signUp(uid);
    await payBySheet('guest-1', 'fp-9');
    assert.equal(await statusOf(await payBySheet('guest-2', 'fp-9')), 'placed');
  });

  it('cancels before an automatic acceptance', async () => {
    await city({ firstOrderOnly: true }, { restaurant: { acceptance: 'auto' } });
    for (const uid of ['guest-1', 'guest-2']) await signUp(uid);
    assert.equal(await statusOf(await payBySheet('guest-1', 'fp-9')), 'accepted');
    assert.equal(await statusOf(await payBySheet('guest-2', 'fp-9')), 'cancelled');
  });

  it('is compared again after the provider did not respond', async () => {
    await city({ firstOrderOnly: true }, { restaurant: { acceptance: 'auto' } });
    for (const uid of ['guest-1', 'guest-2']) await signUp(uid);
    await payBySheet('guest-1', 'fp-9');
    const orderId = await place('guest-2');
    failSecondLook();
    backend.fake.customerPays(orderId, 'order', 'fp-9');
    await backend.deliverWebhooks();
    assert.equal(await statusOf(orderId), 'placed');
    await backend.advance(3 * MINUTE);
    assert.equal(await statusOf(orderId), 'cancelled');
    assert.deepEqual(await taskDetails(), []);
  });

  it('creates an operator task where the kitchen had already accepted', async () => {
    await city({ firstOrderOnly: true });
    for (const uid of ['guest-1', 'guest-2']) await signUp(uid);
    await payBySheet('guest-1', 'fp-9');
    const orderId = await place('guest-2');
    failSecondLook();
    backend.fake.customerPays(orderId, 'order', 'fp-9');
    await backend.deliverWebhooks();
    await backend.call('moveOrder', 'mario', { orderId, idempotencyKey: 'accept-key', move: { action: 'accept' } });
    await backend.advance(3 * MINUTE);
    assert.equal(await statusOf(orderId), 'accepted');
    assert.deepEqual(await taskDetails(), ['customer: the promotion was used by another account of the card']);
  });
});

/** The webhook reads the payment first, then the comparison of the card does. */
function failSecondLook(): void {
  const retrieve = backend.fake.retrieve.bind(backend.fake);
  let looks = 0;
  backend.fake.retrieve = (intentId) => {
    looks += 1;
    return looks === 2 ? Promise.reject(new Error('provider does not answer')) : retrieve(intentId);
  };
}

describe('a limit per customer', () => {
  afterEach(() => backend.close());

  it('counts the uses of all accounts of a phone, and not those of another phone', async () => {
    await city({ perUserLimit: 2 });
    await signUp('guest-1', 'one-phone-1234');
    await signUp('guest-2', 'one-phone-1234');
    await signUp('guest-3', 'two-phone-1234');
    await place('guest-1', 'pm_card_visa');
    await place('guest-2', 'pm_card_visa');
    await assert.rejects(quote('guest-1'), { reason: 'PROMOTION_LIMIT_REACHED' });
    await assert.rejects(quote('guest-2'), { reason: 'PROMOTION_LIMIT_REACHED' });
    assert.equal((await quote('guest-3')).totals.discountMinor, 1000);
  });

  it('counts in the commit that uses it: of two accounts at once, one gets the last use', async () => {
    await city({ perUserLimit: 1 });
    const uids = ['guest-1', 'guest-2'];
    for (const uid of uids) await signUp(uid, 'one-phone-1234');
    const quotes = await Promise.all(uids.map((uid) => quote(uid)));
    const placings = quotes.map(({ quoteId, totals }, index) =>
      backend.call('placeOrder', uids[index] ?? null, {
        quoteId,
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: totals.totalMinor,
      }),
    );
    assert.deepEqual((await Promise.all(placings)).map(({ outcome }) => outcome).toSorted(), ['changed', 'placed']);
  });
});

describe('a code that is entered in several spellings', () => {
  afterEach(() => backend.close());

  /** 0.01 off: with the two hundred that end first, a zone's cache is full. */
  const aCent = (id: string, code: string): Promotion =>
    aPromotion({ id, kind: 'order', code, benefit: { type: 'fixed', amountMinor: 1 }, merchantFundedPpm: 0 });
  const others = Array.from({ length: 200 }, (_, index) => aCent(`other-${index}`, `OTHER${index}`));
  const discountOf = async (codes: string[]) => (await quote('carla', codes)).totals.discountMinor;

  for (const [where, promotions] of [
    ['in the cache', [aCent('cent', 'CENT')]],
    ['not in the cache', others],
  ] as const)
    it(`is discounted once where its promotion is ${where}, and another code is discounted beside it`, async () => {
      await city({ perUserLimit: 1 }, { promotions: [aCoupon({ perUserLimit: 1 }), ...promotions] });
      assert.equal(await discountOf(['TEN', 'ten', ' Ten', 'tEN', 'TEn ']), 1000);
      assert.equal(await discountOf(['ten', promotions[0]?.code ?? '']), 1001);
    });
});

describe('accounts that name a card without an order', () => {
  afterEach(() => backend.close());

  /** The app sends a total that is not the quote's: nothing is placed. */
  async function name(uid: string, card: string): Promise<void> {
    const { quoteId } = await quote(uid);
    const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: 1, paymentMethodId: card };
    await assert.rejects(backend.call('placeOrder', uid, placing), { reason: 'TOTAL_NOT_CONFIRMED' });
  }

  it('are not linked with it, except with an account that has saved it', async () => {
    await city({ perUserLimit: 1 });
    for (const uid of ['guest-1', 'guest-2']) await signUp(uid);
    await paths.billing(backend.db, 'guest-2').set({ stripeCustomerId: 'cus_guest-2' });
    backend.fake.cards.set('cus_guest-2', [
      { paymentMethodId: 'pm_card_visa', brand: 'visa', last4: '4242', expMonth: 1, expYear: 2030 },
    ]);
    const cards = async (uid: string) =>
      (await paths.links(backend.db, uid).get()).data()?.signals.filter((id) => id.startsWith('card-')).length;
    for (const uid of ['guest-1', 'guest-2']) await name(uid, 'pm_card_visa');
    assert.deepEqual([await cards('guest-1'), await cards('guest-2')], [0, 1]);
  });

  it('do not hide the accounts that used up its promotion', async () => {
    await city({ perUserLimit: 1 });
    for (const uid of ['guest-1', 'guest-2', 'guest-3']) await signUp(uid);
    await place('guest-1', 'pm_card_visa');
    for (let index = 0; index < 12; index += 1)
      await noteSignal(backend.ctx, `idle-${index}`, { kind: 'card', value: 'fp-1' });
    assert.equal(await statusOf(await place('guest-2', 'pm_card_visa')), 'cancelled');
    assert.equal(await statusOf(await place('guest-3', 'pm_card_other')), 'placed');
  });

  it('do not hide an account that came late and used it up, nor one that was removed from the list before its use', async () => {
    await city({ perUserLimit: 1 });
    const card = { kind: 'card', value: 'fp-1' } as const;
    for (const uid of ['guest-1', 'guest-2', 'guest-3']) await signUp(uid);
    const crowd = async (from: number) => {
      for (let index = 0; index < 22; index += 1) await noteSignal(backend.ctx, `idle-${from + index}`, card);
    };
    await crowd(0);
    await noteSignal(backend.ctx, 'guest-1', card);
    await crowd(100);
    const [signal] = (await backend.db.collection('signals').where('accounts', 'array-contains', 'idle-0').get()).docs;
    assert.equal((signal?.get('accounts') as string[]).includes('guest-1'), false);
    await place('guest-1');
    await crowd(200);
    await noteSignal(backend.ctx, 'guest-2', card);
    await assert.rejects(quote('guest-2'), { reason: 'PROMOTION_LIMIT_REACHED' });
    assert.equal((await quote('guest-3')).totals.discountMinor, 1000);
  });
});

describe('an account that was erased', () => {
  afterEach(() => backend.close());

  /** Orders, has the food, leaves, and is erased for good. */
  async function live(uid: string, codes = ['TEN']): Promise<void> {
    await signUp(uid, 'the-same-phone-1234');
    await receive(await place(uid, 'pm_card_visa', codes));
    await backend.advance(125 * MINUTE);
    backend.signIn(uid);
    await backend.call('deleteMyAccount', uid, {});
    await backend.advance(90 * MINUTE);
  }

  it('leaves its first order with the phone, without its name, for thirteen months', async () => {
    await city({ firstOrderOnly: true });
    await live('life-1');
    await signUp('life-2', 'the-same-phone-1234');
    await assert.rejects(quote('life-2'), { reason: 'FIRST_ORDER_ONLY' });
    await signUp('stranger');
    assert.equal((await quote('stranger')).totals.discountMinor, 1000);
    const signals = (await backend.db.collection('signals').get()).docs.map((one) => JSON.stringify(one.data()));
    assert.equal(
      signals.some((signal) => signal.includes('life-1')),
      false,
    );
    assert.equal(signals.filter((signal) => signal.includes('*first')).length, 4);
    await backend.advance(396 * DAY);
    backend.signIn('life-2');
    assert.equal((await quote('life-2')).totals.discountMinor, 1000);
  });

  it('leaves its first order where it had no promotion, too', async () => {
    await city({ firstOrderOnly: true });
    await live('life-1', []);
    await signUp('life-2', 'the-same-phone-1234');
    await assert.rejects(quote('life-2'), { reason: 'FIRST_ORDER_ONLY' });
  });

  it('leaves its uses of a limit per customer: a second account on the phone has none left', async () => {
    await city({ perUserLimit: 2 });
    await live('life-1');
    await live('life-2');
    await signUp('life-3', 'the-same-phone-1234');
    await assert.rejects(quote('life-3'), { reason: 'PROMOTION_LIMIT_REACHED' });
  });

  it('leaves them with the card as well: another phone does not reset them', async () => {
    await city({ firstOrderOnly: true });
    await live('life-1');
    await signUp('life-2');
    await noteSignal(backend.ctx, 'life-2', { kind: 'card', value: 'fp-2' });
    assert.equal((await quote('life-2')).totals.discountMinor, 1000);
    await noteSignal(backend.ctx, 'life-2', { kind: 'card', value: 'fp-1' });
    await assert.rejects(quote('life-2'), { reason: 'FIRST_ORDER_ONLY' });
  });
});
