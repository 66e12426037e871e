import { strict as assert } from 'node:assert';
import { noteSignal } from '#functions/abuse/links.js';
import { CALLS_BY_ADDRESS, CALLS_BY_USER, type COUNTED_CALLS } from '#functions/abuse/model/limits.js';
import type { CallableName } from '#functions/calls/callables.js';
import { Refusal } from '#functions/core/outcome.js';
import { Limiter } from '#functions/platform/limiter.js';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const welcome = aPromotion({ kind: 'order', code: 'WELCOME', benefit: { type: 'fixed', amountMinor: 200 } });

describe('limits of calls', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const ask = (uid: string) => backend.call('discover', uid, { place: { lat: 48.2, lng: 16.37 }, zoneId: 'centre' });

  it('let exactly 139 of 1,000 calls of a user in 10 s through, and cost no operation', async () => {
    const { limiter } = backend.ctx.caches;
    await backend.billed();
    let passed = 0;
    for (let index = 0; index < 1_000; index += 1, backend.nowMs += 10) {
      try {
        limiter.take('user:carla', CALLS_BY_USER);
        passed += 1;
      } catch {
        // Counted as not passed.
      }
    }
    assert.equal(passed, 139);
    assert.deepEqual(await backend.billed(), { reads: 0, writes: 0, deletes: 0 });
  });

  it('give the time to wait, and hold for one user alone', async () => {
    for (let index = 0; index < 120; index += 1) await ask('carla');
    await assert.rejects(ask('carla'), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 1 } });
    await ask('nina');
    backend.nowMs += 500;
    await ask('carla');
  });

  it('hold for an address as well, across its users', () => {
    const limiter = new Limiter(() => 0);
    for (let index = 0; index < 1_200; index += 1) limiter.take('address:10.0.0.1', CALLS_BY_ADDRESS);
    assert.throws(() => limiter.take('address:10.0.0.1', CALLS_BY_ADDRESS), { reason: 'TOO_MANY_REQUESTS' });
    limiter.take('address:10.0.0.2', CALLS_BY_ADDRESS);
  });
});

const reasonOf = (error: unknown): unknown => (error instanceof Error && 'reason' in error ? error.reason : error);

describe('cards that the bank declines', () => {
  let backend: Backend;
  let journey: Journey;
  let totalMinor: number;
  beforeEach(async () => {
    journey = new Journey((backend = await aCity()));
    totalMinor = (await journey.quote()).totals.totalMinor;
  });
  afterEach(() => backend.close());

  const pay = (paymentMethodId: string) =>
    backend.call('placeOrder', 'carla', {
      quoteId: journey.orderId,
      idempotencyKey: 'place-key-1',
      confirmedTotalMinor: totalMinor,
      paymentMethodId,
    });
  const decline = async (times: number) => {
    for (let n = 0; n < times; n += 1)
      await assert.rejects(pay('pm_card_declined'), { reason: 'PAYMENT_DECLINED' }, `card ${n + 1}`);
  };
  const asked = () => backend.conduct.calls.filter((call) => call === 'payments.confirm').length;
  const TOO_MANY = { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 240 } };

  it('are at most fifteen per customer; after that the provider is not called for four minutes', async () => {
    await decline(15);
    const before = asked();
    await assert.rejects(pay('pm_card_declined'), TOO_MANY);
    await assert.rejects(pay('pm_card_visa'), TOO_MANY);
    assert.equal(asked(), before);
    await backend.advance(4 * MINUTE);
    await pay('pm_card_visa');
    assert.equal(asked(), before + 1);
  });

  it('do not include a card that pays, nor one for which the provider does not respond', async () => {
    await decline(14);
    backend.conduct.fail('payments.confirm', 'before');
    await assert.rejects(pay('pm_card_visa'), (error) => reasonOf(error) !== 'TOO_MANY_REQUESTS');
    await pay('pm_card_visa');
    const limits = await backend.db.collection('limits').get();
    const tokens = limits.docs.filter(({ id }) => id.startsWith('declinedCard-')).map((one) => one.get('tokens'));
    assert.deepEqual(tokens, [1]);
  });

  it('are counted over all instances: a new instance does not tell that another card is declined', async () => {
    await decline(15);
    backend.restart();
    await assert.rejects(pay('pm_card_declined'), TOO_MANY);
  });

  it('cost no read for a plain order', async () => {
    await pay('pm_card_visa');
    assert.equal((await backend.db.collection('limits').get()).size, 0);
  });
});

