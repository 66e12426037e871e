import assert from 'node:assert/strict';
import { disableNetwork, doc, enableNetwork, serverTimestamp, setDoc } from 'firebase/firestore';
import type { Command } from '#functions/contract/commands.js';
import type { Move } from '#functions/contract/moves.js';
import type { Order, OrderEvent } from '#functions/contract/orders.js';
import { drawCart } from '#simulator/city/population.js';
import { isDenied } from '#client/errors.js';
import { App } from '#simulator/people/app.js';
import { payAtStripe } from '#simulator/people/stripe-sheet.js';
import { Random } from '#simulator/random.js';
import { city, seedOnce, stack } from './city.js';
import { until } from './listening.js';
import { refusal } from './refusal.js';
import { describeOnSuite } from './suite.js';

describeOnSuite('a phone that comes back after minutes offline', function () {
  this.timeout(180_000);
  const [restaurant] = city.restaurants;
  const [person] = city.customers;
  assert.ok(restaurant && person);
  const { id: restaurantId, menu, owner } = restaurant;
  let customer: App;
  /** The phone in the kitchen; the owner's other one, at the counter, stays online. */
  let tablet: App;
  let counter: App;
  before(async () => {
    await seedOnce();
    customer = await App.signIn(stack, person);
    tablet = await App.signIn(stack, owner);
    counter = await App.signIn(stack, owner);
  });
  after(() => Promise.all([customer, tablet, counter].map((app) => app.close())));

  async function anOrder(): Promise<string> {
    const lines = drawCart(new Random(7), menu);
    const quote = await customer.call('quote', { restaurantId, kind: 'pickup', lines, dropOff: null });
    const { quoteId, totals } = quote;
    const placing = { quoteId, idempotencyKey: crypto.randomUUID(), confirmedTotalMinor: totals.totalMinor };
    const placed = await customer.call('placeOrder', placing);
    assert.ok(placed.outcome === 'placed' && placed.payment);
    await payAtStripe(stack, placed.payment, 'delivered');
    await reached(placed.orderId, (order) => order.status === 'placed');
    return placed.orderId;
  }
  const reached = async (orderId: string, isReached: (order: Order) => boolean) =>
    (await until(customer, `orders/${orderId}`, (data) => isReached(data as unknown as Order))) as unknown as Order;

  /** Steps tapped in the kitchen, which the SDK queues while there is no network. */
  const idOf = (n: number) => `${tablet.user.uid}-command-${n}`;
  const tap = (orderId: string, n: number, move: Move): Promise<void> =>
    setDoc(doc(tablet.db, `orders/${orderId}/commands/${idOf(n)}`), {
      uid: tablet.user.uid,
      role: 'merchant',
      n,
      request: { type: 'move', move },
      ...(n > 1 && { after: idOf(n - 1), queued: n - 1 }),
      createdAt: serverTimestamp(),
      authTime: tablet.session.authTime,
      answer: { state: 'pending' },
    });
  const answer = async (orderId: string, n: number): Promise<Command['answer']> => {
    const answerIn = (command: Record<string, unknown>) => command['answer'] as Command['answer'];
    const isAnswered = (command: Record<string, unknown>) => answerIn(command).state !== 'pending';
    return answerIn(await until(tablet, `orders/${orderId}/commands/${idOf(n)}`, isAnswered));
  };
  const steps = ({ events }: Order) => events.map(({ n, action }: OrderEvent) => `${n} ${action}`);

  it('has each step applied once and in order, with any number of taps', async () => {
    const orderId = await anOrder();
    await disableNetwork(tablet.db);
    const taps = [
      tap(orderId, 1, { action: 'accept' }),
      tap(orderId, 1, { action: 'accept' }),
      tap(orderId, 2, { action: 'startPreparing' }),
    ];
    await enableNetwork(tablet.db);
    assert.deepEqual(await Promise.all(taps.map(refusal)), [null, 'permission-denied', null]);
    const answers = [await answer(orderId, 1), await answer(orderId, 2)];
    assert.deepEqual(
      answers.map((one) => one.state === 'applied' && one.event),
      [3, 4],
    );
    const order = await reached(orderId, ({ status }) => status === 'preparing');
    assert.deepEqual(steps(order), ['1 place', '2 confirmPayment', '3 accept', '4 startPreparing']);
  });

  it('has the steps of the client package applied in order, and refused behind a refused one', async () => {
    const orderId = await anOrder();
    const queue = await tablet.tiffin.commands(orderId, 'merchant');
    assert.equal(queue.count, 0);
    await disableNetwork(tablet.db);
    const sent = [
      await queue.send({ type: 'move', move: { action: 'accept', prepMinutes: 20 } }),
      await queue.send({ type: 'move', move: { action: 'markReady' } }),
      await queue.send({ type: 'move', move: { action: 'startPreparing' } }),
    ];
    await enableNetwork(tablet.db);
    const states = (await Promise.all(sent.map(({ answer: one }) => one))).map((one) => one.state);
    assert.deepEqual(states, ['applied', 'applied', 'refused']);
    // The rules deny a step that the order's status does not allow: the next one has the same number.
    const late = await queue.send({ type: 'move', move: { action: 'startPreparing' } });
    await assert.rejects(late.answer, isDenied);
    assert.equal(queue.count, 3);
    const cancelled = await queue.send({ type: 'cancel', reason: 'the oven is broken' });
    assert.equal((await cancelled.answer).state, 'applied');
    assert.equal((await tablet.tiffin.commands(orderId, 'merchant')).count, 4);
  });

  it('gives steps from two phones of one account, and from a count that is too high', async () => {
    const orderId = await anOrder();
    const [first, second] = [
      await counter.tiffin.commands(orderId, 'merchant'),
      await tablet.tiffin.commands(orderId, 'merchant'),
    ];
    const accepted = await first.send({ type: 'move', move: { action: 'accept', prepMinutes: undefined } });
    assert.equal((await accepted.answer).state, 'applied');
    const prepared = await second.send({ type: 'move', move: { action: 'startPreparing' } });
    assert.equal((await prepared.answer).state, 'applied');
    assert.equal(prepared.id, idOf(2));
    const third = await tablet.tiffin.commands(orderId, 'merchant', { commandsBefore: 9 });
    const ready = await third.send({ type: 'move', move: { action: 'markReady' } });
    assert.equal((await ready.answer).state, 'applied');
    assert.equal(third.count, 3);
  });

  it('opens the queue without the network, behind the step that waits', async () => {
    const orderId = await anOrder();
    await disableNetwork(tablet.db);
    const before = await tablet.tiffin.commands(orderId, 'merchant');
    const accepted = await before.send({ type: 'move', move: { action: 'accept' } });
    const after = await tablet.tiffin.commands(orderId, 'merchant', { commandsBefore: before.count });
    const prepared = await after.send({ type: 'move', move: { action: 'startPreparing' } });
    assert.equal((await tablet.tiffin.commands(orderId, 'merchant')).count, 2);
    await enableNetwork(tablet.db);
    const states = [(await accepted.answer).state, (await prepared.answer).state];
    assert.deepEqual(states, ['applied', 'applied']);
  });

  it('receives the refusal of a stale step in its command, while earlier steps stand', async () => {
    const orderId = await anOrder();
    await counter.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move: { action: 'accept' } });
    await disableNetwork(tablet.db);
    const taps = [tap(orderId, 1, { action: 'startPreparing' }), tap(orderId, 2, { action: 'markReady' })];
    // At the counter in the meantime: a dish is sold out, and the customer is asked to approve a dearer one.
    await proposeDearer(orderId);
    await enableNetwork(tablet.db);
    assert.deepEqual(await Promise.all(taps.map(refusal)), [null, null]);
    const [prepared, ready] = [await answer(orderId, 1), await answer(orderId, 2)];
    assert.equal(prepared.state, 'applied');
    assert.deepEqual(ready.state === 'refused' && [ready.code, ready.reason], ['failed-precondition', 'EDIT_PENDING']);
    const { status } = await reached(orderId, (order) => order.status !== 'placed' && order.status !== 'accepted');
    assert.equal(status, 'preparing');
  });

  async function proposeDearer(orderId: string): Promise<void> {
    const plain = menu.items.filter((item) => item.groupIds.length === 0);
    const dearest = plain.toSorted((a, b) => b.priceMinor - a.priceMinor)[0];
    assert.ok(dearest);
    const by = { itemId: dearest.id, quantity: 9, modifiers: [] };
    const changes = [{ type: 'substitute' as const, line: 0, by }];
    await counter.call('editOrder', { orderId, idempotencyKey: crypto.randomUUID(), changes, reason: 'out of it' });
  }
});
