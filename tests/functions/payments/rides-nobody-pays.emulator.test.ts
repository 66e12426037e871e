import assert from 'node:assert/strict';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aMenu, aPromotion, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const DIAVOLA = {
  id: 'diavola',
  name: 'Diavola',
  category: 'Pizza',
  priceMinor: 1200,
  taxCategory: 'food',
  description: '',
  groupIds: [],
};

describe('an order that ends at the cost of a kitchen that earned nothing, with a courier at its counter', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity({ menu: { items: [...aMenu().items, DIAVOLA] } });
  });
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  /** Accepted, with a courier who waits at the counter. */
  const waiting = async () => {
    const journey = new Journey(backend);
    await journey.place({ cart: { ifUnavailable: 'cancel' } });
    await journey.reach('accepted');
    await journey.assign();
    await journey.arrive('omar', 'kitchen');
    return journey;
  };
  const ended = async () => {
    await backend.advance(12 * MINUTE);
    const { balances } = await backend.ask('courierBalance', 'omar', {});
    const { events } = await backend.order('order-1');
    const strikes = (await backend.db.doc('restaurants/rosa/stats/strikes').get()).get('strikes') as object | undefined;
    return {
      scope: events.findLast(({ action }) => action === 'cancel')?.scope,
      availableMinor: balances[0]?.availableMinor,
      heldMinor: balances[0]?.heldMinor,
      strikes: Object.keys(strikes ?? {}),
    };
  };
  const held = { scope: 'merchantPaysCourier', availableMinor: 0, heldMinor: 450, strikes: ['order-1'] };

  it('holds the ride where the kitchen cancels', async () => {
    const journey = await waiting();
    await journey.cancel('mario');
    assert.deepEqual(await ended(), held);
  });

  it('pays the ride where an operator cancels at its cost', async () => {
    const journey = await waiting();
    await journey.cancel('olga', { liable: 'merchant' });
    assert.deepEqual(await ended(), { ...held, availableMinor: 450, heldMinor: 0 });
  });

  it('holds the ride where the customer cancels an order that the kitchen made late', async () => {
    const journey = await waiting();
    await backend.advance(75 * MINUTE);
    await journey.cancel('carla');
    assert.deepEqual(await ended(), held);
  });

  it('holds the ride where the customer does not answer the proposal of a substitution', async () => {
    const { orderId } = await waiting();
    const by = { itemId: 'diavola', quantity: 2, modifiers: [] };
    await backend.ask('editOrder', 'mario', {
      orderId,
      idempotencyKey: 'edit-key-1',
      reason: 'no dough',
      changes: [{ type: 'substitute', line: 0, by }],
    });
    assert.deepEqual(await ended(), held);
  });
});

describe('a refund by the kitchen after the ride', () => {
  let backend: Backend;
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  const freeDelivery = aPromotion({ kind: 'delivery', benefit: { type: 'percent', ratePpm: 1_000_000 } });
  /** Two margheritas without a tip. */
  const placed = async (promotions = [freeDelivery]) => {
    backend = await aCity({ promotions });
    const journey = new Journey(backend);
    await journey.place({ cart: { tipPpm: 0 } });
    return journey;
  };
  const refund = async (by: 'mario' | 'olga', quantity: number) => {
    await backend.deliverWebhooks();
    const { status } = await backend.ask('refundOrder', by, {
      orderId: 'order-1',
      idempotencyKey: `refund-key-${by}`,
      what: { type: 'lines', lines: [{ line: 0, quantity }] },
      liable: 'merchant',
      reason: 'was cold',
      to: 'card',
    });
    return status;
  };

  it('requires an operator where the customer would pay less than the courier earned', async () => {
    await (await placed()).reach('delivered');
    await assert.rejects(refund('mario', 2), { reason: 'OPERATOR_REQUIRED' });
    assert.equal(await refund('mario', 1), 'done');
    await assert.rejects(refund('olga', 2), { reason: 'LINE_REFUNDED' });
    assert.equal(await refund('olga', 1), 'done');
  });

  it('of all food succeeds where the customer paid for the ride', async () => {
    await (await placed([])).reach('delivered');
    assert.equal(await refund('mario', 2), 'done');
  });

  it('requires an operator where the courier earned the way back, too', async () => {
    const journey = await placed([]);
    await journey.reach('picked_up');
    await journey.fail();
    await journey.bringBack();
    await assert.rejects(refund('mario', 2), { reason: 'OPERATOR_REQUIRED' });
    assert.equal(await refund('olga', 2), 'done');
  });
});