describe('promotion codes that are guessed', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity({ promotions: [welcome] })));
  afterEach(() => backend.close());

  const tryCodes = (promotionCodes: string[], uid = 'carla') => backend.call('quote', uid, aCart({ promotionCodes }));
  const tryCode = (code: string, uid = 'carla') => tryCodes([code], uid);

  it('are refused after five wrong ones, including correct ones, over all instances', async () => {
    for (let index = 0; index < 5; index += 1) {
      await assert.rejects(tryCode(`GUESS${index}`), { reason: 'PROMOTION_UNKNOWN' });
      backend.restart();
    }
    await assert.rejects(tryCode('WELCOME'), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 600 } });
    await tryCode('WELCOME', 'nina');
    await backend.call('quote', 'carla', aCart());
    backend.nowMs += 10 * MINUTE;
    await tryCode('WELCOME');
  });

  it('cause at most five look-ups, also in parallel', async () => {
    const guesses = Array.from({ length: 20 }, (_, index) => tryCode(`GUESS${index}`));
    const refusals = await Promise.all(guesses.map((one) => one.catch((error: unknown) => reasonOf(error))));
    assert.equal(refusals.filter((reason) => reason === 'PROMOTION_UNKNOWN').length, 5);
    assert.equal(refusals.filter((reason) => reason === 'TOO_MANY_REQUESTS').length, 15);
    await tryCode('WELCOME', 'nina');
  });

  it('are counted one by one where a cart names several, without the correct ones', async () => {
    const unknown = { reason: 'PROMOTION_UNKNOWN' };
    await assert.rejects(tryCodes(['WELCOME', 'GUESS1', 'GUESS2', 'GUESS3']), unknown);
    await assert.rejects(tryCodes(['GUESS4', 'GUESS5', 'GUESS6']), { reason: 'TOO_MANY_REQUESTS' });
    await assert.rejects(tryCodes(['GUESS4', 'GUESS5']), unknown);
    await assert.rejects(tryCode('WELCOME'), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 600 } });
  });

  it('are not counted where the code is correct', async () => {
    for (let index = 0; index < 10; index += 1) await tryCode('WELCOME');
    assert.equal((await backend.db.collection('limits').get()).size, 0);
  });
});

