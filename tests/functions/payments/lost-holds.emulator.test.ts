import { strict as assert } from 'node:assert';
import type { LineChange } from '#functions/contract/orders.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aMenu, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const dish = { description: '', category: 'Mains', taxCategory: 'food', groupIds: [] };
const lobster = { ...dish, id: 'lobster', name: 'Lobster', priceMinor: 6000 };
const diavola = { ...dish, id: 'diavola', name: 'Diavola', priceMinor: 1200 };
const items = [...aMenu().items, lobster, diavola];
const REFUND = {
  idempotencyKey: 'refund-key-1',
  what: { type: 'whole' },
  liable: 'platform',
  reason: 'cold',
  to: 'card',
};

let backend: Backend;
let journey: Journey;

const order = () => backend.order('order-1');
const transfers = () => backend.fake.moved.filter((moved) => moved.startsWith('transfer'));
const hasTask = async () =>
  !(await backend.db.collection('operatorTasks').where('kind', '==', 'payment_mismatch').get()).empty;
/** The issuer, or a hand in the provider's dashboard, cancels a hold. */
const lose = (intentId: string) => backend.fake.voidHold({ intentId });
const hear = (intentId: string) => backend.webhook({ id: 'evt_again', type: 'payment_intent.updated', intentId });
const edit = (change: LineChange) =>
  backend.call('editOrder', 'mario', {
    orderId: 'order-1',
    idempotencyKey: journey.key('edit'),
    changes: [change],
    reason: 'none left',
  });
const substitute = async (itemId: string) => {
  await edit({ type: 'substitute', line: 0, by: { itemId, quantity: 2, modifiers: [] } });
  const answer = { orderId: 'order-1', idempotencyKey: journey.key('approve'), answer: 'approve' };
  await backend.call('answerEdit', 'carla', { ...answer, paymentMethodId: 'pm_card_visa' });
};

describe('a hold that ends before its order', () => {
  beforeEach(async () => {
    backend = await aCity({ menu: { items } });
    journey = await new Journey(backend).place();
  });
  afterEach(() => backend.close());

  it('cancels an order that is not being cooked yet, at no cost; one with a valid hold continues', async () => {
    await hear('pi_order-1');
    assert.equal((await order()).status, 'placed');
    await lose('pi_order-1');
    await backend.deliverWebhooks();
    const { status, payment, events } = await order();
    assert.deepEqual([status, payment.status, events.at(-1)?.scope], ['cancelled', 'voided', 'none']);
    assert.equal(await hasTask(), false);
    await assertSound(backend);
  });

  it('of an order that is being cooked becomes an operator task at once; a repeated event does not', async () => {
    await journey.reach('accepted');
    await hear('pi_order-1');
    assert.equal(await hasTask(), false);
    await lose('pi_order-1');
    await backend.deliverWebhooks();
    assert.deepEqual([(await order()).status, await hasTask()], ['accepted', true]);
  });

  for (const isLost of [false, true]) {
    it(`${isLost ? 'keeps' : 'that is valid until the end does not keep'} the merchant’s part back though its event comes late`, async () => {
      await journey.reach('picked_up');
      if (isLost) await lose('pi_order-1');
      backend.fake.events.splice(0);
      await journey.deliver();
      await hear('pi_order-1');
      await backend.advance(180 * MINUTE);
      const { status, payment } = await order();
      const kept = ['delivered', 'capturing', 0, true];
      const paid = ['completed', 'captured', 1, false];
      assert.deepEqual([status, payment.status, transfers().length, await hasTask()], isLost ? kept : paid);
    });

    it(`for the difference of an edit ${isLost ? 'keeps' : 'that is valid until the end does not keep'} the merchant’s part back though the first amount is captured`, async () => {
      await journey.reach('accepted');
      await substitute('diavola');
      await journey.reach('picked_up');
      if (isLost) await lose('pi_order-1_edit-4');
      backend.fake.events.splice(0);
      await journey.deliver();
      await hear('pi_order-1');
      await backend.advance(180 * MINUTE);
      assert.deepEqual([(await order()).status, transfers().length], isLost ? ['delivered', 0] : ['completed', 1]);
    });
  }

  it('that the end of the order did not need is released, and the order stays charged and refundable', async () => {
    await journey.reach('accepted');
    await substitute('lobster');
    await edit({ type: 'reduce', line: 0, quantity: 1 });
    await journey.reach('delivered');
    await backend.deliverWebhooks();
    assert.equal(backend.fake.intents.get('pi_order-1')?.status, 'voided');
    const { amountMinor } = await backend.call('refundOrder', 'olga', { orderId: 'order-1', ...REFUND });
    assert.equal(amountMinor, (await order()).payment.capturedMinor);
    await backend.advance(180 * MINUTE);
    assert.deepEqual([(await order()).status, (await order()).payment.status], ['completed', 'captured']);
    await assertSound(backend);
  });
});
