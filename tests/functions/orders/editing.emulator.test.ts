import { strict as assert } from 'node:assert';
import { computeDocumentBytes } from '#functions/core/document-size.js';
import type { LineChange } from '#functions/contract/orders.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aBareZone, aMenu, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

/** Two of them to the door, with tip, tax and fees, come to 34.44 instead of 29.40. */
const diavola = { id: 'diavola', name: 'Diavola', category: 'Pizza', priceMinor: 1200, taxCategory: 'food' };
const items = [...aMenu().items, { ...diavola, description: '', groupIds: [] }];
const byDiavola: LineChange = { type: 'substitute', line: 0, by: { itemId: 'diavola', quantity: 2, modifiers: [] } };
const oneLess: LineChange = { type: 'reduce', line: 0, quantity: 1 };

let backend: Backend;
let journey: Journey;

async function accepted(cart = {}): Promise<void> {
  backend = await aCity({ menu: { items } });
  journey = await new Journey(backend).place({ cart });
  await journey.reach('accepted');
}

const edit = (changes: LineChange[], uid = 'mario', seen: { events?: number } = {}) =>
  backend.call('editOrder', uid, {
    orderId: journey.orderId,
    idempotencyKey: journey.key('edit'),
    changes,
    reason: 'none left',
    ...seen,
  });
const answer = (word: 'approve' | 'decline', card: object = {}, uid = 'carla') =>
  backend.call('answerEdit', uid, {
    orderId: journey.orderId,
    idempotencyKey: journey.key(word),
    answer: word,
    ...card,
  });
const order = () => backend.order(journey.orderId);
const moved = () => backend.fake.moved;

/** Fifty items with thirty options each; a cart of one of each with every option. */
function aHugeMenu(optionName: string, spareGroups = 0) {
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
  const group = (id: string) => ({
    id,
    name: id,
    min: 0,
    max: 20,
    free: 0,
    options: numbers(15).map((option) => ({
      id: `${id}-${option}`,
      name: `${optionName} ${option}`,
      priceMinor: 1,
      maxQuantity: 1,
      groupIds: [],
    })),
  });
  const own = (item: number) => numbers(2 + spareGroups).map((part) => `g${item}-${part}`);
  const many = numbers(50).map((item) => ({ ...diavola, id: `item-${item}`, description: '', groupIds: own(item) }));
  const modifiers = (item: number) =>
    own(item)
      .slice(0, 2)
      .flatMap((id) => numbers(15).map((option) => ({ optionId: `${id}-${option}`, quantity: 1 })));
  return {
    menu: {
      items: [...items, ...many],
      groups: [...aMenu().groups, ...many.flatMap(({ groupIds }) => groupIds.map(group))],
    },
    lines: many.map(({ id }, item) => ({ itemId: id, quantity: 1, modifiers: modifiers(item) })),
  };
}

describe('a cart of fifty lines with thirty modifiers each', function () {
  this.timeout(60_000);
  afterEach(() => backend.close());

  it('is quoted, placed and edited from a menu of half a megabyte: the quote stores what was chosen', async () => {
    const { menu, lines } = aHugeMenu('A sauce with a name '.repeat(2).trim(), 3);
    backend = await aCity({ menu });
    const published = (await backend.db.doc('restaurants/rosa/menus/published').get()).data() ?? {};
    assert.ok(computeDocumentBytes('restaurants/rosa/menus/published', published) > 500_000);
    journey = await new Journey(backend).place({ cart: { lines } });
    await journey.reach('accepted');
    const changes: LineChange[] = [{ type: 'reduce', line: 0, quantity: 0 }];
    await edit(changes);
    assert.equal((await order()).lines.length, 49);
  });

  it('is refused where it exceeds the size of a document, and accepted with fewer lines', async () => {
    const { menu, lines } = aHugeMenu('烤'.repeat(90));
    backend = await aCity({ menu });
    journey = new Journey(backend);
    await assert.rejects(journey.quote({ lines }), { reason: 'LIMIT_REACHED' });
    await journey.quote({ lines: lines.slice(0, 20) });
  });

  it('cannot result from an edit either', async () => {
    const { menu, lines } = aHugeMenu('烤'.repeat(90));
    backend = await aCity({ menu });
    journey = await new Journey(backend).place({
      cart: { lines: Array.from({ length: 50 }, () => ({ itemId: 'margherita', quantity: 1 })) },
    });
    await journey.reach('accepted');
    const substitutes = lines.map((by, line): LineChange => ({
      type: 'substitute',
      line,
      by: { ...by, modifiers: by.modifiers.map((one) => ({ ...one, modifiers: [] })) },
    }));
    await assert.rejects(edit(substitutes), { reason: 'LIMIT_REACHED' });
    await edit(substitutes.slice(0, 5));
    assert.equal((await order()).edit?.changes.length, 5);
  });
});