describe('sign-ups', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const signUp = (uid: string, deviceId?: string) => {
    backend.identity.add(uid, {});
    return backend.call('createProfile', uid, { displayName: uid, locale: 'en', ...(deviceId && { deviceId }) });
  };

  it('are limited to three per device; a fourth is allowed eight hours later', async () => {
    for (const uid of ['a', 'b', 'c']) await signUp(uid, 'phone-of-ivan');
    await assert.rejects(signUp('d', 'phone-of-ivan'), {
      reason: 'TOO_MANY_REQUESTS',
      details: { retryAfterSeconds: 28_800 },
    });
    assert.equal((await backend.db.doc('users/d').get()).exists, false);
    await signUp('e', 'phone-of-eve');
    backend.nowMs += 8 * HOUR;
    await signUp('d', 'phone-of-ivan');
  });

  it('count an account once, with any number of saves of its profile', async () => {
    for (let index = 0; index < 10; index += 1) await signUp('a', 'phone-of-ivan');
    await signUp('b', 'phone-of-ivan');
  });

  it('count a further device of an account as one sign-up on it', async () => {
    for (const uid of ['a', 'b', 'c', 'd']) await signUp(uid, `first-phone-of-${uid}`);
    const arrive = (uid: string, deviceId = 'phone-of-ivan') =>
      backend.call('createProfile', uid, { displayName: uid, locale: 'en', deviceId });
    for (const uid of ['a', 'b', 'c', 'c', 'a']) await arrive(uid);
    await assert.rejects(arrive('d'), { reason: 'TOO_MANY_REQUESTS' });
    await arrive('d', 'first-phone-of-d');
    assert.deepEqual((await backend.db.doc('links/a').get()).get('linked').toSorted(), ['b', 'c']);
  });

  it('allow at most ten devices per account, and one more six hours later', async () => {
    const arrive = (device: number) =>
      backend.call('createProfile', 'a', { displayName: 'a', locale: 'en', deviceId: `made-up-phone-${device}` });
    await signUp('a', 'first-phone-of-a');
    for (let device = 0; device < 10; device += 1) await arrive(device);
    await assert.rejects(arrive(10), { reason: 'TOO_MANY_REQUESTS' });
    backend.nowMs += 6 * HOUR;
    await arrive(10);
  });

  it('that named no device are limited by the first one that they name', async () => {
    await signUp('ivan');
    await backend.call('createProfile', 'ivan', { displayName: 'Ivan', locale: 'en', deviceId: 'phone-of-ivan' });
    await backend.ask('blockUser', 'olga', { uid: 'ivan', reason: 'fraud' });
    await assert.rejects(signUp('ivan-2', 'phone-of-ivan'), { reason: 'DEVICE_BLOCKED' });
    await signUp('ivan-3', 'another-phone');
    const moved = backend.call('createProfile', 'ivan-3', {
      displayName: 'Ivan',
      locale: 'en',
      deviceId: 'phone-of-ivan',
    });
    await assert.rejects(moved, { reason: 'DEVICE_BLOCKED' });
  });

  it('are limited to sixty per address at once, and only a digest of the address is stored', async () => {
    const from = (uid: string) => backend.addresses.set(uid, '203.0.113.7');
    for (let index = 0; index < 60; index += 1) {
      from(`u${index}`);
      await signUp(`u${index}`, `phone-of-u${index}`);
    }
    from('one-more');
    await assert.rejects(signUp('one-more', 'phone-of-one-more'), { reason: 'TOO_MANY_REQUESTS' });
    await signUp('elsewhere');
    assert.ok(!JSON.stringify(await backend.dump()).includes('203.0.113.7'));
  });

  it('count all addresses of an IPv6 subscriber together, in every spelling', async () => {
    for (let index = 0; index < 60; index += 1) {
      backend.addresses.set(
        `u${index}`,
        index % 2 ? `2001:db8:7:9::${index.toString(16)}` : `2001:0DB8:7:9:0:0:1:${index.toString(16)}`,
      );
      await signUp(`u${index}`, `phone-of-u${index}`);
    }
    backend.addresses.set('one-more', '2001:db8:7:9:ffff:ffff:ffff:ffff');
    await assert.rejects(signUp('one-more', 'phone-of-one-more'), { reason: 'TOO_MANY_REQUESTS' });
    backend.addresses.set('neighbour', '2001:db8:7:a::1');
    await signUp('neighbour', 'phone-of-neighbour');
  });

  it('without a device id are limited to five per address, and one more half an hour later', async () => {
    const from = (uid: string) => (backend.addresses.set(uid, '203.0.113.7'), uid);
    for (let index = 0; index < 5; index += 1) await signUp(from(`u${index}`));
    await assert.rejects(signUp(from('sixth')), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 1800 } });
    await signUp(from('seventh'), 'phone-of-seventh');
    backend.nowMs += 30 * MINUTE;
    await signUp('sixth');
  });

  it('without a device id are limited to five for all unknown addresses together', async () => {
    for (let index = 0; index < 5; index += 1) await signUp(`u${index}`);
    await assert.rejects(signUp('sixth'), { reason: 'TOO_MANY_REQUESTS' });
  });

  it('are refused on the device of a blocked user, until the block ends', async () => {
    await signUp('ivan', 'phone-of-ivan');
    await backend.ask('blockUser', 'olga', { uid: 'ivan', reason: 'fraud' });
    await assert.rejects(signUp('ivan-2', 'phone-of-ivan'), { reason: 'DEVICE_BLOCKED' });
    await signUp('eve', 'phone-of-eve');
    await backend.ask('unblockUser', 'olga', { uid: 'ivan', reason: 'a mistake' });
    await signUp('ivan-2', 'phone-of-ivan');
  });

  it('are refused on a device while another blocked user has it, until that block ends as well', async () => {
    for (const uid of ['ivan', 'igor']) await signUp(uid, 'phone-of-two');
    for (const uid of ['ivan', 'igor']) await backend.ask('blockUser', 'olga', { uid, reason: 'fraud' });
    await backend.ask('unblockUser', 'olga', { uid: 'ivan', reason: 'a mistake' });
    await assert.rejects(signUp('eve', 'phone-of-two'), { reason: 'DEVICE_BLOCKED' });
    await backend.ask('unblockUser', 'olga', { uid: 'igor', reason: 'a mistake' });
    await signUp('eve', 'phone-of-two');
  });
});

