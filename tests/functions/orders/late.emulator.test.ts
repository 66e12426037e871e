import { strict as assert } from 'node:assert';
import type { Inputs } from '#functions/calls/callables.js';
import { ACCOUNTS } from '#functions/ledger/model/journals.js';
import { balancesOf } from '#simulator/invariants.js';
import { stopServer, type Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const TIERS = [{ overMinutes: 15, ratePpm: 100_000, maxMinor: 1000 }];

describe('a late order', () => {
  let backend: Backend;
  /** Two margheritas for 20.00, promised in 30 minutes; so many minutes later at the counter, and at the door. */
  const late = async ({ kitchen, ride }: { kitchen: number; ride: number }) => {
    backend = await aCity({ zone: { limits: { lateCredit: TIERS } } });
    const journey = await new Journey(backend).reach('preparing');
    await journey.assign();
    await backend.advance(await untilReady(kitchen));
    await journey.reach('picked_up');
    await backend.advance((10 + ride) * MINUTE);
    await journey.reach('delivered');
    return journey;
  };
  const untilReady = async (minutes: number) =>
    ((await backend.order('order-1')).readyAtMs ?? 0) - backend.nowMs + minutes * MINUTE;
  const balance = async (account: string) => balancesOf(await readBooks(backend)).get(account) ?? 0;
  const creditOf = async () => (await backend.db.doc('users/carla/private/standing').get()).get('credits.EUR') ?? 0;
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  after(stopServer);

  it('gives nothing back for 15 minutes', async () => {
    await late({ kitchen: 0, ride: 15 });
    assert.deepEqual([await creditOf(), (await backend.order('order-1')).events.at(-1)?.late], [0, undefined]);
  });

  it('that the courier rode too slowly is the platform’s cost, once', async () => {
    const journey = await late({ kitchen: 0, ride: 16 });
    assert.equal(await creditOf(), 200);
    assert.deepEqual((await backend.order('order-1')).events.at(-1)?.late, {
      minutes: 16,
      leg: 'courier',
      creditMinor: 200,
    });
    assert.deepEqual(backend.push.keysTo('device-carla').slice(-2).toSorted(), ['late_credit', 'order_delivered']);
    await journey.reach('completed');
    assert.equal(backend.fake.moved.at(-1), 'transfer order-1 1600 to acct_rosa');
    assert.deepEqual([await balance(ACCOUNTS.credit('carla')), await creditOf()], [-200, 200]);
  });

  it('that the kitchen made late is taken from its payout', async () => {
    // The kitchen's delay is told after ten minutes, which moves its time; the promise stays.
    const journey = await late({ kitchen: 9, ride: 8 });
    assert.deepEqual((await backend.order('order-1')).events.at(-1)?.late, {
      minutes: 17,
      leg: 'kitchen',
      creditMinor: 200,
    });
    await journey.reach('completed');
    assert.equal(backend.fake.moved.at(-1), 'transfer order-1 1400 to acct_rosa');
    assert.deepEqual([await balance('merchant:rosa'), await balance(ACCOUNTS.credit('carla'))], [0, -200]);
  });

  it('that the kitchen made late is the platform’s cost once the kitchen’s pay is refused', async () => {
    await late({ kitchen: 9, ride: 8 });
    backend.fake.dispute('dp_1', 'order-1', { providerMinor: -4440, status: 'lost' });
    await backend.deliverWebhooks();
    await backend.ask('decideHeldPay', 'olga', {
      orderId: 'order-1',
      payee: 'kitchen',
      verdict: 'refuse',
      reason: 'saw the proof',
    });
    assert.deepEqual(
      [await balance('merchant:rosa'), await balance('heldMerchant:rosa'), await creditOf()],
      [0, 0, 200],
    );
  });

  it('is credited once when the delivery is asked for twice', async () => {
    const journey = await late({ kitchen: 0, ride: 16 });
    await journey.deliver().catch(() => undefined);
    assert.equal(await creditOf(), 200);
  });

  it('that the kitchen called ready at once is its own cost as far as the courier waited at the counter', async () => {
    backend = await aCity({ zone: { limits: { lateCredit: TIERS } } });
    const journey = await new Journey(backend).reach('ready');
    await journey.arrive('omar', 'kitchen');
    await backend.advance(50 * MINUTE);
    await journey.reach('delivered');
    assert.equal((await backend.order('order-1')).events.at(-1)?.late?.leg, 'kitchen');
  });

  it('is given back no more than was paid, the credit for its lateness included', async () => {
    await late({ kitchen: 9, ride: 8 });
    const refund = (n: number, what: Inputs['refundOrder']['what']) =>
      backend.ask('refundOrder', 'olga', {
        orderId: 'order-1',
        idempotencyKey: `refund-key-${n}`,
        what,
        liable: 'merchant',
        reason: 'cold',
        to: 'card',
      });
    // 29.40 were paid and 2.00 credited.
    assert.equal((await refund(1, { type: 'amount', amountMinor: 700 })).amountMinor, 700);
    assert.equal((await refund(2, { type: 'whole' })).amountMinor, 2040);
    await assert.rejects(refund(3, { type: 'whole' }), { reason: 'NOTHING_TO_REFUND' });
    assert.equal(await balance('tax'), 0);
  });
});
