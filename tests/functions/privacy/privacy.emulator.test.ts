import { strict as assert } from 'node:assert';
import { FieldValue } from 'firebase-admin/firestore';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { paths } from '#functions/platform/firestore.js';
import { runNightlyJobs } from '#functions/app/tidy-up.js';
import { EXPORT_LIVES_MS } from '#functions/privacy/export-my-data.js';
import { toAccountId, toPseudonym } from '#functions/ledger/model/account-id.js';
import { payCouriers } from '#functions/payouts/pay-couriers.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE, theDropOff } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { connect, listPayouts } from '#fixtures/payouts.js';
import { Journey } from '#fixtures/journey.js';
import { aQuote } from '#fixtures/orders.js';

const HOUR = 60 * MINUTE;

/** What only Carla has said of herself, each somewhere else. */
const CANARIES = {
  profile: 'canary-display-name',
  email: 'carla@demo.test',
  device: 'canary-device-token',
  address: 'canary-address-line',
  doorCode: 'canary-door',
  addressNote: 'canary-address-note',
  card: 'cus_canary',
  contact: 'canary-contact',
  door: 'canary-street',
  phone: '+43999888777',
  lineNote: 'canary-line-note',
  cancelReason: 'canary-reason',
  cartNote: 'canary-cart-note',
} as const;

/** Carla with a past: an order delivered and completed, one cancelled, an address book, a cart, credit and a card. */
async function aPast(): Promise<Backend> {
  const backend = await aCity();
  backend.identity.add('carla', { role: 'customer' }, CANARIES.profile);
  await backend.call('createProfile', 'carla', { displayName: CANARIES.profile, locale: 'de' });
  const { db } = backend;
  await db.doc('users/carla/devices/phone').set({ token: CANARIES.device, platform: 'ios' });
  await db.doc('users/carla/addresses/home').set({
    label: 'Home',
    lat: 1,
    lng: 1,
    addressLine: CANARIES.address,
    doorCode: CANARIES.doorCode,
    note: CANARIES.addressNote,
  });
  await db.doc('users/carla/private/billing').set({ stripeCustomerId: CANARIES.card });
  const lines = [{ itemId: 'margherita', quantity: 2, modifiers: [], note: CANARIES.cartNote }];
  await db.doc('carts/carla').set({ restaurantId: 'rosa', lines, updatedAt: FieldValue.serverTimestamp() });
  const dropOff = { ...theDropOff, addressLine: CANARIES.door, contactName: CANARIES.contact, phone: CANARIES.phone };
  const cart = { dropOff, lines: [{ itemId: 'margherita', quantity: 2, note: CANARIES.lineNote }] };
  await new Journey(backend).place({ cart }).then(deliver);
  const second = await new Journey(backend).place({ cart });
  await backend.ask('cancelOrder', 'carla', {
    orderId: second.orderId,
    idempotencyKey: 'cancel-key-1',
    reason: CANARIES.cancelReason,
  });
  await backend.ask('grantCredit', 'olga', {
    uid: 'carla',
    currency: 'EUR',
    amountMinor: 700,
    reason: 'late',
    idempotencyKey: 'grant-key-1',
  });
  return backend;
}

async function deliver(journey: Journey): Promise<void> {
  await journey.move('mario', { action: 'accept', prepMinutes: 10 });
  await journey.assign();
  await journey.move('mario', { action: 'markReady' });
  await journey.pickUp();
  await journey.deliver();
}

/** Pays an account by the bank: there are no payouts to couriers yet. */
async function settle(backend: Backend, account: string, amountMinor: number): Promise<void> {
  const entries = [
    { account, amountMinor },
    { account: ACCOUNTS.bank, amountMinor: -amountMinor },
  ];
  const id = `settled-${account.replace(':', '-')}-${amountMinor}`;
  await paths
    .journal(backend.db, id)
    .set({ orderId: null, kind: 'correction', currency: 'EUR', atMs: backend.nowMs, entries });
}

/** Which canaries sing in a text. */
const heardIn = (text: string): string[] => Object.values(CANARIES).filter((canary) => text.includes(canary));

async function everywhere(backend: Backend): Promise<string> {
  const files = [...backend.files.contents.values()].map(String);
  return JSON.stringify([await backend.dump(), files, [...backend.identity.accounts.values()], backend.log.entries]);
}

/** The journals and the daily ledgers. */
async function ledger(backend: Backend): Promise<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(await backend.dump()).filter(([path]) => /^ledger\/|\/days\//.test(path)));
}