describe('the signal of a device', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  it('expires after thirteen months, and later where the account uses it again', async () => {
    backend = await aCity();
    const { nowMs } = backend;
    const note = () => noteSignal(backend.ctx, 'carla', { kind: 'device', value: 'phone-of-carla' });
    const expiry = async () =>
      (await backend.db.collection('signals').get()).docs.map((one) => Number(one.get('expireAt').toMillis()));
    await note();
    assert.deepEqual(await expiry(), [nowMs + 395 * DAY]);
    backend.nowMs += 29 * DAY;
    await note();
    assert.deepEqual(await expiry(), [nowMs + 395 * DAY]);
    backend.nowMs += DAY;
    await note();
    assert.deepEqual(await expiry(), [nowMs + 425 * DAY]);
  });
});

describe("a restaurant's refunds and exports", () => {
  it('are limited to thirty and three at a time', async () => {
    const backend = await aCity();
    try {
      const lines = [{ itemId: 'margherita', quantity: 40 }];
      const collected = async () => {
        const journey = await new Journey(backend).place({ cart: { lines, kind: 'pickup', dropOff: null } });
        await journey.move('mario', { action: 'accept' });
        await journey.move('mario', { action: 'markReady' });
        await journey.move('mario', { action: 'collect', pin: journey.pin });
        return journey.orderId;
      };
      // One order takes thirty refunds of a merchant's, whenever they come.
      const [first, second] = [await collected(), await collected()];
      const refund = (index: number) =>
        backend.ask('refundOrder', 'mario', {
          orderId: index < 20 ? first : second,
          idempotencyKey: `refund-key-${index}`,
          what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
          liable: 'merchant',
          reason: 'burnt',
          to: 'card',
        });
      for (let index = 0; index < 30; index += 1) await refund(index);
      await assert.rejects(refund(30), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 120 } });
      backend.nowMs += 2 * MINUTE;
      await refund(30);
      for (let index = 0; index < 3; index += 1) await backend.call('exportMyData', 'nina', {});
      await assert.rejects(backend.call('exportMyData', 'nina', {}), { reason: 'TOO_MANY_REQUESTS' });
    } finally {
      await backend.close();
    }
  });
});

