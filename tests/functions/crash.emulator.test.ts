import { strict as assert } from 'node:assert';
import type { Backend } from '../fixtures/backend.js';
import { assertSound } from '../fixtures/books.js';
import type { LineChange } from '../../functions/src/contract/orders.js';
import { aMenu, MINUTE, START_MS } from '../fixtures/catalogue.js';
import { aCity } from '../fixtures/city.js';
import { Journey } from '../fixtures/journey.js';

/** One thing that an app, the provider or time does; safe to be asked again. */
type Step = (journey: Journey) => Promise<unknown>;

const SLOT_MS = START_MS + 10 * 24 * 60 * MINUTE;
const place: Step = ({ backend, orderId }) =>
  backend.call('placeOrder', 'carla', {
    quoteId: orderId,
    idempotencyKey: 'place-key-1',
    confirmedTotalMinor: 2940,
    paymentMethodId: 'pm_card_visa',
  });
const webhook: Step = ({ backend }) => deliverLatest(backend);
const until =
  (atMs: number): Step =>
  ({ backend }) =>
    backend.advance(Math.max(MINUTE, atMs - backend.nowMs));

const toTheDoor: Readonly<Record<string, Step>> = {
  offer: (journey) => journey.offered(),
  assign: (journey) => journey.answer('omar', 'accept', 'assign-key'),
  markReady: (journey) => journey.move('mario', { action: 'markReady' }, 'ready-key'),
  pickUp: async ({ backend }) =>
    backend.call('moveOrder', 'omar', { orderId: 'order-1', idempotencyKey: 'pick-up-key', move: await pickUpMove(backend) }),
  deliver: async (journey) => journey.move('omar', await deliverMove(journey), 'deliver-key'),
  captured: webhook,
}; // prettier-ignore
const complete: Step = ({ backend }) => backend.advance(121 * MINUTE);

interface Flow {
  cart: Parameters<Journey['quote']>[0];
  steps: Readonly<Record<string, Step>>;
  /** What it comes to, when nothing fails. */
  moved: string[];
  pushes: number;
  points: number;
}

const byDiavola: LineChange = { type: 'substitute', line: 0, by: { itemId: 'diavola', quantity: 2, modifiers: [] } };
const diavola = { id: 'diavola', name: 'Diavola', description: '', category: 'Pizza', priceMinor: 1200, taxCategory: 'food', groupIds: [] }; // prettier-ignore

const FLOWS: Readonly<Record<string, Flow>> = {
  'of an order that is delivered': {
    cart: {},
    steps: {
      place, webhook, accept: (journey) => journey.move('mario', { action: 'accept' }, 'accept-key'),
      startPreparing: (journey) => journey.move('mario', { action: 'startPreparing' }, 'preparing-key'), ...toTheDoor, complete,
    },
    moved: ['hold order-1 2940', 'capture order-1 2940', 'transfer order-1 1600 to acct_rosa'],
    pushes: 6,
    points: 120,
  },
  'of an order that is changed, tipped and partly given back': {
    cart: {},
    steps: {
      place, webhook, accept: (journey) => journey.move('mario', { action: 'accept' }, 'accept-key'),
      edit: ({ backend }) => backend.call('editOrder', 'mario', { orderId: 'order-1', idempotencyKey: 'edit-key-1', changes: [byDiavola], reason: 'none left' }),
      agree: ({ backend }) => backend.call('answerEdit', 'carla', { orderId: 'order-1', idempotencyKey: 'agree-key-1', answer: 'approve', paymentMethodId: 'pm_card_visa' }),
      toppedUp: webhook, ...toTheDoor,
      tip: ({ backend }) => backend.call('addTip', 'carla', { orderId: 'order-1', idempotencyKey: 'tip-key-1', amountMinor: 300, paymentMethodId: 'pm_card_visa' }),
      tipped: webhook,
      refund: ({ backend }) => backend.call('refundOrder', 'olga', { orderId: 'order-1', idempotencyKey: 'refund-key-1', what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] }, liable: 'merchant', reason: 'cold', to: 'card' }),
      complete,
    },
    moved: [
 'hold order-1 2940', 'hold order-1 504', 'capture order-1 2940', 'capture order-1 504', 'take order-1 300', 'refund order-1 1320',
 'transfer order-1 960 to acct_rosa',
 ],
    pushes: 12,
    points: 180,
  },
  'of an order for a later slot, charged when it comes near': {
    cart: { scheduledForMs: SLOT_MS },
    steps: {
      place, authorize: until(SLOT_MS - 12 * 60 * MINUTE + MINUTE), authorized: webhook, release: until(SLOT_MS - 34 * MINUTE),
      accept: (journey) => journey.move('mario', { action: 'accept' }, 'accept-key'), ...toTheDoor, complete,
    },
    moved: ['hold order-1 2940', 'capture order-1 2940', 'transfer order-1 1600 to acct_rosa'],
    pushes: 6,
    points: 120,
  },
}; // prettier-ignore