describe('deleting an account', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aPast()));
  afterEach(() => backend.close());

  const erase = async () => {
    backend.signIn('carla');
    return backend.call('deleteMyAccount', 'carla', {});
  };

  it('leaves one document that leads from the ledger to the person, until it is erased', async () => {
    const link = await paths.ledgerAccount(backend.db, toAccountId('carla')).get();
    assert.deepEqual(link.data(), { uid: 'carla' });
  });

  it('is refused during an order, and while its customer could still make a claim', async () => {
    await assert.rejects(erase(), { reason: 'ORDERS_OPEN' });
    await backend.advance(3 * HOUR);
    await erase();
  });

  it('leaves none of thirteen canaries, the daily ledgers unchanged, and a report', async () => {
    await backend.advance(3 * HOUR);
    assert.deepEqual(heardIn(await everywhere(backend)).length, 13);
    const before = await ledger(backend);
    const { reportId } = await erase();
    await backend.advance(MINUTE);
    assert.deepEqual(heardIn(await everywhere(backend)), []);
    assert.equal((await paths.privacyReport(backend.db, reportId).get()).exists, false);
    await backend.advance(64 * MINUTE);
    const after = Object.entries(await ledger(backend));
    const isForfeited = ([path]: [string, unknown]) => path.startsWith(`ledger/leaving-${toAccountId('carla')}-EUR-`);
    assert.deepEqual(Object.fromEntries(after.filter((one) => !isForfeited(one))), before);
    assert.deepEqual(
      after.filter(isForfeited).map(([, journal]) => journal),
      [
        {
          orderId: null,
          kind: 'credit',
          currency: 'EUR',
          atMs: backend.nowMs - 65 * MINUTE,
          accounts: [ACCOUNTS.credit('carla'), 'forfeitedCredit'],
          entries: [
            { account: ACCOUNTS.credit('carla'), amountMinor: 700 },
            { account: 'forfeitedCredit', amountMinor: -700 },
          ],
        },
      ],
    );
    assert.equal(await backend.identity.accountOf('carla'), null);
    assert.deepEqual((await paths.privacyReport(backend.db, reportId).get()).data(), {
      askedAtMs: backend.nowMs - 65 * MINUTE,
      doneAtMs: backend.nowMs,
      left: 0,
      counts: {
        users: 1,
        authorities: 1,
        'users/devices': 1,
        'users/addresses': 1,
        'users/private': 2,
        carts: 1,
        'orders/{orderId}': 2,
        'quotes/{id}': 2,
        'ledgerAccounts/{id}': 1,
        'audit/{id}': 1,
      },
    });
    assert.equal((await paths.erasure(backend.db, 'carla').get()).exists, false);
    assert.equal((await paths.ledgerAccount(backend.db, toAccountId('carla')).get()).exists, false);
    assert.ok(!JSON.stringify(await backend.dump()).includes('"carla"'));
  });

  it("leaves nothing of a phone's writes with a token that outlived its account", async () => {
    await backend.advance(3 * HOUR);
    const { reportId } = await erase();
    await backend.advance(MINUTE);
    await backend.db.doc('users/carla/devices/watch').set({ token: CANARIES.device, platform: 'ios' });
    await backend.advance(HOUR);
    assert.deepEqual(heardIn(await everywhere(backend)), ['canary-device-token']);
    await backend.advance(4 * MINUTE);
    assert.deepEqual(heardIn(await everywhere(backend)), []);
    const report = (await paths.privacyReport(backend.db, reportId).get()).data();
    assert.equal(report?.counts['users/devices'], 2);
  });

  it('is refused while there is credit that the zone pays out, and accepted once an operator has taken it back', async () => {
    await backend.db.doc('zones/centre').update({ onLeaving: 'payOut' });
    await backend.advance(3 * HOUR);
    await assert.rejects(erase(), { reason: 'CREDIT_OWED', details: { currency: 'EUR', creditMinor: 700 } });
    await backend.ask('grantCredit', 'olga', {
      uid: 'carla',
      currency: 'EUR',
      amountMinor: -700,
      reason: 'paid out',
      idempotencyKey: 'grant-key-2',
    });
    await erase();
  });

  it('leaves no liability where a card refuses a refund after the erasure', async () => {
    await backend.ask('refundOrder', 'olga', {
      orderId: 'order-1',
      idempotencyKey: 'refund-key-1',
      what: { type: 'amount', amountMinor: 500 },
      liable: 'platform',
      reason: 'cold',
      to: 'card',
    });
    await backend.advance(3 * HOUR);
    await erase();
    await backend.advance(65 * MINUTE);
    backend.fake.refundFails('re_refund-key-1_pi_order-1');
    await backend.deliverWebhooks();
    const journals = (await paths.ledger(backend.db).get()).docs.flatMap((one) => one.data().entries);
    const own = journals.filter(({ account }) => account === ACCOUNTS.credit('carla')).map((one) => one.amountMinor);
    assert.deepEqual(
      own.toSorted((a, b) => a - b),
      [-700, -500, 500, 700],
    );
    assert.equal((await paths.standing(backend.db, toPseudonym('carla')).get()).exists, false);
  });

  it('needs a recent sign-in', async () => {
    await backend.advance(3 * HOUR);
    await assert.rejects(backend.call('deleteMyAccount', 'carla', {}), { reason: 'SIGN_IN_AGAIN' });
    await erase();
  });

  it('returns the same report when called twice, and keeps the person signed out in between', async () => {
    await backend.advance(3 * HOUR);
    const first = await erase();
    assert.equal((await backend.identity.accountOf('carla'))?.disabled, true);
    await assert.rejects(erase(), { reason: 'SESSION_REVOKED' });
    await assert.rejects(backend.ask('unblockUser', 'olga', { uid: 'carla', reason: 'please' }), {
      reason: 'USER_NOT_FOUND',
    });
    await backend.advance(65 * MINUTE);
    assert.ok((await paths.privacyReport(backend.db, first.reportId).get()).exists);
  });

  it('is completed by the nightly run where its task was lost', async () => {
    await backend.advance(3 * HOUR);
    backend.tasks.copies = () => 0;
    await erase();
    await backend.advance(MINUTE);
    assert.ok(heardIn(await everywhere(backend)).length > 0);
    await runNightlyJobs(backend.ctx);
    assert.deepEqual(heardIn(await everywhere(backend)), []);
  });

  it('keeps all data of other people', async () => {
    await backend.advance(3 * HOUR);
    const others = async () =>
      Object.entries(await backend.dump()).filter(([path]) => /omar|mario|nina|olga|^restaurants|^zones/.test(path));
    const before = await others();
    await erase();
    await backend.advance(MINUTE);
    assert.deepEqual(await others(), before);
  });
});