/** One call of each limited callable, by a caller who may make it, and the number that may be made at once. */
const COUNTED: Readonly<Record<keyof typeof COUNTED_CALLS, readonly [uid: string, input: object, atOnce: number]>> = {
  writeToSupport: ['carla', { text: 'Hello', idempotencyKey: 'support-key-1' }, 20],
  inspectOrder: ['olga', { orderId: 'order-1', reason: 'a call' }, 120],
  findRecords: ['olga', { by: { type: 'code', code: 'K7P3' }, reason: 'a call' }, 120],
  refundOrder: [
    'olga',
    {
      orderId: 'order-1',
      idempotencyKey: 'refund-key-1',
      what: { type: 'whole' },
      liable: 'platform',
      reason: 'cold',
      to: 'card',
    },
    60,
  ],
  grantCredit: [
    'olga',
    { uid: 'carla', currency: 'EUR', amountMinor: 1, reason: 'sorry', idempotencyKey: 'credit-key-1' },
    60,
  ],
  recordCashDeposit: ['olga', { courierId: 'omar', amountMinor: 1, idempotencyKey: 'deposit-key-1' }, 60],
  recordCourierPayment: [
    'olga',
    { courierId: 'omar', currency: 'EUR', amountMinor: 1, reference: 'sepa', idempotencyKey: 'payment-key-1' },
    120,
  ],
  settleCourierDebt: [
    'olga',
    { courierId: 'omar', currency: 'EUR', amountMinor: 1, how: 'repaid', reason: 'sepa', idempotencyKey: 'debt-key-1' },
    120,
  ],
  saveStorePromotion: [
    'mario',
    {
      restaurantId: 'rosa',
      promotionId: 'happy-hour',
      promotion: {
        kind: 'order',
        benefit: { type: 'percent', ratePpm: 100_000 },
        startsAtMs: 1_760_000_000_000,
        endsAtMs: 4_000_000_000_000,
      },
    },
    30,
  ],
  recordRiderPayment: ['olga', { orderId: 'order-1', reference: 'sepa' }, 120],
  returnCourierPayment: ['olga', { payoutId: 'payout-1', reason: 'returned' }, 120],
  readBankDetails: ['olga', { courierId: 'omar', reason: 'to pay' }, 120],
  readDropOff: ['olga', { orderId: 'order-1', reason: 'lost' }, 60],
  connectCourierAccount: ['omar', { country: 'AT' }, 10],
  saveBankDetails: ['omar', { holder: 'Omar', iban: 'AT611904300234573201' }, 10],
  requestInstantPayout: ['omar', { idempotencyKey: 'instant-key-1' }, 10],
  courierStatement: ['omar', { fromDay: '2026-03-01', toDay: '2026-03-01' }, 30],
  addTip: ['carla', { orderId: 'order-1', idempotencyKey: 'tip-key-1', amountMinor: 100 }, 20],
  setUpPayment: ['carla', {}, 15],
  removeCard: ['carla', { paymentMethodId: 'pm_1' }, 15],
  inviteMember: ['mario', { restaurantId: 'rosa', to: { type: 'user', uid: 'nina' }, role: 'kitchen' }, 20],
  applyAsCourier: [
    'nina',
    {
      zoneId: 'centre',
      vehicle: 'bicycle',
      papers: [{ kind: 'identity', path: 'courier-documents/nina/identity-1.pdf' }],
    },
    12,
  ],
  applyAsMerchant: [
    'nina',
    {
      applicationId: 'another-kitchen',
      venture: {
        name: 'Nina’s',
        legalName: 'Nina GmbH',
        country: 'AT',
        cuisines: [],
        zoneId: 'centre',
        timeZone: 'Europe/Vienna',
        location: { lat: 48.2, lng: 16.37 },
        addressLine: '2 Oven Lane',
      },
    },
    12,
  ],
  shareTracking: ['carla', { orderId: 'order-1', answer: 'share' }, 20],
  openClaim: [
    'carla',
    { orderId: 'order-1', idempotencyKey: 'claim-key-1', kind: 'missing', lines: [{ line: 0, quantity: 1 }] },
    10,
  ],
  replyToReview: ['mario', { restaurantId: 'rosa', orderId: 'order-1', text: 'Thank you' }, 120],
  reportContent: [
    'carla',
    { content: { type: 'restaurantReview', restaurantId: 'rosa', orderId: 'order-1' }, reason: 'spam' },
    20,
  ],
  appeal: [
    'carla',
    { content: { type: 'restaurantReview', restaurantId: 'rosa', orderId: 'order-1' }, text: 'but' },
    20,
  ],
  openFile: ['olga', { type: 'evidence', path: 'claims/order-1/carla/photo.jpg', reason: 'a claim' }, 60],
  retryPayment: ['carla', { orderId: 'order-1' }, 30],
  answerEdit: ['carla', { orderId: 'order-1', idempotencyKey: 'answer-key-1', answer: 'decline', event: 5 }, 30],
  payoutsReport: ['mario', { restaurantId: 'rosa', fromDay: '2026-02-01', toDay: '2026-03-02' }, 30],
  connectAccount: ['mario', { restaurantId: 'rosa' }, 20],
  submitDisputeEvidence: ['olga', { disputeId: 'dp_1', note: 'delivered' }, 60],
  decideClaim: [
    'olga',
    { orderId: 'order-1', claimId: 'claim-key-1', decision: { type: 'reject' }, reason: 'no' },
    120,
  ],
  deleteMyAccount: ['mario', {}, 10],
};

