import { strict as assert } from 'node:assert';
import type { Inputs } from '#functions/calls/callables.js';
import { noteSignal } from '#functions/abuse/links.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { aPromotion, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const ALL = { benefit: { type: 'percent' as const, ratePpm: 1_000_000 }, merchantFundedPpm: 0 };
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
  const balance = async (account: string) => computeBalances(await readBooks(backend)).get(account) ?? 0;
  const creditOf = async () => (await backend.db.doc('users/carla/private/standing').get()).get('credits.EUR') ?? 0;
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('gives no credit for 15 minutes', async () => {
    await late({ kitchen: 0, ride: 15 });
    assert.deepEqual([await creditOf(), (await backend.order('order-1')).events.at(-1)?.late], [0, undefined]);
  });

  it("by a slow courier is at the platform's cost, once", async () => {
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

  it('by the kitchen is deducted from its payout', async () => {
    // The kitchen reports its delay after ten minutes, which changes the ready time; the promise stays.
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

  it("by the kitchen is at the platform's cost once the kitchen's pay is refused", async () => {
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

  it('is credited once when the delivery call is repeated', async () => {
    const journey = await late({ kitchen: 0, ride: 16 });
    await journey.deliver().catch(() => undefined);
    assert.equal(await creditOf(), 200);
  });

  it('whose food waited beside the courier at the counter is not at the cost of the kitchen', async () => {
    backend = await aCity({ zone: { limits: { lateCredit: TIERS } } });
    const journey = await new Journey(backend).reach('ready');
    await journey.arrive('omar', 'kitchen');
    await backend.advance(50 * MINUTE);
    await journey.reach('delivered');
    assert.equal((await backend.order('order-1')).events.at(-1)?.late?.leg, 'dispatch');
    assert.equal(await balance('merchant:rosa'), -1600);
  });

  it('whose courier waited for the food is at the cost of the kitchen', async () => {
    backend = await aCity({ zone: { limits: { lateCredit: TIERS } } });
    const journey = await new Journey(backend).reach('preparing');
    await journey.assign();
    await journey.arrive('omar', 'kitchen');
    await backend.advance(50 * MINUTE);
    await journey.reach('delivered');
    assert.equal((await backend.order('order-1')).events.at(-1)?.late?.leg, 'kitchen');
  });

  for (const [by, leg] of [
    ['olga', 'dispatch'],
    ['mario', 'kitchen'],
  ] as const)
    it(`that ${by} cancelled by mistake is late by the ${leg} for the time until it was restored`, async () => {
      backend = await aCity({ zone: { limits: { lateCredit: TIERS, restoreMinutes: 20 } } });
      const journey = await new Journey(backend).place();
      await journey.move('mario', { action: 'accept', prepMinutes: 20 });
      await backend.advance(18 * MINUTE);
      await journey.cancel(by, by === 'olga' ? { liable: 'platform' } : {});
      await backend.advance(18 * MINUTE);
      await journey.move('olga', { action: 'restore', reason: 'by mistake' });
      await journey.reach('picked_up');
      await backend.advance(10 * MINUTE);
      await journey.reach('delivered');
      assert.equal((await backend.order('order-1')).events.at(-1)?.late?.leg, leg);
    });

  it('is refunded no more than was paid, the credit for its lateness included', async () => {
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
    assert.deepEqual([await balance('restaurantTax:100000'), await balance('platformTax:200000')], [0, 0]);
  });
});

describe('the credit for a late order', () => {
  let backend: Backend;
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  const HALF = [{ overMinutes: 15, ratePpm: 500_000, maxMinor: 1000 }];
  const creditOf = async () => (await backend.db.doc('users/carla/private/standing').get()).get('credits.EUR') ?? 0;
  const paid = async () => (await backend.order('order-1')).payment.capturedMinor;
  const promotions = [
    aPromotion({ id: 'free', kind: 'order', code: 'FREE', ...ALL }),
    aPromotion({ id: 'free-ride', kind: 'delivery', code: 'RIDE', ...ALL }),
  ];
  const open = async () => void (backend = await aCity({ zone: { limits: { lateCredit: HALF } }, promotions }));
  /** Half of two margheritas for 20.00 would be 10.00. */
  const late = async (legs: { kitchen: number; ride: number }, promotionCodes: string[] = []) => {
    const journey = new Journey(backend);
    await journey.place({ cart: { tipPpm: 0, promotionCodes } });
    await journey.reach('preparing');
    await journey.assign();
    await backend.advance(legs.kitchen * MINUTE);
    await journey.reach('picked_up');
    await backend.advance(legs.ride * MINUTE);
    await journey.reach('delivered');
  };

  it('is half of the items where the customer paid more', async () => {
    await open();
    await late({ kitchen: 0, ride: 60 }, ['RIDE']);
    assert.deepEqual([await paid(), await creditOf()], [2340, 1000]);
  });

  it('is what the customer paid where coupons paid the rest', async () => {
    await open();
    await late({ kitchen: 0, ride: 60 }, ['FREE', 'RIDE']);
    assert.deepEqual([await paid(), await creditOf()], [80, 80]);
  });

  const shareAPhone = async () => {
    for (const uid of ['mario', 'carla']) await noteSignal(backend.ctx, uid, { kind: 'device', value: 'one-phone' });
  };

  it("is not at the platform's cost for a customer who shares a phone with the kitchen", async () => {
    await open();
    await shareAPhone();
    await late({ kitchen: 0, ride: 60 });
    assert.equal(await creditOf(), 0);
  });

  it("is at the late kitchen's cost for such a customer", async () => {
    await open();
    await shareAPhone();
    await late({ kitchen: 60, ride: 5 });
    const { events, payment } = await backend.order('order-1');
    assert.deepEqual([events.at(-1)?.late?.leg, payment.merchantBearsMinor, await creditOf()], ['kitchen', 1000, 1000]);
  });
});

describe('food that is not delivered or collected', () => {
  let backend: Backend;
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  const end = async () => {
    await backend.deliverWebhooks();
    const { status, events } = await backend.order('order-1');
    const last = events.findLast((event) => event.liable !== undefined);
    const moved = backend.fake.moved.filter((what) => !what.startsWith('hold'));
    return [status, last?.liable, last?.scope, ...moved];
  };

  /** Promised 30 minutes after its acceptance, and tolerated for another 15. */
  const broughtBack = async (waits: { kitchen: number; ride: number }, by = 'omar', liable?: 'customer') => {
    const journey = await new Journey((backend = await aCity())).reach('preparing');
    await journey.assign();
    await backend.advance(waits.kitchen * MINUTE);
    await journey.reach('picked_up');
    await backend.advance(waits.ride * MINUTE);
    await journey.fail();
    await journey.bringBack(by, liable);
    return end();
  };

  it('is charged to the customer where the courier came to the door within the tolerance', async () =>
    assert.deepEqual(await broughtBack({ kitchen: 0, ride: 40 }), [
      'returned',
      'customer',
      'allLessTip',
      'capture order-1 2740',
    ]));

  it("is at the courier's cost where the courier came later", async () => {
    const ended = await broughtBack({ kitchen: 0, ride: 50 });
    assert.deepEqual(ended, ['returned', 'courier', 'platformPaysKitchen', 'void order-1']);
    const held = await backend.db.doc('heldPays/order-1-kitchen').get();
    assert.deepEqual([held.get('amountMinor'), held.get('doubts')], [1600, ['unpaid']]);
  });

  it("is at the kitchen's cost where the kitchen had it ready that late: the courier is paid", async () => {
    const ended = await broughtBack({ kitchen: 60, ride: 5 });
    assert.deepEqual(ended, ['returned', 'merchant', 'platformPaysCourier', 'void order-1']);
    assert.equal((await backend.db.doc('heldPays/order-1-courier').get()).get('amountMinor'), 720);
  });

  it('is charged to the customer nevertheless where an operator decides so', async () =>
    assert.deepEqual(await broughtBack({ kitchen: 0, ride: 180 }, 'olga', 'customer'), [
      'returned',
      'customer',
      'allLessTip',
      'capture order-1 2740',
    ]));

  /**
   * Ready this many minutes after its acceptance at one o'clock, with 20 minutes promised; the customer does not
   * collect it.
   */
  const uncollected = async (readyAfter: number, closesAtMinute = 24 * 60) => {
    const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 9 * 60, toMinute: closesAtMinute }];
    const hours = { weekly, holidays: [], lastOrderMinutes: 0 };
    backend = await aCity({ restaurant: { hours } });
    const journey = new Journey(backend);
    await journey.place({ cart: { kind: 'pickup', dropOff: null, tipPpm: 0 } });
    await journey.move('mario', { action: 'accept' });
    await backend.advance(readyAfter * MINUTE);
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(50 * MINUTE);
    return end();
  };

  it('at the counter is charged to the customer where it was ready in time and the kitchen open', async () =>
    assert.deepEqual(await uncollected(20), ['cancelled', 'customer', 'itemsAndDelivery', 'capture order-1 2200']));

  it("at the counter is at the kitchen's cost where it was ready three hours late", async () =>
    assert.deepEqual(await uncollected(200), ['cancelled', 'merchant', 'none', 'void order-1']));

  it('at the counter is left to an operator where the kitchen closed ten minutes after it was ready', async () => {
    const ended = await uncollected(20, 13 * 60 + 30);
    assert.deepEqual(ended, ['cancelled', 'platform', 'platformPaysKitchen', 'void order-1']);
    assert.equal((await backend.db.doc('heldPays/order-1-kitchen').get()).get('amountMinor'), 1600);
  });
});