describe('deleting the account of a courier', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aPast()));
  afterEach(() => backend.close());

  const erase = () => {
    backend.signIn('omar');
    return backend.call('deleteMyAccount', 'omar', {});
  };

  it('is refused while earnings are owed, and accepted once they are paid', async () => {
    await backend.advance(24 * HOUR);
    const withoutCount = async () =>
      Object.entries(await backend.dump()).filter(([path]) => !path.startsWith('limits/deletion-'));
    const before = await withoutCount();
    await assert.rejects(erase(), { reason: 'PAY_OWED', details: { currency: 'EUR', owedMinor: 650 } });
    assert.deepEqual(await withoutCount(), before);
    await settle(backend, ACCOUNTS.courier('omar'), 650);
    await erase();
  });

  it('is refused while a payout is under way, and accepted once it has arrived', async () => {
    await connect(backend);
    await backend.advance(7 * 24 * HOUR);
    await payCouriers(backend.ctx);
    const [payout] = await listPayouts(backend);
    await assert.rejects(erase(), { reason: 'PAYOUT_UNDER_WAY', details: { currency: 'EUR', amountMinor: 650 } });
    backend.fake.settleBankPayout(payout?.id ?? '', 'paid');
    await backend.deliverWebhooks();
    await erase();
    await backend.advance(65 * MINUTE);
    assert.equal((await backend.db.doc('courierAccounts/omar').get()).exists, false);
    assert.deepEqual(
      (await listPayouts(backend)).map(({ courierId }) => courierId),
      [toPseudonym('omar')],
    );
    // The bank returns it: owed to the same account, and no person is notified.
    backend.fake.settleBankPayout(payout?.id ?? '', 'failed');
    await backend.deliverWebhooks();
    assert.equal((await listPayouts(backend))[0]?.status, 'failed');
    assert.equal((await backend.db.collection('users/omar/inbox').get()).size, 0);
  });

  it('is refused while a pay waits for an operator, and accepted once it is decided', async () => {
    await backend.advance(24 * HOUR);
    await settle(backend, ACCOUNTS.courier('omar'), 650);
    await settle(backend, ACCOUNTS.held('omar'), -400);
    await assert.rejects(erase(), { reason: 'PAY_OWED', details: { currency: 'EUR', owedMinor: 400 } });
    await settle(backend, ACCOUNTS.held('omar'), 400);
    await erase();
  });

  it('completes although the account is credited after the erasure', async () => {
    await backend.advance(24 * HOUR);
    await settle(backend, ACCOUNTS.courier('omar'), 650);
    const { reportId } = await erase();
    await backend.advance(MINUTE);
    await settle(backend, ACCOUNTS.courier('omar'), -300);
    await backend.advance(64 * MINUTE);
    assert.ok((await paths.privacyReport(backend.db, reportId).get()).exists);
  });

  it('waits for the cash to be paid in', async () => {
    await backend.db.doc('couriers/omar').update({ cashMinor: 100 });
    await assert.rejects(erase(), { reason: 'CASH_CARRIED', details: { cashMinor: 100 } });
    await backend.db.doc('couriers/omar').update({ cashMinor: 0 });
    await settle(backend, ACCOUNTS.courier('omar'), 650);
    await erase();
  });

  it('changes no journal and no daily ledger, and keeps the orders under a pseudonym', async () => {
    await backend.advance(24 * HOUR);
    await rollUpDays(backend.ctx);
    await settle(backend, ACCOUNTS.courier('omar'), 650);
    const before = await ledger(backend);
    assert.ok(Object.keys(before).some((path) => path.startsWith(`ledgerAccounts/${toAccountId('omar')}/days/`)));
    const { reportId } = await erase();
    await backend.advance(65 * MINUTE);
    assert.deepEqual(await ledger(backend), before);
    const { courierId, courierName, customerId } = await backend.order('order-1');
    assert.deepEqual([courierId, courierName, customerId], [reportId, '-', 'carla']);
    // The matchings of the last fortnight expire by their TTL.
    const documents = Object.entries(await backend.dump()).filter(([path]) => !path.includes('/matches/'));
    const left = documents.filter((entry) => /"omar"|couriers\/omar/.test(JSON.stringify(entry)));
    assert.deepEqual(left, []);
  });
});

