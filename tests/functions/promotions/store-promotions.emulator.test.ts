import { strict as assert } from 'node:assert';
import type { Requests } from '#functions/calls/callables.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aMenu, aPromotion, aRestaurant, KITCHEN_AT, MINUTE, START_MS, theTerms } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
type Terms = Requests['saveStorePromotion']['promotion'];

/** A tenth off the order, from now on for a week. */
const terms = (changes: object = {}): Terms => ({
  kind: 'order',
  benefit: { type: 'percent', ratePpm: 100_000 },
  startsAtMs: START_MS,
  endsAtMs: START_MS + 7 * DAY,
  ...changes,
});

let backend: Backend;
const city = async (facts: CityFacts = {}): Promise<void> => void (backend = await aCity(facts));
const save = (changes: object = {}, promotionId = 'happy-hour', uid = 'mario', restaurantId = 'rosa') =>
  backend.call('saveStorePromotion', uid, { restaurantId, promotionId, promotion: terms(changes) });
const switchTo = (to: 'running' | 'paused' | 'ended', uid = 'mario') =>
  backend.call('switchStorePromotion', uid, { restaurantId: 'rosa', promotionId: 'happy-hour', to });
const quote = (codes: string[] = [], uid = 'carla', restaurantId = 'rosa') =>
  backend.call('quote', uid, aCart({ promotionCodes: codes, restaurantId }));
const discount = async (...args: Parameters<typeof quote>) => (await quote(...args)).totals.discountMinor;
const place = async (uid: string, { quoteId, totals }: Awaited<ReturnType<typeof quote>>) =>
  backend.call('placeOrder', uid, {
    quoteId,
    idempotencyKey: `place-${uid}-1`,
    confirmedTotalMinor: totals.totalMinor,
    paymentMethodId: 'pm_card_visa',
  });
const offered = async () => (await paths.restaurant(backend.db, 'rosa').get()).data()?.promotions?.length ?? 0;
const pricingOf = async (orderId: string) => (await paths.quote(backend.db, orderId).get()).data()?.pricing;

/** A second restaurant of the zone, which lena owns. */
async function openElsewhere(): Promise<void> {
  const batch = backend.db.batch();
  batch.set(backend.db.doc('restaurants/elsewhere'), aRestaurant({ name: 'Elsewhere' }));
  batch.set(backend.db.doc('restaurants/elsewhere/menus/published'), aMenu());
  batch.set(backend.db.doc('restaurants/elsewhere/private/terms'), theTerms);
  const member = { role: 'owner', displayName: 'Lena', addedAtMs: START_MS };
  batch.set(backend.db.doc('restaurants/elsewhere/members/lena'), member);
  await batch.commit();
}