async function pickUpMove(backend: Backend) {
  const { code } = await backend.order('order-1');
  return { action: 'pickUp' as const, code, fix: { lat: 48.2, lng: 16.37, takenAtMs: backend.nowMs } };
}

async function deliverMove({ backend }: Journey) {
  const pin = backend.ctx.secretDigits('pin:order-1', 4);
  return {
    action: 'deliver' as const,
    fix: { lat: 48.215, lng: 16.385, takenAtMs: backend.nowMs },
    proof: { type: 'pin' as const, pin },
  };
}

/** The provider repeats an event until it is answered 200. */
async function deliverLatest(backend: Backend): Promise<void> {
  const event = backend.fake.events.at(-1);
  if (!event) return;
  const { status } = await backend.webhook(event);
  if (status !== 200) throw new Error(`webhook answered ${status}`);
}

/** What an order came to, without the times that a crash may move. */
async function outcome(backend: Backend) {
  const { events, ...order } = await backend.order('order-1');
  const rows = async (name: string) => (await backend.db.collection(name).get()).docs;
  return {
    order: without(order, ['due', 'readyAtMs', 'promisedAtMs', 'createdAtMs']),
    steps: events.map((event) =>
      without({ ...event, causeId: event.causeId.replaceAll(/\d{6,}/g, 'T') }, ['atMs', 'effectsDoneAtMs']),
    ),
    ledger: (await rows('ledger')).map((one) => ({ id: one.id, entries: one.get('entries') })),
    couriers: (await rows('couriers')).map((one) => ({ id: one.id, load: one.get('load'), active: one.get('active') })),
    operators: (await rows('operatorTasks')).map((one) => one.id),
    moved: backend.fake.moved,
    shown: backend.push.shown(),
    status: order.status,
  };
}

const without = (object: object, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/**
 * The journey with the process of every step dying at the same point of it (0: never); each time a minute passes and
 * whoever asked asks again.
 */
async function run({ cart, steps }: Flow, dieAt: number) {
  // Nothing else happens in the minute after a crash: no reminder, no lapsing offer.
  const backend = await aCity({
    zone: { limits: { acceptReminderMinutes: [], offerSeconds: 600 } },
    menu: { items: [...aMenu().items, diavola] },
  });
  const journey = new Journey(backend);
  await journey.quote(cart);
  const died: string[] = [];
  for (const [name, step] of Object.entries(steps)) {
    const { diedAt, error } = await backend.conduct.process(dieAt, () => step(journey));
    if (diedAt === null && error) throw error;
    if (diedAt === null) continue;
    died.push(`${name} ${diedAt}`);
    await recover(backend, journey, step);
  }
  await assertSound(backend);
  const result = await outcome(backend);
  await backend.close();
  return { result, died };
}

async function recover(backend: Backend, journey: Journey, step: Step): Promise<void> {
  backend.restart();
  const stepped = await committed(backend);
  await backend.advance(MINUTE);
  // Within the minute everything that the dead process had committed has had its effects.
  if (stepped) assert.deepEqual((await committed(backend))?.unsettled, []);
  await step(journey);
}

/** The money that an order's events promised and that has not been moved. */
async function committed(backend: Backend) {
  const stored = await backend.db.doc('orders/order-1').get();
  if (!stored.exists) return null;
  const { payment, events } = await backend.order('order-1');
  const unsettled = payment.status === 'capturing' || payment.status === 'voiding' ? [payment.status] : [];
  return { unsettled, events: events.length };
}

describe('a process that dies at any point of any step', () => {
  for (const [name, flow] of Object.entries(FLOWS)) {
    it(`${name} leaves no trace: each effect once, money moved once, the same end`, async function () {
      this.timeout(120_000);
      const whole = (await run(flow, 0)).result;
      assert.deepEqual(whole.moved, flow.moved);
      assert.deepEqual([whole.status, whole.shown.length, whole.operators], ['completed', flow.pushes, []]);
      const points: string[] = [];
      for (let point = 1; ; point += 1) {
        const { result, died } = await run(flow, point);
        if (died.length === 0) break;
        assert.deepEqual(result, whole, `died ${died.join('; ')}`);
        points.push(...died);
      }
      assert.ok(points.length >= flow.points, `only ${points.length} points`);
      const never = Object.keys(flow.steps).filter((step) => !points.some((point) => point.startsWith(step)));
      assert.deepEqual(never, []);
    });
  }
});
