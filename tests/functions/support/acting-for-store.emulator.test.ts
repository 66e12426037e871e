import { strict as assert } from 'node:assert';
import type { AuditEntry } from '#functions/contract/operations.js';
import type { Inputs } from '#functions/calls/callables.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aMenu, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

type Act = Inputs['actForStore']['act'];

describe('an operator who acts for a store', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());
  const act = (one: Act, by = 'olga', restaurantId = 'rosa') =>
    backend.call('actForStore', by, { restaurantId, act: one, reason: 'asked by telephone' });
  const store = async () => (await paths.restaurant(backend.db, 'rosa').get()).data();
  const audit = async () =>
    (await backend.db.collection('audit').get()).docs
      .map((one) => one.data() as AuditEntry)
      .map(({ by, action, subject, before, after }) => ({ by, action, subject, before, after }));

  it('changes settings, and the audit has what was before', async () => {
    const before = (await store())?.prepMinutes ?? 0;
    await act({ type: 'settings', changes: { prepMinutes: before + 5 } });
    assert.equal((await store())?.prepMinutes, before + 5);
    const [entry] = await audit();
    assert.deepEqual([entry?.by, entry?.action, entry?.subject], ['olga', 'actForStore', 'restaurants/rosa']);
    assert.deepEqual([entry?.before?.['prepMinutes'], entry?.after?.['changed']], [before, 'prepMinutes']);
    await assert.rejects(act({ type: 'settings', changes: { timeZone: 'Mars/Base' } }), {
      reason: 'TIME_ZONE_UNKNOWN',
    });
    assert.equal((await audit()).length, 1, 'a refused act leaves no entry');
  });

  it('moves the restaurant: new orders are fetched there, orders under way where they were placed', async () => {
    const journey = await new Journey(backend).place();
    const was = (await backend.order('order-1')).pickUpAt;
    const location = { lat: was.lat + 0.001, lng: was.lng };
    await act({ type: 'place', location, addressLine: '9 New Lane' });
    const { addressLine, geohash } = (await store()) ?? {};
    assert.equal(addressLine, '9 New Lane');
    assert.equal(geohash?.length, 9);
    assert.deepEqual((await backend.order(journey.orderId)).pickUpAt, was);
    const next = await new Journey(backend).place();
    assert.deepEqual((await backend.order(next.orderId)).pickUpAt, location);
  });

  it('marks items as sold out and counts portions', async () => {
    await act({ type: 'soldOut', ids: ['cola'], untilMs: backend.nowMs + 60 * MINUTE });
    await assert.rejects(backend.call('quote', 'carla', aCart({ lines: [{ itemId: 'cola', quantity: 1 }] })), {
      reason: 'ITEM_SOLD_OUT',
    });
    await act({ type: 'stock', left: { margherita: 3 } });
    assert.equal((await store())?.countsStock, true);
  });

  it('publishes a menu based on the published version, and not over a newer one', async () => {
    const { version, ...menu } = aMenu();
    const draft = { ...menu, items: menu.items.map((item) => ({ ...item, priceMinor: item.priceMinor + 10 })) };
    await act({ type: 'menu', basedOnVersion: version, draft });
    assert.equal((await store())?.menuVersion, version + 1);
    await assert.rejects(act({ type: 'menu', basedOnVersion: version, draft: menu }), { reason: 'MENU_CHANGED' });
  });

  it("ends a promotion of the restaurant's own, which its managers cannot resume", async () => {
    const promotionId = 'happy-hour';
    const promotion = {
      kind: 'order' as const,
      benefit: { type: 'fixed' as const, amountMinor: 100 },
      startsAtMs: backend.nowMs,
      endsAtMs: backend.nowMs + 60 * MINUTE,
    };
    await backend.call('saveStorePromotion', 'mario', { restaurantId: 'rosa', promotionId, promotion });
    assert.equal((await store())?.promotions?.length, 1);
    await assert.rejects(act({ type: 'endPromotion', promotionId: 'another' }), { reason: 'PROMOTION_NOT_FOUND' });
    await act({ type: 'endPromotion', promotionId });
    assert.deepEqual((await store())?.promotions, []);
    const entry = (await paths.storePromotions(backend.db, 'rosa').get()).data()?.promotions[promotionId];
    assert.deepEqual([entry?.state, entry?.endedBy], ['ended', 'operator']);
    const [audited, ...others] = await audit();
    assert.deepEqual(
      [audited?.before, audited?.after, others],
      [{ offered: 1 }, { act: 'endPromotion', promotionId }, []],
    );
    await assert.rejects(
      backend.call('switchStorePromotion', 'mario', { restaurantId: 'rosa', promotionId, to: 'running' }),
      { reason: 'PROMOTION_ENDED' },
    );
    await assert.rejects(act({ type: 'endPromotion', promotionId }, 'mario'), { reason: 'ROLE_REQUIRED' });
  });

  it('is no member of its staff, nor anyone but an operator', async () => {
    const sold: Act = { type: 'soldOut', ids: ['cola'], untilMs: null };
    for (const uid of ['carla', 'mario', 'omar']) await assert.rejects(act(sold, uid), { reason: 'ROLE_REQUIRED' });
    backend.identity.add('mario', { role: 'operator', merchant: { rosa: 'owner' } });
    await assert.rejects(act(sold, 'mario'), { reason: 'OTHER_OPERATOR_REQUIRED' });
    await assert.rejects(act(sold, 'olga', 'nowhere'), { reason: 'RESTAURANT_NOT_FOUND' });
  });

  it('changes the commission for new quotes, by finance alone', async () => {
    const save = (by: string) =>
      backend.call('saveTerms', by, { restaurantId: 'rosa', commissionPpm: 100_000, reason: 'the new contract' });
    const journey = await new Journey(backend).place();
    backend.identity.add('sara', { role: 'operator', desk: 'support' });
    await assert.rejects(save('sara'), { reason: 'ROLE_REQUIRED' });
    await save('olga');
    const quoteOf = async (id: string) => (await paths.quote(backend.db, id).get()).data()?.commissionPpm;
    const next = await new Journey(backend).place();
    assert.equal(await quoteOf(next.orderId), 100_000);
    assert.notEqual(await quoteOf(journey.orderId), 100_000);
    const [entry] = await audit();
    assert.deepEqual(entry?.after, { commissionPpm: 100_000 });
  });
});
