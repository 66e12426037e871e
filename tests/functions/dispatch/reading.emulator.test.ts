import { strict as assert } from 'node:assert';
import { MatchDecision } from '#functions/contract/dispatch.js';
import { toPlain } from '#functions/platform/stored.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('what operators read of a delivery', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => {
    backend = await aCity();
    journey = new Journey(backend);
  });
  afterEach(() => backend.close());
  const readDropOff = (uid = 'olga', orderId = 'order-1') =>
    backend.call('readDropOff', uid, { orderId, reason: 'the courier cannot find the door' });

  it('is the address while the order is under way, recorded with the reason', async () => {
    await journey.reach('picked_up');
    const { dropOff } = await readDropOff();
    assert.deepEqual([dropOff.addressLine, dropOff.phone], ['7 Door Street', '+4312345678']);
    const audit = (await backend.db.collection('audit').get()).docs.map((entry) => entry.data());
    assert.deepEqual(
      audit.map(({ by, action, subject, reason, after }) => [by, action, subject, reason, after]),
      [['olga', 'readDropOff', 'orders/order-1', 'the courier cannot find the door', null]],
    );
  });

  it('is no address after the end of the order', async () => {
    await journey.reach('delivered');
    await assert.rejects(readDropOff(), { reason: 'MOVE_NOT_ALLOWED' });
    assert.equal((await backend.db.collection('audit').get()).size, 0);
  });

  it('is no address of an unknown order, of a pickup, or for another role', async () => {
    await journey.place({ cart: { kind: 'pickup', tipPpm: 0 } });
    await assert.rejects(readDropOff('olga', 'order-9'), { reason: 'ORDER_NOT_FOUND' });
    await assert.rejects(readDropOff(), { reason: 'QUOTE_NOT_FOUND' });
    await assert.rejects(readDropOff('mario'), { reason: 'ROLE_REQUIRED' });
  });

  it('is no address of an own order', async () => {
    await journey.reach('accepted');
    await backend.db.doc('orders/order-1').update({ customerId: 'olga' });
    await assert.rejects(readDropOff(), { reason: 'OTHER_OPERATOR_REQUIRED' });
  });

  it('are the decisions about one order, the newest first, and the offers that came of them', async () => {
    await journey.reach('preparing');
    await journey.answer(await journey.offered(), 'decline');
    await backend.advance(MINUTE);
    const found = await backend.db
      .collection('zones/centre/matches')
      .where('orderIds', 'array-contains', 'order-1')
      .orderBy('atMs', 'desc')
      .get();
    const decisions = found.docs.map((one) => MatchDecision.parse(toPlain(one.data())));
    assert.ok(decisions.length >= 2);
    assert.deepEqual(decisions.at(-1)?.result.matches.length, 1);
    assert.deepEqual(decisions[0]?.result.unmatched, ['order-1']);
    const search = (await backend.db.doc('orders/order-1/private/search').get()).data();
    assert.equal(search?.['wave'], 2);
  });
});