describe('limits over all instances', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  /** Whether the call was let through to its handler, in an instance that knows nothing of the calls before. */
  const isLetThrough = async (name: CallableName, uid: string, input: object): Promise<boolean> => {
    backend.restart();
    try {
      await backend.call(name, uid, input);
    } catch (error) {
      return !(error instanceof Refusal) || error.reason !== 'TOO_MANY_REQUESTS';
    }
    return true;
  };

  for (const [name, [uid, input, atOnce]] of Object.entries(COUNTED) as [
    keyof typeof COUNTED,
    (typeof COUNTED)[keyof typeof COUNTED],
  ][])
    it(`let ${atOnce} calls of ${name} through at once, with any outcome`, async () => {
      for (let index = 0; index < atOnce; index += 1) assert.ok(await isLetThrough(name, uid, input), String(index));
      assert.equal(await isLetThrough(name, uid, input), false);
    });

  it('let at most twelve of forty applications of one account through', async () => {
    const [, input] = COUNTED.applyAsMerchant;
    let taken = 0;
    for (let index = 0; index < 40; index += 1)
      if (await isLetThrough('applyAsMerchant', 'nina', { ...input, applicationId: `kitchen-${index}` })) taken += 1;
    assert.equal(taken, 12);
    assert.equal((await backend.db.collection('merchantApplications').get()).size, 12);
    assert.ok(await isLetThrough('applyAsMerchant', 'carla', { ...input, applicationId: 'kitchen-of-carla' }));
  });

  it('cost a search no operation, except at a high rate', async () => {
    const search = () => backend.call('discover', 'carla', { place: { lat: 48.2, lng: 16.37 }, zoneId: 'centre' });
    await search();
    await backend.billed();
    for (let index = 0; index < 39; index += 1) await search();
    assert.deepEqual(await backend.billed(), { reads: 0, writes: 0, deletes: 0 });
    await search();
    assert.equal((await backend.billed()).writes, 1);
    assert.equal((await backend.db.collection('limits').get()).size, 1);
  });

  it('cost forty quotes no operation; a hundred of one account at once are all, over all instances', async () => {
    const quote = (uid = 'carla') => backend.call('quote', uid, aCart());
    for (let index = 0; index < 40; index += 1) await quote();
    assert.equal((await backend.db.collection('limits').get()).size, 0);
    for (let index = 0; index < 60; index += 1) await quote();
    await assert.rejects(quote(), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 30 } });
    await quote('nina');
    assert.equal((await backend.db.collection('quotes').get()).size, 101);
    backend.nowMs += 30_000;
    await quote();
  });

  it('cost twenty lists of cards no operation; eighty of one account at once are all', async () => {
    const list = (uid = 'carla') => backend.call('listCards', uid, {});
    for (let index = 0; index < 80; index += 1) await list();
    await assert.rejects(list(), { reason: 'TOO_MANY_REQUESTS' });
    await list('nina');
  });

  it('count a placing that is repeated: eighty of one account at once are all', async () => {
    const { quoteId, totals } = await backend.call('quote', 'carla', aCart());
    const place = () =>
      backend.call('placeOrder', 'carla', {
        quoteId,
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: totals.totalMinor,
      });
    for (let index = 0; index < 80; index += 1) await place();
    await assert.rejects(place(), { reason: 'TOO_MANY_REQUESTS' });
  });

  it('hold for a fast search over all instances', async () => {
    const search = (uid: string) =>
      backend.call('discover', uid, { place: { lat: 48.2, lng: 16.37 }, zoneId: 'centre' });
    let passed = 0;
    for (let instance = 0; instance < 4; instance += 1) {
      backend.restart();
      for (let index = 0; index < 100; index += 1) {
        const isPassed = await search('carla').then(
          () => true,
          () => false,
        );
        if (isPassed) passed += 1;
      }
    }
    // Forty in each instance's memory, and 120 counted together.
    assert.equal(passed, 4 * 40 + 120);
    await search('nina');
  });
});