describe('an edit of an order', () => {
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  describe('by two phones of the staff', () => {
    const cart = {
      lines: [
        { itemId: 'margherita', quantity: 1 },
        { itemId: 'margherita', quantity: 1, note: 'without basil' },
        { itemId: 'cola', quantity: 20 },
      ],
    };
    const without = (line: number, itemId: string): LineChange[] => [{ type: 'reduce', line, itemId, quantity: 0 }];
    const left = async () => (await order()).lines.map(({ itemId, note = '' }) => `${itemId} ${note}`.trim());

    it('does not remove the line of another item that now has the index', async () => {
      await accepted(cart);
      await edit(without(1, 'margherita'));
      await assert.rejects(edit(without(1, 'margherita')), { reason: 'LINE_UNKNOWN' });
      assert.deepEqual(await left(), ['margherita', 'cola']);
      await edit(without(0, 'margherita'));
      assert.deepEqual(await left(), ['cola']);
    });

    it('does not remove the next line of the same item where the phones say what they have read', async () => {
      await accepted(cart);
      const { events } = await order();
      await edit(without(0, 'margherita'), 'mario', { events: events.length });
      await assert.rejects(edit(without(0, 'margherita'), 'mario', { events: events.length }), {
        reason: 'ORDER_CHANGED',
        details: { events: events.length + 1 },
      });
      assert.deepEqual(await left(), ['margherita without basil', 'cola']);
      await edit(without(0, 'margherita'), 'mario', { events: events.length + 1 });
      assert.deepEqual(await left(), ['cola']);
    });
  });

  it('that followed another a moment ago is answered by its number; a little later without it, too', async () => {
    const lines = [1, 2].map((n) => ({ itemId: 'margherita', quantity: 1, note: `plate ${n}` }));
    await accepted({ lines });
    await edit([byDiavola]);
    await answer('decline');
    await edit([byDiavola]);
    await assert.rejects(answer('approve', { paymentMethodId: 'pm_card_visa' }), { reason: 'EDIT_GONE' });
    await backend.advance(10_000);
    await answer('approve', { paymentMethodId: 'pm_card_visa' });
    assert.equal((await order()).edit, undefined);
  });

  it('to a lower price is charged less at the door, from the same hold', async () => {
    await accepted();
    await edit([oneLess]);
    await journey.reach('delivered');
    assert.deepEqual(moved(), ['hold order-1 2940', 'capture order-1 1840']);
  });

  it('to a higher price, approved with a saved card, is charged from a second hold and the first', async () => {
    await accepted();
    await edit([byDiavola]);
    const { payment } = await answer('approve', { paymentMethodId: 'pm_card_visa' });
    assert.equal(payment, null);
    assert.deepEqual(
      (await order()).lines.map(({ itemId }) => itemId),
      ['diavola'],
    );
    await journey.reach('delivered');
    assert.deepEqual(moved().slice(1), ['hold order-1 440', 'capture order-1 2940', 'capture order-1 440']);
  });

  it("approved in the app waits for the payment of the difference; the provider's event makes the change", async () => {
    await accepted();
    await edit([byDiavola]);
    const { payment } = await answer('approve');
    assert.ok(payment);
    assert.equal((await order()).totals.totalMinor, 2940);
    backend.fake.customerPays('order-1', 'edit-4');
    await backend.deliverWebhooks();
    await backend.deliverWebhooks();
    assert.equal((await order()).totals.totalMinor, 3380);
    assert.equal((await order()).payment.authorizedMinor, 3380);
  });

  it('costs what was proposed, also where the menu was published again since', async () => {
    await accepted();
    await edit([byDiavola]);
    const dearer = items.map((item) => (item.id === 'diavola' ? { ...item, priceMinor: 9900 } : item));
    await backend.db.doc('restaurants/rosa/menus/published').update({ items: dearer, version: 2 });
    await backend.db.doc('restaurants/rosa').update({ menuVersion: 2 });
    await answer('approve', { paymentMethodId: 'pm_card_visa' });
    assert.equal((await order()).totals.totalMinor, 3380);
  });

  it('requests the same hold for repeated approvals', async () => {
    await accepted();
    await edit([byDiavola]);
    const first = await answer('approve');
    const second = await answer('approve');
    assert.equal(second.payment?.intentId, first.payment?.intentId);
    assert.equal(backend.fake.intents.size, 2);
  });

  it('whose difference a card refuses stays open', async () => {
    await accepted();
    await edit([byDiavola]);
    await assert.rejects(answer('approve', { paymentMethodId: 'pm_card_declined' }), { reason: 'PAYMENT_DECLINED' });
    assert.ok((await order()).edit);
  });

  it('is approved alone: an approval in progress does not count for a new proposal', async () => {
    await accepted({
      lines: [
        { itemId: 'margherita', quantity: 2 },
        { itemId: 'cola', quantity: 1 },
      ],
    });
    await edit([byDiavola]);
    const open = backend.fake.open.bind(backend.fake);
    backend.fake.open = async (request) => {
      backend.fake.open = open;
      const hold = await open(request);
      // While the provider opens the hold, the other phone declines and the kitchen proposes something dearer.
      await answer('decline');
      await edit([{ type: 'substitute', line: 0, by: { itemId: 'diavola', quantity: 9, modifiers: [] } }]);
      return hold;
    };
    await assert.rejects(answer('approve', { paymentMethodId: 'pm_card_visa' }), { reason: 'EDIT_GONE' });
    assert.equal((await order()).edit?.changes.length, 1);
    const event = (await order()).edit?.event ?? 0;
    await answer('approve', { paymentMethodId: 'pm_card_visa', event });
    const { totals, payment } = await order();
    assert.equal(totals.totalMinor, payment.authorizedMinor);
    await journey.reach('delivered');
  });

  it('is answered by its number: an app that shows an older one is refused', async () => {
    await accepted({
      lines: [
        { itemId: 'margherita', quantity: 2 },
        { itemId: 'cola', quantity: 1 },
      ],
    });
    await edit([byDiavola]);
    const event = (await order()).edit?.event ?? 0;
    for (const word of ['approve', 'decline'] as const)
      await assert.rejects(answer(word, { event: event - 1 }), { reason: 'EDIT_GONE' });
    assert.ok((await order()).edit);
    await answer('approve', { event, paymentMethodId: 'pm_card_visa' });
    assert.equal((await order()).edit, undefined);
  });

  it('paid after it was given up is released, and not charged', async () => {
    await accepted({
      lines: [
        { itemId: 'margherita', quantity: 2 },
        { itemId: 'cola', quantity: 1 },
      ],
    });
    await edit([byDiavola]);
    await answer('approve');
    await backend.advance(6 * MINUTE);
    assert.deepEqual(
      (await order()).lines.map(({ itemId }) => itemId),
      ['cola'],
    );
    backend.fake.customerPays('order-1', 'edit-4');
    await backend.deliverWebhooks();
    assert.equal(backend.fake.intents.get('pi_order-1_edit-4')?.status, 'voided');
  });

  for (const [choice, left] of [
    ['refund', ['cola']],
    ['bestMatch', ['cola']],
  ] as const) {
    it(`without an answer leaves ${left.join()} where the choice was ${choice} and the hold is too small`, async () => {
      const lines = [
        { itemId: 'margherita', quantity: 2 },
        { itemId: 'cola', quantity: 1 },
      ];
      await accepted({ lines, ifUnavailable: choice });
      await edit([byDiavola]);
      await backend.advance(6 * MINUTE);
      assert.deepEqual(
        (await order()).lines.map(({ itemId }) => itemId),
        left,
      );
    });
  }

  for (const choice of ['cancel', 'refund'] as const) {
    it(`of the only line, without an answer, cancels the order where the choice was ${choice}`, async () => {
      await accepted({ ifUnavailable: choice });
      await edit([byDiavola]);
      await backend.advance(6 * MINUTE);
      const { status, events, payment } = await order();
      assert.deepEqual([status, payment.status, events.at(-1)?.liable], ['cancelled', 'voided', 'merchant']);
    });
  }

  it("of the only line that is declined cancels the order at the kitchen's cost", async () => {
    await accepted();
    await edit([byDiavola]);
    assert.equal((await answer('decline')).status, 'cancelled');
    assert.equal((await order()).payment.status, 'voided');
  });

  for (const [words, creditMinor, first] of [
    ['credit paid for all of the order', 2740, 'pi_order-1_edit-4'],
    ['credit paid for a part of it', 2000, 'pi_order-1'],
  ] as const) {
    it(`to a higher price, where ${words}, is charged after the provider's own event`, async () => {
      backend = await aCity({ menu: { items } });
      await backend.call('grantCredit', 'olga', {
        uid: 'carla',
        currency: 'EUR',
        amountMinor: creditMinor,
        reason: 'gift',
        idempotencyKey: 'gift-key-1',
      });
      journey = new Journey(backend);
      await journey.place({ card: creditMinor === 2740 ? null : 'pm_card_visa', cart: { useCredit: true, tipPpm: 0 } });
      await journey.reach('accepted');
      await edit([byDiavola]);
      await answer('approve', { paymentMethodId: 'pm_card_visa' });
      await backend.deliverWebhooks();
      assert.equal((await order()).payment.intentId, first);
      await journey.reach('completed');
      const captured = [...backend.fake.intents.values()].map((one) => one.capturedMinor);
      assert.equal(
        captured.reduce((sum, minor) => sum + minor, 0),
        3180 - creditMinor,
      );
      assert.equal((await order()).payment.status, 'captured');
    });
  }

  it('is proposed by the kitchen and answered by the customer only', async () => {
    await accepted();
    await assert.rejects(edit([byDiavola], 'carla'), { reason: 'ROLE_REQUIRED' });
    await edit([byDiavola]);
    await assert.rejects(answer('approve', {}, 'mario'), { reason: 'ORDER_NOT_FOUND' });
    await assert.rejects(edit([oneLess]), { reason: 'EDIT_PENDING' });
  });
});