describe("a restaurant's own promotion", () => {
  afterEach(() => backend.close());

  it('is paid by the restaurant alone, to the cent', async () => {
    await city();
    await new Journey(backend).reach('delivered');
    const before = await pricingOf('order-1');
    await save();
    const next = new Journey(backend);
    await next.reach('delivered');
    const after = await pricingOf(next.orderId);
    assert.ok(before && after);
    assert.deepEqual([before.totals.discountMinor, after.totals.discountMinor], [0, 200]);
    assert.deepEqual(
      after.lines.map(({ grossMinor, netMinor, merchantFundedMinor }) => [grossMinor, netMinor, merchantFundedMinor]),
      [[2000, 1800, 200]],
    );
    // Without the promotion 20.00 less a commission of 20 %; the commission is on what the customer pays for the food.
    assert.deepEqual([before.split.merchantMinor, after.split.merchantMinor], [1600, 1440]);
    const journals = (await backend.db.collection('ledger').get()).docs.map((one) => one.data());
    const funded = journals.flatMap(({ entries }) =>
      (entries as { account: string }[]).filter(({ account }) => account.startsWith('promotions')),
    );
    assert.deepEqual(funded, [], 'the platform pays nothing');
    await assertSound(backend);
  });

  it('is saved, switched and read by owners and managers, and by no other staff', async () => {
    await city();
    await openElsewhere();
    for (const [uid, role] of [
      ['mia', 'manager'],
      ['kim', 'kitchen'],
    ] as const) {
      await backend.db.doc(`restaurants/rosa/members/${uid}`).set({ role, displayName: uid, addedAtMs: START_MS });
      backend.identity.add(uid, { merchant: { rosa: role } }, uid);
    }
    await save({}, 'happy-hour', 'mia');
    await switchTo('paused', 'mia');
    for (const [uid, reason] of [
      ['kim', 'ROLE_NOT_ALLOWED'],
      ['lena', 'RESTAURANT_NOT_FOUND'],
    ] as const) {
      await assert.rejects(save({}, 'other', uid), { reason });
      await assert.rejects(switchTo('running', uid), { reason });
    }
    await assert.rejects(save({}, 'other', 'carla'), { reason: 'ROLE_REQUIRED' });
    assert.equal(await offered(), 0);
  });

  it('can be paused, resumed and ended, for good', async () => {
    await city();
    const { id, version } = await save();
    assert.deepEqual(await save(), { promotionId: 'happy-hour', id, version }, 'a retry');
    const quoted = await quote();
    await switchTo('paused');
    assert.deepEqual([await offered(), await discount()], [0, 0]);
    assert.equal(
      (await place('carla', quoted)).outcome,
      'changed',
      'the customer has to agree to the price without it',
    );
    await switchTo('running');
    assert.deepEqual([await offered(), await discount()], [1, 200]);
    await switchTo('ended');
    assert.deepEqual([await offered(), await discount()], [0, 0]);
    await assert.rejects(switchTo('running'), { reason: 'PROMOTION_ENDED' });
    await assert.rejects(save(), { reason: 'PROMOTION_ENDED' });
    assert.equal((await save({}, 'next')).version, 1);
  });

  it('that is changed while an order is open does not change that order', async () => {
    await city();
    await save();
    const journey = new Journey(backend);
    await journey.reach('accepted');
    assert.equal((await save({ benefit: { type: 'percent', ratePpm: 400_000 } })).version, 2);
    await backend.call('editOrder', 'mario', {
      orderId: journey.orderId,
      idempotencyKey: 'edit-key-1',
      changes: [{ type: 'reduce', line: 0, quantity: 1 }],
      reason: 'one is sold out',
    });
    const edited = await pricingOf(journey.orderId);
    assert.deepEqual(
      edited?.lines.map(({ grossMinor, netMinor, merchantFundedMinor }) => [grossMinor, netMinor, merchantFundedMinor]),
      [[1000, 900, 100]],
    );
    assert.equal(await discount([], 'nina'), 800);
  });

  it('applies within its weekly windows, by the clocks of the zone, and so does one of the platform', async () => {
    // Monday from 14:00 to 15:00 in Vienna: it is 13:00.
    const windows = [{ days: [0], fromMinute: 840, toMinute: 900 }];
    const platform = {
      ...aPromotion({ id: 'lunch', kind: 'order', benefit: { type: 'fixed', amountMinor: 10 } }),
      windows,
    };
    await city({ promotions: [platform] });
    await save({ windows });
    assert.equal(await discount(), 0);
    backend.nowMs += HOUR;
    const inTime = await quote();
    assert.equal(inTime.totals.discountMinor, 210);
    const discover = { place: KITCHEN_AT, zoneId: 'centre' };
    assert.equal((await backend.call('discover', 'carla', discover)).restaurants[0]?.hasPromotion, true);
    backend.nowMs += 50 * MINUTE;
    const late = await quote([], 'nina');
    backend.nowMs += 10 * MINUTE;
    assert.equal(await discount(), 0);
    assert.equal((await place('nina', late)).outcome, 'changed');
    assert.equal((await backend.call('discover', 'carla', discover)).restaurants[0]?.hasPromotion, false);
  });

  it('may need a code, which is valid in this restaurant alone', async () => {
    await city();
    await openElsewhere();
    await save({ code: 'Rosa10' });
    assert.equal(await offered(), 0, 'the code is not public');
    assert.deepEqual([await discount(), await discount(['rosa10'])], [0, 200]);
    await assert.rejects(quote(['ROSA10'], 'nina', 'elsewhere'), { reason: 'PROMOTION_UNKNOWN' });
    await save({ code: 'ROSA10', benefit: { type: 'percent', ratePpm: 300_000 } }, 'same', 'lena', 'elsewhere');
    assert.deepEqual([await discount(['ROSA10']), await discount(['ROSA10'], 'nina', 'elsewhere')], [200, 600]);
    await switchTo('paused');
    await assert.rejects(quote(['ROSA10']), { reason: 'PROMOTION_UNKNOWN' });
  });

  it('costs a quote without a code no read', async () => {
    await city();
    const readsOf = async () => {
      await backend.billed();
      await quote();
      return (await backend.billed()).reads;
    };
    await quote();
    const before = await readsOf();
    await save();
    await save({ code: 'ROSA10' }, 'coded');
    assert.equal(await readsOf(), before);
    assert.equal(await discount(), 200);
  });

  it('has no code and no id of the platform, whose promotions come first', async () => {
    const promotion = (code: string, amountMinor: number, id = 'of-the-zone') => ({
      ...aPromotion({ id, kind: 'order', benefit: { type: 'fixed', amountMinor } }),
      code,
    });
    await city({ promotions: [promotion('WELCOME', 50)] });
    await assert.rejects(save({ code: 'welcome' }), { reason: 'PROMOTION_CODE_TAKEN' });
    const { id } = await save({ code: 'ROSA10' });
    assert.equal(await discount(['ROSA10']), 200);
    const saveForZone = (one: object) => backend.call('savePromotion', 'olga', { zoneId: 'centre', promotion: one });
    await assert.rejects(saveForZone(promotion('OTHER', 1, id)), { reason: 'INPUT_INVALID' });
    await saveForZone(promotion('ROSA10', 70, 'later'));
    assert.equal(await discount(['ROSA10']), 70);
  });

  it('keeps its total limit and its limit of a customer, and gets a use back', async () => {
    await city();
    const { id } = await save({ totalLimit: 1, perUserLimit: 1, code: 'ONCE' });
    const left = async () =>
      (await backend.db.collection(`zones/centre/promotions/${id}/shards`).get()).docs.map((one) => one.get('left'));
    const uses = async () => (await paths.standing(backend.db, 'carla').get()).data()?.uses[id];
    const rival = await quote(['ONCE'], 'nina');
    const first = await quote(['ONCE']);
    await place('carla', first);
    await backend.deliverWebhooks();
    assert.deepEqual([await left(), await uses()], [[0], 1]);
    assert.equal((await place('nina', rival)).outcome, 'changed');
    await assert.rejects(quote(['ONCE']), { reason: 'PROMOTION_LIMIT_REACHED' });
    await assert.rejects(quote(['ONCE'], 'nina'), { reason: 'PROMOTION_USED_UP' });
    await backend.call('cancelOrder', 'carla', {
      orderId: first.quoteId,
      idempotencyKey: 'cancel-key-1',
      reason: 'changed my mind',
    });
    assert.deepEqual([await left(), await uses()], [[1], 0]);
    await save({ totalLimit: 3, perUserLimit: 2, code: 'ONCE' });
    assert.deepEqual(await left(), [3]);
  });

  it('counts its uses in documents that the database deletes ninety days after its end', async () => {
    await city();
    const expireAt = async () => {
      const { docs } = await backend.db.collectionGroup('shards').get();
      return [...new Set(docs.map((shard) => shard.get('expireAt').toMillis()))];
    };
    await save({ totalLimit: 5 });
    assert.deepEqual(await expireAt(), [START_MS + 97 * DAY]);
    await save({ totalLimit: 5, endsAtMs: START_MS + 8 * DAY });
    assert.deepEqual(await expireAt(), [START_MS + 98 * DAY]);
  });

  it('keeps within the limits of the zone', async () => {
    await city({ zone: { storePromotions: { atOnce: 1, maxRatePpm: 200_000 } } });
    await assert.rejects(save({ benefit: { type: 'percent', ratePpm: 200_001 } }), { reason: 'STORE_PROMOTION_LIMIT' });
    await save({ benefit: { type: 'percent', ratePpm: 200_000 } });
    await assert.rejects(save({}, 'second'), { reason: 'STORE_PROMOTION_LIMIT' });
    await assert.rejects(save({ endsAtMs: START_MS }, 'second'), { reason: 'INPUT_INVALID' });
    await switchTo('ended');
    await save({}, 'second');
  });

  it('is one of as many as the zone allows, and alone has its code, also where managers save at the same time', async () => {
    await city({ zone: { storePromotions: { atOnce: 2 } } });
    const race = async (ids: readonly string[], changes: object) => {
      const saves = await Promise.allSettled(ids.map((id) => save(changes, id)));
      return saves.filter(({ status }) => status === 'fulfilled').length;
    };
    assert.equal(await race(['a', 'b', 'c', 'd'], {}), 2);
    assert.equal(await offered(), 2);
    const stored = (await paths.storePromotions(backend.db, 'rosa').get()).data()?.promotions ?? {};
    assert.equal(await race(Object.keys(stored), { code: 'ROSA10' }), 1);
    assert.equal(await offered(), 1);
  });

  it('is for staff, too, who get no promotion of the platform', async () => {
    const platform = { ...aPromotion({ id: 'p', kind: 'order', benefit: { type: 'fixed', amountMinor: 50 } }) };
    await city({ promotions: [{ ...platform, merchantFundedPpm: 0 }] });
    await save();
    assert.deepEqual([await discount([], 'carla'), await discount([], 'mario')], [250, 200]);
  });

  it('stops no quote where it cannot be read', async () => {
    await city();
    await save();
    await save({ code: 'ROSA10' }, 'coded');
    const ref = backend.db.doc('restaurants/rosa');
    const [good] = (await ref.get()).get('promotions') as object[];
    const bad = [{ ...good, kind: 'nonsense' }, { ...good, id: 'welcome' }, { ...good, merchantFundedPpm: 0 }, 7];
    await ref.update({ promotions: [...bad, good] });
    assert.equal(await discount(), 200);
    assert.equal(await discount(['ROSA10']), 380);
    await backend.db.doc('restaurants/rosa/settings/promotions').set({ promotions: 'poison' });
    assert.equal(await discount(), 200);
    await assert.rejects(quote(['ROSA10']), { reason: 'PROMOTION_UNKNOWN' });
    const tasks = (await backend.db.collection('operatorTasks').get()).docs.map((one): unknown => one.get('path'));
    assert.deepEqual(tasks, ['restaurants/rosa/settings/promotions']);
  });
});
