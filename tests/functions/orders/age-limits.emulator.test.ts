import { strict as assert } from 'node:assert';
import type { Move } from '#functions/contract/moves.js';
import type { LineChange } from '#functions/contract/orders.js';
import type { Backend } from '#fixtures/backend.js';
import { aMenu, MINUTE, theDropOff } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';

type Delivery = Extract<Move, { action: 'deliver' }>;
const ADULT = '1990-05-17';
const MENU = aMenu();
/** Beer from 16 in place of the cola, and gin from 18. */
const items = MENU.items.flatMap((item) =>
  item.id === 'cola'
    ? [
        { ...item, name: 'Beer', ageLimit: 16 },
        { ...item, id: 'gin', name: 'Gin', ageLimit: 18 },
      ]
    : [item],
);
const withBeer = {
  lines: [
    { itemId: 'margherita', quantity: 2 },
    { itemId: 'cola', quantity: 1 },
  ],
};

describe('an order with an age limit', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => {
    backend = await aCity({ menu: { items } });
    journey = new Journey(backend);
  });
  afterEach(() => backend.close());

  const placed = async (birthDate = ADULT, cart: object = {}) =>
    journey.place({ cart: { ...withBeer, ...cart }, birthDate });
  const order = () => backend.order(journey.orderId);
  const deliver = (more: Partial<Delivery> = {}) =>
    journey.move('omar', {
      action: 'deliver',
      fix: aFix('door', backend.nowMs),
      proof: { type: 'pin', pin: journey.pin },
      ...more,
    });

  it('is quoted with the limit, and one without such an item without it', async () => {
    assert.equal((await journey.quote(withBeer)).ageLimit, 16);
    assert.equal((await journey.quote()).ageLimit, undefined);
    const dropOff = { ...theDropOff, handover: 'leave' as const };
    await assert.rejects(journey.quote({ ...withBeer, dropOff }), { reason: 'HAND_OVER_REQUIRED' });
    assert.equal((await journey.quote({ dropOff })).ageLimit, undefined);
  });

  it('is placed by a customer of the age, whose date of birth is stored nowhere', async () => {
    const { quoteId, totals } = await journey.quote(withBeer);
    const place = (more: object) =>
      backend.call('placeOrder', 'carla', {
        ...{ quoteId, idempotencyKey: 'place-beer', confirmedTotalMinor: totals.totalMinor },
        paymentMethodId: 'pm_card_visa',
        ...more,
      });
    await assert.rejects(place({}), { reason: 'AGE_UNKNOWN', details: { ageLimit: 16 } });
    await assert.rejects(place({ birthDate: '2015-01-01' }), { reason: 'AGE_TOO_LOW', details: { ageLimit: 16 } });
    await assert.rejects(place({ birthDate: '1990-02-30' }), { reason: 'INPUT_INVALID' });
    assert.equal((await place({ birthDate: ADULT })).outcome, 'placed');
    assert.equal((await place({ birthDate: ADULT })).outcome, 'placed', 'a repeated call gets its answer');
    assert.equal((await backend.order(quoteId)).ageLimit, 16);
    assert.doesNotMatch(JSON.stringify(await backend.dump()), /1990-05-17/);
  });

  it('asks again where the menu got a limit after the quote, at the same price', async () => {
    const { quoteId, totals } = await journey.quote();
    const { version: _, ...draft } = aMenu({ items: MENU.items.map((item) => ({ ...item, ageLimit: 18 })) });
    await backend.db.doc('restaurants/rosa/menus/draft').set(draft);
    await backend.call('publishMenu', 'mario', { restaurantId: 'rosa', basedOnVersion: 1 });
    const answer = await backend.call('placeOrder', 'carla', {
      ...{ quoteId, idempotencyKey: 'place-key', confirmedTotalMinor: totals.totalMinor },
      paymentMethodId: 'pm_card_visa',
    });
    assert.ok(answer.outcome === 'changed');
    assert.deepEqual([answer.ageLimit, answer.after.totalMinor], [18, totals.totalMinor]);
  });

  it('is delivered to a person whose ID was checked, by PIN', async () => {
    await placed();
    await journey.reach('picked_up');
    await assert.rejects(deliver(), { reason: 'ID_CHECK_REQUIRED', details: { ageLimit: 16 } });
    const photo = { type: 'photo' as const, path: `proofs/${journey.orderId}/omar/door.jpg` };
    await assert.rejects(deliver({ proof: photo, idChecked: true }), { reason: 'HAND_OVER_REQUIRED' });
    await deliver({ idChecked: true });
    const { status, events } = await order();
    assert.equal(status, 'delivered');
    const delivered = events.find(({ action }) => action === 'deliver');
    assert.deepEqual([delivered?.proof, delivered?.idChecked], ['pin', true]);
  });

  it('is confirmed by an operator only after a check', async () => {
    await placed();
    await journey.reach('picked_up');
    await assert.rejects(journey.move('olga', { action: 'confirmDelivery' }), { reason: 'ID_CHECK_REQUIRED' });
    await journey.move('olga', { action: 'confirmDelivery', idChecked: true });
    assert.equal((await order()).status, 'delivered');
  });

  it('is collected by a person whose ID the kitchen checked', async () => {
    await placed(ADULT, { kind: 'pickup', tipPpm: 0, dropOff: null });
    for (const action of ['accept', 'startPreparing', 'markReady'] as const) await journey.move('mario', { action });
    const { pin } = journey;
    await assert.rejects(journey.move('mario', { action: 'collect', pin }), { reason: 'ID_CHECK_REQUIRED' });
    await journey.move('mario', { action: 'collect', pin, idChecked: true });
    assert.equal((await order()).status, 'collected');
  });

  it('is taken back where no person at the door proves the age, and the customer pays', async () => {
    await placed();
    await journey.reach('picked_up');
    const fail = () => journey.move('omar', { action: 'fail', reason: 'no ID', cause: 'id_check' });
    await assert.rejects(fail(), { reason: 'TOO_FAR_FROM_STOP' });
    await journey.arrive();
    await fail();
    assert.equal((await order()).events.at(-1)?.cause, 'id_check');
    await backend.advance(10 * MINUTE);
    await journey.bringBack('olga', 'customer');
    await backend.deliverWebhooks();
    const { status, events, payment } = await order();
    assert.deepEqual([status, events.findLast(({ action }) => action === 'return')?.liable], ['returned', 'customer']);
    assert.ok(payment.capturedMinor > 0);
  });

  it('fails for want of an ID only where it has a limit', async () => {
    await journey.place();
    await journey.reach('picked_up');
    await journey.arrive();
    const fail = (cause: { cause?: 'id_check' }) => journey.move('omar', { action: 'fail', reason: 'no ID', ...cause });
    await assert.rejects(fail({ cause: 'id_check' }), { reason: 'NO_AGE_LIMIT' });
    await assert.rejects(fail({}), { reason: 'TOO_EARLY' });
  });

  it('gets no substitute with a higher limit, and loses the limit with its last such item', async () => {
    await placed();
    await journey.reach('accepted');
    const edit = (change: LineChange) =>
      backend.call('editOrder', 'mario', {
        ...{ orderId: journey.orderId, idempotencyKey: journey.key('edit'), reason: 'sold out' },
        changes: [change],
      });
    const gin = { itemId: 'gin', quantity: 1, modifiers: [] };
    await assert.rejects(edit({ type: 'substitute', line: 0, by: gin }), {
      reason: 'AGE_LIMIT_RAISED',
      details: { ageLimit: 16 },
    });
    await edit({ type: 'reduce', line: 0, quantity: 1 });
    assert.equal((await order()).ageLimit, 16);
    await edit({ type: 'reduce', line: 1, quantity: 0 });
    assert.equal((await order()).ageLimit, undefined);
    await journey.reach('picked_up');
    await deliver();
    assert.equal((await order()).status, 'delivered');
  });

  it('is ordered again with its items, and quoted with the limit', async () => {
    await placed();
    const { cart } = await backend.call('reorder', 'carla', { orderId: journey.orderId });
    assert.equal((await backend.call('quote', 'carla', aCart({ lines: cart }))).ageLimit, 16);
  });
});