describe('deleting the account of an owner', () => {
  it('is refused to the last owner of a restaurant who is not blocked', async () => {
    const backend = await aCity();
    try {
      const erase = () => backend.call('deleteMyAccount', 'mario', {});
      const refusal = { reason: 'LAST_OWNER', details: { restaurantId: 'rosa' } };
      await assert.rejects(erase(), refusal);
      const lena = { role: 'owner', displayName: 'Lena', addedAtMs: 1 };
      await backend.db.doc('restaurants/rosa/members/lena').set({ ...lena, blocked: true });
      await assert.rejects(erase(), refusal);
      await backend.db.doc('restaurants/rosa/members/lena').set(lena);
      await erase();
      await backend.advance(MINUTE);
      assert.equal((await backend.db.doc('restaurants/rosa/members/mario').get()).exists, false);
    } finally {
      await backend.close();
    }
  });

  /** Mario and Rita own the restaurant. */
  async function withTwoOwners(run: (backend: Backend, erase: (uid: string) => Promise<unknown>) => Promise<void>) {
    const backend = await aCity();
    try {
      backend.identity.add('rita', { role: 'customer', merchant: { rosa: 'owner' } }, 'Rita');
      backend.signIn('rita');
      const rita = { role: 'owner', displayName: 'Rita', addedAtMs: 1 };
      await backend.db.doc('restaurants/rosa/members/rita').set(rita);
      await run(backend, (uid) => backend.call('deleteMyAccount', uid, {}));
    } finally {
      await backend.close();
    }
  }

  it('is refused while the only other owner is leaving, whose erasure ends', () =>
    withTwoOwners(async (backend, erase) => {
      await erase('mario');
      await assert.rejects(erase('rita'), { reason: 'LAST_OWNER' });
      await backend.advance(2 * HOUR);
      const { docs } = await backend.db.collection('restaurants/rosa/members').get();
      assert.deepEqual([docs.map(({ id }) => id), (await backend.db.collection('erasures').get()).size], [['rita'], 0]);
      assert.equal((await backend.identity.accountOf('rita'))?.disabled, false);
    }));

  it('is refused to one of two owners who leave at the same time', () =>
    withTwoOwners(async (_, erase) => {
      const ends = await Promise.allSettled([erase('mario'), erase('rita')]);
      assert.deepEqual(ends.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    }));
});

describe('exporting the data of a person', () => {
  let backend: Backend;
  before(async () => void (backend = await aPast()));
  after(() => backend.close());

  it('contains thirteen of thirteen canaries, and no texts of other people', async () => {
    const { path, expiresAtMs, documents } = await backend.call('exportMyData', 'carla', {});
    assert.equal(path, `exports/carla/${backend.nowMs}.json`);
    assert.equal(expiresAtMs, backend.nowMs + 7 * 24 * HOUR);
    const file = String(backend.files.contents.get(path));
    assert.equal(heardIn(file).length, 13);
    assert.equal(documents, 13);
    assert.ok(!file.includes('device-nina'));
  });

  it("contains the person's own postings of each journal, and no other's", async () => {
    const { path } = await backend.call('exportMyData', 'omar', {});
    const file: { documents: Record<string, { entries?: unknown }> } = JSON.parse(
      String(backend.files.contents.get(path)),
    );
    const journals = Object.entries(file.documents).filter(([name]) => name.startsWith('ledger/'));
    assert.deepEqual(
      journals.map(([, { entries }]) => entries),
      [[{ account: ACCOUNTS.courier('omar'), amountMinor: -650 }]],
    );
  });

  it('contains no data of customers for a courier', async () => {
    const { path } = await backend.call('exportMyData', 'omar', {});
    assert.deepEqual(heardIn(String(backend.files.contents.get(path))), []);
  });

  it('is deleted after a week by the nightly run', async () => {
    const { path } = await backend.call('exportMyData', 'nina', {});
    backend.nowMs += EXPORT_LIVES_MS - 1;
    await runNightlyJobs(backend.ctx);
    assert.ok(await backend.files.exists(path));
    backend.nowMs += 1;
    await runNightlyJobs(backend.ctx);
    assert.ok(!(await backend.files.exists(path)));
  });
});

describe('exporting documents that concern other people too', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const exported = async (uid: string): Promise<Record<string, Record<string, unknown>>> => {
    await backend.call('createProfile', uid, { displayName: uid, locale: 'de' });
    const { path } = await backend.call('exportMyData', uid, {});
    return JSON.parse(String(backend.files.contents.get(path))).documents;
  };

  it("contains a courier's open order without its customer's door", async () => {
    const { orderId } = await new Journey(backend).reach('picked_up');
    const documents = await exported('omar');
    const active: unknown = documents['couriers/omar']?.['active'];
    assert.match(JSON.stringify(active), new RegExp(`"${orderId}":\\{"code":`));
    assert.ok(JSON.stringify((await backend.db.doc('couriers/omar').get()).data()).includes('Door Street'));
    assert.ok(!JSON.stringify(documents).includes('Door Street'));
  });

  for (const quotes of [50, 51, 120])
    it(`contains ${quotes} of ${quotes} quotes, without the rules that priced them`, async () => {
      const batch = backend.db.batch();
      for (let number = 0; number < quotes; number += 1)
        batch.set(paths.quote(backend.db, `quote-${number}`), aQuote({ customerId: 'carla' }));
      await batch.commit();
      const documents = Object.entries(await exported('carla')).filter(([path]) => path.startsWith('quotes/'));
      assert.equal(documents.length, quotes);
      assert.ok(documents.every(([, quote]) => quote['pricing'] !== undefined && quote['rules'] === undefined));
    });

  it('contains no review for a courier, which only operators read', async () => {
    const { orderId } = await new Journey(backend).reach('delivered');
    await backend.call('reviewOrder', 'carla', {
      orderId,
      restaurant: { stars: 5 },
      courier: { stars: 1, text: 'He was rude' },
    });
    assert.ok((await backend.db.doc(`couriers/omar/reviews/${orderId}`).get()).exists);
    assert.ok(!JSON.stringify(await exported('omar')).includes('rude'));
  });

  it("contains the price of an order for a customer, not the restaurant's fees and pay", async () => {
    const { orderId } = await new Journey(backend).reach('completed');
    const documents = await exported('carla');
    const quote = documents[`quotes/${orderId}`];
    assert.match(JSON.stringify(quote?.['pricing']), /"totalMinor":\d/);
    assert.ok((await backend.db.doc(`quotes/${orderId}`).get()).get('commissionPpm') > 0);
    assert.ok(
      !/"(commissionPpm|merchant\w+|split|money)":/.test(JSON.stringify([quote, documents[`orders/${orderId}`]])),
    );
  });
});

describe("the customer's name in an order", () => {
  it('is present until the order is final, and removed with the step that ends it', async () => {
    const backend = await aCity();
    try {
      const journey = await new Journey(backend).place();
      await deliver(journey);
      assert.equal((await backend.order(journey.orderId)).customerName, 'Carla');
      await backend.advance(3 * HOUR);
      const { status, customerName } = await backend.order(journey.orderId);
      assert.deepEqual([status, customerName], ['completed', '-']);
    } finally {
      await backend.close();
    }
  });
});
