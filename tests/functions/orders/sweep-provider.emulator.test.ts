import { strict as assert } from 'node:assert';
import { sweep } from '#functions/sweep/sweep.js';
import { boundProvider } from '#functions/payments/bounded-provider.js';
import type { PaymentIntentState, Payments } from '#functions/payments/payments.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const ABANDONED = 50;
const isAbandoned = (intentId: string) => intentId.startsWith('pi_abandoned');
const unpaid = (intentId: string, orderId: string | null): PaymentIntentState => ({
  intentId,
  clientSecret: 's',
  status: 'unpaid',
  authorizedMinor: 0,
  capturedMinor: 0,
  orderId,
  purpose: 'order',
  holdUntilMs: null,
});

describe('a sweep whose payment provider hangs', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  /** Fifty abandoned checkouts are due first, then one more, then an order that its kitchen left unanswered. */
  const prepare = async (): Promise<void> => {
    backend = await aCity();
    backend.sweeps = false;
    const journey = new Journey(backend);
    await journey.place();
    const order = await backend.order(journey.orderId);
    const batch = backend.db.batch();
    batch.update(backend.db.doc(`orders/${journey.orderId}`), {
      due: { kind: 'reject', atMs: START_MS + 10 * MINUTE },
    });
    const checkout = (intentId: string, atMs: number) => ({
      ...order,
      status: 'pending_payment' as const,
      events: order.events.slice(0, 1),
      customerId: `c-${intentId}`,
      payment: { ...order.payment, status: 'unpaid' as const, authorizedMinor: 0, intentId },
      due: { kind: 'expire' as const, atMs },
    });
    for (let index = 0; index < ABANDONED; index += 1)
      batch.set(
        paths.order(backend.db, `abandoned-${index}`),
        checkout(`pi_abandoned-${index}`, START_MS + 5 * MINUTE),
      );
    batch.set(paths.order(backend.db, 'later'), checkout('pi_later', START_MS + 6 * MINUTE));
    await batch.commit();
    backend.nowMs += 30 * MINUTE;
  };
  /** One sweep of a minute; the provider's calls about these intents are never answered. */
  const sweepWhile = async (hangs: (intentId: string) => boolean) => {
    const retrieve: Payments['retrieve'] = (intentId) =>
      hangs(intentId) ? new Promise<PaymentIntentState>(() => undefined) : Promise.resolve(unpaid(intentId, null));
    const voidHold: Payments['voidHold'] = ({ intentId, orderId }) =>
      hangs(intentId)
        ? new Promise<PaymentIntentState>(() => undefined)
        : Promise.resolve({ ...unpaid(intentId, orderId), status: 'voided' });
    const payments: Payments = Object.assign(Object.create(backend.ctx.payments), { retrieve, voidHold });
    const swept = await sweep({ ...backend.ctx, payments }, { providerTimeoutMs: 100 });
    backend.nowMs += MINUTE;
    return swept;
  };
  const statuses = async () => [(await backend.order('later')).status, (await backend.order('order-1')).status];
  const stillOpen = async () =>
    (await backend.db.collection('orders').where('status', '==', 'pending_payment').count().get()).data().count;

  it('expires every checkout and rejects the order in one sweep while the provider responds', async () => {
    await prepare();
    assert.deepEqual(await sweepWhile(() => false), { orders: ABANDONED + 2, offers: 0, finished: true });
    assert.deepEqual([...(await statuses()), await stillOpen()], ['expired', 'rejected', 0]);
  });

  it('rejects the unanswered order while no provider call responds, and starts no further sweep', async () => {
    await prepare();
    const swept = await sweepWhile(() => true);
    assert.deepEqual([swept.finished, await statuses()], [true, ['pending_payment', 'rejected']]);
  });

  it('reaches a checkout behind fifty whose calls never respond', async () => {
    await prepare();
    for (let minute = 0; minute < 3; minute += 1) await sweepWhile(isAbandoned);
    assert.deepEqual([...(await statuses()), await stillOpen()], ['expired', 'rejected', ABANDONED]);
  });
});

describe('a sweep whose push provider hangs', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  const REJECTED = 30;
  /** Orders that their kitchen left unanswered; each rejection notifies the customer. */
  const sweepWith = async (send: Backend['ctx']['push']['send']) => {
    backend = await aCity();
    backend.sweeps = false;
    const journey = await new Journey(backend).place();
    const order = await backend.order(journey.orderId);
    const due = { kind: 'reject' as const, atMs: START_MS + 10 * MINUTE };
    const batch = backend.db.batch();
    for (let index = 0; index < REJECTED; index += 1)
      batch.set(paths.order(backend.db, `unanswered-${index}`), {
        ...order,
        due,
        payment: { ...order.payment, status: 'none', intentId: null, authorizedMinor: 0 },
      });
    await batch.commit();
    backend.nowMs += 30 * MINUTE;
    let sent = 0;
    const push: Backend['ctx']['push'] = {
      send: (one, nowMs) => ((sent += one.collapseId.startsWith('unanswered-') ? 1 : 0), send(one, nowMs)),
    };
    await sweep({ ...backend.ctx, push }, { providerTimeoutMs: 50 });
    const rejected = (await backend.db.collection('orders').where('status', '==', 'rejected').count().get()).data()
      .count;
    const retried = backend.tasks.waiting.filter(({ name }) => name.startsWith('push-unanswered-')).length;
    return { rejected, sent, retried };
  };

  it('sends every push while it responds', async () =>
    assert.deepEqual(await sweepWith(() => Promise.resolve('sent')), { rejected: 30, sent: 30, retried: 0 }));

  it('handles every order while no push responds, sends few and hands each to a task', async () => {
    const { rejected, sent, retried } = await sweepWith(() => new Promise<never>(() => undefined));
    assert.deepEqual([rejected, retried], [30, 30]);
    assert.ok(sent < 30, `${sent} pushes were waited for`);
  });
});

describe('a bounded payment provider', () => {
  const provider = (retrieve: Payments['retrieve']) =>
    boundProvider(Object.assign(Object.create(null), { retrieve }), 5);
  const failing = () => Promise.reject(Object.assign(new Error('down'), { type: 'StripeAPIError' }));

  it('returns a response that comes in time, and an outage for one that does not', async () => {
    const { payments } = provider((id) =>
      id === 'pi_1' ? Promise.resolve(unpaid(id, null)) : new Promise<PaymentIntentState>(() => undefined),
    );
    assert.equal((await payments.retrieve('pi_1')).intentId, 'pi_1');
    await assert.rejects(payments.retrieve('pi_2'), { type: 'StripeConnectionError' });
  });

  it('is down after ten failures in a row, not after nine and a success', async () => {
    const tried = async (failures: number) => {
      let calls = 0;
      const bounded = provider(
        (id) => ((calls += 1), calls <= failures ? failing() : Promise.resolve(unpaid(id, null))),
      );
      for (let call = 0; call < 12; call += 1) await bounded.payments.retrieve('pi_1').catch(() => undefined);
      return [bounded.isDown(), calls];
    };
    assert.deepEqual(
      [await tried(9), await tried(10)],
      [
        [false, 12],
        [true, 10],
      ],
    );
  });
});