describe('a proposal without which the order costs less than can be charged', () => {
  const cup = {
    id: 'cup',
    name: 'Garlic sauce',
    category: 'Other',
    taxCategory: 'food',
    description: '',
    groupIds: [],
  };
  const ones = (itemId: string) => ({ itemId, quantity: 1 });
  /** A margherita and a sauce, of 0.40 or of 0.50; the kitchen proposes a dearer pizza. */
  const proposed = async (priceMinor: number) => {
    backend = await aCity({ menu: { items: [...items, { ...cup, priceMinor }] }, zone: { pricing: aBareZone() } });
    journey = await new Journey(backend).place({ cart: { kind: 'pickup', lines: [ones('margherita'), ones('cup')] } });
    await journey.reach('accepted');
    await edit([{ type: 'substitute', line: 0, by: { ...ones('diavola'), modifiers: [] } }]);
  };
  const after = async () => {
    const { status, edit: open, totals } = await order();
    return [status, open, totals.totalMinor];
  };
  afterEach(() => backend.close());

  it('ends the order where it is not answered; at what can be charged the order continues', async () => {
    await proposed(40);
    await backend.advance(30 * MINUTE);
    assert.equal((await order()).status, 'cancelled');
    await backend.close();
    await proposed(50);
    await backend.advance(6 * MINUTE);
    assert.deepEqual(await after(), ['accepted', undefined, 50]);
  });

  it('ends the order where the customer declines', async () => {
    await proposed(40);
    await answer('decline');
    assert.equal((await order()).status, 'cancelled');
  });
});

describe('a top-up that is authorised', () => {
  /** The customer pays the difference; the kitchen cancels while the webhook arrives, or does not. */
  const paid = async (cancels: boolean) => {
    await accepted();
    await edit([byDiavola]);
    await answer('approve');
    const { edit: open } = await order();
    backend.fake.customerPays(journey.orderId, `edit-${open?.event}`);
    await Promise.all([backend.deliverWebhooks(), cancels ? journey.cancel('mario') : null]);
    await backend.deliverWebhooks();
    return (await backend.fake.retrieve(open?.topUpIntentId ?? '')).status;
  };
  afterEach(() => backend.close());

  it('while the kitchen cancels is released without the nightly reconciliation', async () =>
    assert.equal(await paid(true), 'voided'));
  it('for an order that goes on is kept', async () => assert.equal(await paid(false), 'authorized'));
});
