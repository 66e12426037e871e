import { strict as assert } from 'node:assert';
import { onMessage } from '#functions/chat/on-message.js';
import type { ChatMessage } from '#functions/contract/chat.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { toPseudonym } from '#functions/ledger/model/account-id.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { paths } from '#functions/platform/firestore.js';
import { toDocumentTaskId } from '#functions/platform/isolate.js';
import { countLeft } from '#functions/privacy/left.js';
import { resumeErasures } from '#functions/privacy/resume-erasures.js';
import { runNightlyJobs } from '#functions/app/tidy-up.js';
import { doorPhoto } from '#simulator/people/photos.js';
import type { Backend } from '#fixtures/backend.js';
import { aRestaurant, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { aFix, anOrder } from '#fixtures/orders.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An order that contains data of every role, and other people's documents that name them. */
async function aCrowdedCity(): Promise<Backend> {
  const backend = await aCity({ restaurant: { slotCapacity: 5 }, couriers: 1 });
  for (const uid of ['carla', 'nina'])
    await backend.call('createProfile', uid, { displayName: uid, locale: 'de', deviceId: 'the-phone-of-both' });
  await backend.call('createProfile', 'omar', { displayName: 'Omar', locale: 'de' });
  await backend.db.doc('restaurants/rosa/members/lena').set({ role: 'owner', displayName: 'Lena', addedAtMs: 1 });
  const journey = await new Journey(backend).place();
  await orderOf(backend, journey);
  await backend.advance(10 * MINUTE);
  await afterwards(backend, journey.orderId);
  await besides(backend);
  await backend.advance(DAY);
  await payOff(backend);
  await rollUpDays(backend.ctx);
  return backend;
}

/** There are no payouts to couriers yet. The credit is gone as well, so that an erasure writes no journal. */
async function payOff(backend: Backend): Promise<void> {
  const journals = (await paths.ledger(backend.db).get()).docs.flatMap((one) => one.data().entries);
  const account = ACCOUNTS.courier('omar');
  const owedMinor = journals.filter((one) => one.account === account).reduce((sum, one) => sum + one.amountMinor, 0);
  const entries = [
    { account, amountMinor: -owedMinor },
    { account: ACCOUNTS.bank, amountMinor: owedMinor },
  ];
  await paths
    .journal(backend.db, 'settled-pay')
    .set({ orderId: null, kind: 'correction', currency: 'EUR', atMs: backend.nowMs, entries });
  await backend.ask('grantCredit', 'olga', {
    uid: 'carla',
    currency: 'EUR',
    amountMinor: -700,
    reason: 'late',
    idempotencyKey: 'grant-key-2',
  });
}

/** Given back once, with commands of three phones and messages of all parties. */
async function orderOf(backend: Backend, journey: Journey): Promise<void> {
  const { orderId } = journey;
  const command = (uid: string, n: number, role: 'courier' | 'merchant', action: object) =>
    backend.command(orderId, `${uid}-command-${n}`, { uid, role, request: { type: 'move', move: action } } as never);
  await command('mario', 1, 'merchant', { action: 'accept', prepMinutes: 10 });
  await journey.answer(await journey.offered(), 'accept', 'accept-key-9');
  await command('omar', 1, 'courier', { action: 'unassign', reason: 'flat tyre' });
  await backend.db.doc('couriers/omar').update({ online: true });
  await backend.db.doc(`orders/${orderId}`).update({ courierId: 'omar', courierName: 'omar' });
  await backend.db.doc('couriers/omar').update({ load: 1 });
  await journey.move('mario', { action: 'markReady' });
  await journey.pickUp();
  await say(backend, orderId, { text: 'Second floor' });
  await say(backend, orderId, { uid: 'omar', role: 'courier', text: 'I am here, carla' });
  await say(backend, orderId, {
    uid: 'mario',
    role: 'merchant',
    restaurantId: 'rosa',
    courierId: null,
    text: 'Onions?',
  });
  const path = `proofs/${orderId}/omar/door.jpg`;
  backend.files.upload(path, doorPhoto('the door'));
  await journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof: { type: 'photo', path } });
  await backend.deliverWebhooks();
}

async function say(backend: Backend, orderId: string, message: Partial<ChatMessage>): Promise<void> {
  const uid = message.uid ?? 'carla';
  await backend.db.doc(`orders/${orderId}/messages/${uid}-1`).set({
    uid,
    role: 'customer',
    n: 1,
    customerId: 'carla',
    restaurantId: null,
    courierId: 'omar',
    text: '',
    createdAt: new Date(backend.nowMs),
    authTime: backend.authTime(uid),
    state: 'new',
    ...message,
  });
  await onMessage(backend.ctx, orderId, `${uid}-1`);
}

async function afterwards(backend: Backend, orderId: string): Promise<void> {
  const photoPath = `claims/${orderId}/carla/photo.jpg`;
  backend.files.upload(photoPath, doorPhoto('the pizza'));
  await backend.ask('openClaim', 'carla', {
    orderId,
    idempotencyKey: 'claim-key-1',
    kind: 'damaged',
    lines: [{ line: 0, quantity: 1 }],
    text: 'Cold',
    photoPath,
  });
  const stars = { stars: 4 as const, text: 'Good' };
  await backend.ask('reviewOrder', 'carla', { orderId, restaurant: stars, courier: stars });
  await backend.ask('addTip', 'carla', {
    orderId,
    idempotencyKey: 'tip-key-1',
    amountMinor: 300,
    paymentMethodId: 'pm_card_visa',
  });
  await backend.ask('shareTracking', 'carla', { orderId, answer: 'share' }).catch(() => undefined);
  const told = (messageId: string) => ({ content: { type: 'message', orderId, messageId }, reason: 'insult' }) as const;
  await backend.ask('reportContent', 'carla', told('omar-1'));
  await backend.ask('reportContent', 'omar', told('carla-1'));
  await backend.ask('decideReport', 'olga', {
    reportId: `message-${orderId}-carla-1`,
    verdict: 'keep',
    reason: 'carla is right',
  });
  backend.fake.dispute('dp_1', orderId, {});
  await backend.deliverWebhooks();
}

/** Invitations, audits, blocks, tasks about documents that cannot be read, applications. */
async function besides(backend: Backend): Promise<void> {
  const { db, nowMs } = backend;
  const by = { by: 'olga', atMs: nowMs, reason: 'seen' };
  for (const uid of ['carla', 'omar']) {
    await backend.ask('blockUser', 'olga', { uid, reason: `${uid} is too loud` });
    await backend.ask('unblockUser', 'olga', { uid, reason: 'quiet again' });
    const task = {
      kind: 'document_failed',
      orderId: null,
      path: `users/${uid}/private/standing`,
      detail: `read users/${uid}/private/standing: bad`,
      createdAtMs: nowMs,
      open: true,
    };
    await db.doc(`operatorTasks/document-${uid.length}`).set(task);
  }
  await backend.ask('grantCredit', 'olga', {
    uid: 'carla',
    currency: 'EUR',
    amountMinor: 700,
    reason: 'late',
    idempotencyKey: 'grant-key-1',
  });
  const invitation = {
    role: 'kitchen',
    invitedBy: 'mario',
    expiresAtMs: nowMs + 9 * DAY,
    expireAt: new Date(nowMs + 9 * DAY),
  };
  await db
    .doc('restaurants/rosa/invitations/one')
    .set({ ...invitation, to: { type: 'email', email: 'carla@demo.test' } });
  await db.doc('restaurants/rosa/invitations/two').set({ ...invitation, to: { type: 'user', uid: 'omar' } });
  await db.doc('restaurants/rosa/invitations/three').set({ ...invitation, to: { type: 'user', uid: 'nina' } });
  const venture = {
    name: 'Rosa',
    legalName: 'Rosa GmbH',
    country: 'AT',
    cuisines: [],
    zoneId: 'centre',
    timeZone: 'Europe/Vienna',
    location: { lat: 1, lng: 1 },
    addressLine: 'Here',
  };
  for (const [id, ownerId, status] of [
    ['rosa', 'mario', 'approved'],
    ['cellar', 'carla', 'draft'],
  ] as const) {
    const path = `merchant-documents/${id}/${ownerId}/identity.pdf`;
    backend.files.upload(path, Buffer.from('%PDF-1.4'));
    await db.doc(`merchantApplications/${id}`).set({
      ownerId,
      ownerName: ownerId,
      venture,
      documents: [{ kind: 'identity', path }],
      status,
      createdAtMs: nowMs,
      review: status === 'approved' ? by : null,
    });
  }
  await db.doc(`heldPays/order-9-courier`).set({
    orderId: 'order-9',
    payee: 'courier',
    courierId: 'omar',
    restaurantId: 'rosa',
    currency: 'EUR',
    amountMinor: 1,
    doubts: ['speed'],
    atMs: nowMs,
    decision: { ...by, verdict: 'refuse' },
  });
}

/** Documents and files that hold a person's uid, wherever it stands. */
async function namedIn(backend: Backend, uid: string): Promise<string[]> {
  const pattern = new RegExp(`(?<![A-Za-z0-9])${uid}(?![A-Za-z0-9])`);
  const documents = Object.entries(await backend.dump()).filter((entry) => pattern.test(JSON.stringify(entry)));
  const files = [...backend.files.paths].filter((path) => pattern.test(path));
  return [...documents.map(([path, data]) => `${path} ${JSON.stringify(data)}`), ...files];
}

describe('an erasure', () => {
  let city: Backend;
  let backend: Backend;
  before(async () => void (city = await aCrowdedCity()));
  beforeEach(async () => void (backend = await city.copy()));
  afterEach(() => backend.close());
  after(() => city.close());

  const erase = async (uid: string) => {
    backend.signIn(uid);
    const { reportId } = await backend.call('deleteMyAccount', uid, {});
    await backend.advance(65 * MINUTE);
    return (await paths.privacyReport(backend.db, reportId).get()).data();
  };

  for (const [role, uid, least] of [
    ['customer', 'carla', 20],
    ['courier', 'omar', 15],
    ['owner', 'mario', 8],
    ['operator', 'olga', 5],
  ] as const) {
    it(`leaves nothing of a ${role} in any document, path or file, and changes no journal`, async () => {
      assert.ok((await namedIn(backend, uid)).length >= least, 'there is something to erase');
      const ledger = async () => Object.entries(await backend.dump()).filter(([path]) => path.startsWith('ledger/'));
      const before = await ledger();
      const report = await erase(uid);
      assert.deepEqual(await namedIn(backend, uid), []);
      assert.deepEqual(await ledger(), before);
      assert.equal(report?.left, 0);
    });
  }

  it('keeps texts of other people, and the evidence of a delivery and of a business, under the pseudonym', async () => {
    for (const uid of ['carla', 'omar', 'mario']) await erase(uid);
    const [carla, omar, mario] = ['carla', 'omar', 'mario'].map(toPseudonym);
    const { customerId, courierId, pastCourierIds } = await backend.order('order-1');
    assert.deepEqual([customerId, courierId, pastCourierIds], [carla, omar, [omar]]);
    assert.ok(backend.files.paths.has(`proofs/order-1/${omar}/door.jpg`));
    assert.ok(backend.files.paths.has(`merchant-documents/rosa/${mario}/identity.pdf`));
    assert.ok(!backend.files.paths.has(`merchant-documents/cellar/${carla}/identity.pdf`));
    const review = await backend.db.doc('restaurants/rosa/reviews/order-1').get();
    assert.deepEqual([review.get('authorName'), review.get('text')], ['-', 'Good']);
  });

  it('is not reported while a document that cannot be changed names the person, and is reported by the night after its repair', async () => {
    const task = backend.db.doc('operatorTasks/document-5');
    await task.update({ path: 'users/carla/private/standing', kind: 7 });
    await backend.db.doc('blockedDevices/odd').set({ by: 'olga', uid: 'carla', atMs: 'never' });
    await backend.db.doc('audit/odd').set({
      by: 'olga',
      action: 'blockUser',
      subject: 'users/carla',
      reason: 'x'.repeat(2_000) + ' carla',
      before: null,
      after: null,
      atMs: 1,
    });
    assert.equal(await erase('carla'), undefined);
    await backend.db.doc('audit/odd').update({ reason: 'carla' });
    await runNightlyJobs(backend.ctx);
    assert.deepEqual(await namedIn(backend, 'carla'), []);
    assert.equal((await paths.privacyReport(backend.db, toPseudonym('carla')).get()).data()?.left, 0);
  });
});

describe('an erasure of a person who named devices like the records of others', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  const erase = async (uid: string) => {
    backend.signIn(uid);
    const { reportId } = await backend.call('deleteMyAccount', uid, {});
    await backend.advance(65 * MINUTE);
    return (await paths.privacyReport(backend.db, reportId).get()).data();
  };
  /** As the rules let every user: any id, any text. */
  const nameDevice = async (uid: string, deviceId: string, token: string) => {
    await backend.call('createProfile', uid, { displayName: uid, locale: 'de' });
    await backend.db.doc(`users/${uid}/devices/${deviceId}`).set({ token, platform: 'ios' });
  };
  const ids = async (collection: string) => (await backend.db.collection(collection).get()).docs.map(({ id }) => id);
  const withLongIds = () => {
    let drawn = 0;
    backend.ctx = { ...backend.ctx, newId: () => `orderOfTwentyChars${(drawn += 1)}` };
  };

  it('keeps the restaurant in the order, which is paid out', async () => {
    backend = await aCity({ couriers: 0 });
    for (const path of ['', '/menus/published', '/private/terms', '/members/mario']) {
      const data = (await backend.db.doc(`restaurants/rosa${path}`).get()).data();
      await backend.db.doc(`restaurants/trattoria-aurora${path}`).set({ ...data });
    }
    backend.identity.add('mario', { role: 'customer', merchant: { rosa: 'owner', 'trattoria-aurora': 'owner' } });
    const journey = await new Journey(backend).place({ cart: { restaurantId: 'trattoria-aurora' } });
    await journey.move('mario', { action: 'accept' });
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(21 * MINUTE);
    await nameDevice('carla', 'trattoria-aurora', 'Margherita');
    assert.equal((await erase('carla'))?.left, 0);
    const { restaurantId, customerId, lines } = await backend.order(journey.orderId);
    assert.deepEqual(
      [restaurantId, customerId, lines[0]?.name],
      ['trattoria-aurora', toPseudonym('carla'), 'Margherita'],
    );
    await backend.ask('decideHeldPay', 'olga', {
      orderId: journey.orderId,
      payee: 'kitchen',
      verdict: 'release',
      reason: 'asked the kitchen',
    });
    await backend.advance(3 * HOUR);
    assert.ok([...backend.fake.moved].some((one) => JSON.stringify(one).includes('transfer')));
  });

  it('keeps the texts of the audit, but not the uid', async () => {
    backend = await aCity({ couriers: 1 });
    const { orderId } = await new Journey(backend).reach('completed');
    const reason = 'suspected fraudster: carla threatened the courier';
    await backend.call('refundOrder', 'olga', {
      orderId,
      idempotencyKey: 'refund-key-1',
      what: { type: 'amount', amountMinor: 500 },
      liable: 'platform',
      reason,
      to: 'card',
    });
    await nameDevice('carla', 'suspected', 'fraudster:');
    await backend.db.doc('users/carla/devices/threatened').set({ token: reason, platform: 'ios' });
    assert.equal((await erase('carla'))?.left, 0);
    const { docs } = await backend.db.collection('audit').get();
    assert.deepEqual(
      docs.map((entry) => entry.get('reason')),
      [`suspected fraudster: ${toPseudonym('carla')} threatened the courier`],
    );
  });

  it('does not change orders, so that a later dispute finds its evidence', async () => {
    backend = await aCity({ couriers: 1 });
    withLongIds();
    const journey = await new Journey(backend).reach('completed');
    const { orderId } = journey;
    await nameDevice('carla', orderId, 'device-carla');
    assert.equal((await erase('carla'))?.left, 0);
    assert.deepEqual([await ids('orders'), await ids('quotes')], [[orderId], [orderId]]);
    backend.fake.dispute('dp_1', orderId, {});
    await backend.deliverWebhooks();
    await backend.call('submitDisputeEvidence', 'olga', { disputeId: 'dp_1' });
  });

  it('keeps the present parties of an order that a courier gave back', async () => {
    backend = await aCity({ couriers: 1 });
    withLongIds();
    const journey = await new Journey(backend).reach('accepted');
    const { orderId } = journey;
    const uid = await journey.offered();
    await journey.answer(uid, 'accept');
    await journey.move(uid, { action: 'unassign', reason: 'flat tyre' });
    await nameDevice(uid, orderId, 'device-omar');
    backend.signIn(uid);
    await backend.call('deleteMyAccount', uid, {});
    await backend.advance(MINUTE);
    await journey.move('mario', { action: 'markReady' });
    const { status, pastCourierIds } = await backend.order(orderId);
    assert.deepEqual([status, pastCourierIds, await ids('orders')], ['ready', [toPseudonym(uid)], [orderId]]);
  });
});

describe('an erasure of an applicant', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const ref = () => paths.merchantApplication(backend.db, 'trattoria');
  const apply = async (ownerId: string, status: 'draft' | 'submitted' | 'rejected' | 'approved') => {
    const venture = {
      name: 'Trattoria',
      legalName: 'Nina Kowalski',
      country: 'AT',
      cuisines: [],
      zoneId: 'centre',
      timeZone: 'Europe/Vienna',
      location: { lat: 1, lng: 1 },
      addressLine: '1 Home Street',
    };
    const reviewed = { version: 1, createdAtMs: backend.nowMs, review: null };
    await ref().set({ ownerId, ownerName: 'Nina Kowalski', venture, documents: [], status, ...reviewed });
  };
  const erase = async () => {
    await backend.call('createProfile', 'nina', { displayName: 'Nina Kowalski', locale: 'en' });
    backend.signIn('nina');
    const { reportId } = await backend.call('deleteMyAccount', 'nina', {});
    await backend.advance(65 * MINUTE);
    return (await paths.privacyReport(backend.db, reportId).get()).data();
  };

  for (const status of ['draft', 'submitted', 'rejected'] as const)
    it(`deletes the application, with its legal name and address: ${status}`, async () => {
      await apply('nina', status);
      const report = await erase();
      assert.deepEqual([report?.left, report?.counts['merchantApplications/{id}']], [0, 1]);
      assert.equal((await ref().get()).exists, false);
    });

  it('keeps an approved application, the evidence of a business, under the pseudonym', async () => {
    await apply('nina', 'approved');
    assert.equal((await erase())?.left, 0);
    const { ownerId, ownerName, venture } = (await ref().get()).data() ?? {};
    assert.deepEqual([ownerId, ownerName, venture?.legalName], [toPseudonym('nina'), '-', 'Nina Kowalski']);
  });

  it('is not reported while an application that was not approved is left under the pseudonym', async () => {
    const person = { uid: 'zoe', namelessId: toPseudonym('zoe'), digests: new Set<string>() };
    await apply(person.namelessId, 'approved');
    assert.equal(await countLeft(backend.ctx, person), 0);
    await apply(person.namelessId, 'rejected');
    assert.equal(await countLeft(backend.ctx, person), 1);
  });
});

/** A uid in the form of those that Firebase draws. */
const DRAWN = 'Qx7bT2eZvKYlo2CSbT2eZvKYlo2C';
const aVenture = {
  name: 'Forno',
  legalName: 'Forno GmbH',
  country: 'AT',
  cuisines: [],
  zoneId: 'centre',
  timeZone: 'Europe/Vienna',
  location: { lat: 48.2, lng: 16.37 },
  addressLine: 'Lane 1',
};

describe('an erasure of a person whose uid is the id of an application or a restaurant', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const join = async (role: 'customer' | 'operator') => {
    backend.identity.add(DRAWN, { role }, 'Vera');
    await backend.call('createProfile', DRAWN, { displayName: 'Vera', locale: 'en' });
  };
  /** As they were stored when an app could choose such an id. */
  const apply = async (applicationId: string, ownerId: string, status: 'draft' | 'rejected' | 'approved') => {
    const documents = [
      { kind: 'identity' as const, path: `merchant-documents/${applicationId}/${ownerId}/identity.pdf` },
    ];
    const reviewed = { version: 1, createdAtMs: backend.nowMs, review: null };
    const application = { ownerId, ownerName: 'N', venture: aVenture, documents, status, ...reviewed };
    await paths.merchantApplication(backend.db, applicationId).set(application);
    documents.forEach(({ path }) => backend.files.upload(path, Buffer.from('%PDF-1.7')));
  };
  const erase = async () => {
    backend.signIn(DRAWN);
    const { reportId } = await backend.call('deleteMyAccount', DRAWN, {});
    await backend.advance(65 * MINUTE);
    return (await paths.privacyReport(backend.db, reportId).get()).data()?.left;
  };
  const idsOf = async (collection: string) => (await backend.db.collection(collection).get()).docs.map(({ id }) => id);

  for (const applicationId of [DRAWN, 'forno-lento'])
    it(`deletes a draft with the id ${applicationId}, and its files`, async () => {
      await join('customer');
      await apply(applicationId, DRAWN, 'draft');
      assert.equal(await erase(), 0);
      assert.deepEqual(await idsOf('merchantApplications'), []);
      assert.deepEqual(await backend.files.list('merchant-documents/', 10), []);
    });

  it('keeps an approved one under the pseudonym as its id, with its files, and the restaurant', async () => {
    await join('customer');
    await apply(DRAWN, DRAWN, 'approved');
    await backend.db.doc(`restaurants/${DRAWN}`).set(aRestaurant());
    assert.equal(await erase(), 0);
    const id = toPseudonym(DRAWN);
    const application = (await paths.merchantApplication(backend.db, id).get()).data();
    const path = `merchant-documents/${id}/${id}/identity.pdf`;
    assert.deepEqual([await idsOf('merchantApplications'), application?.ownerId], [[id], id]);
    assert.deepEqual(application?.documents, [{ kind: 'identity', path }]);
    assert.ok(await backend.files.read(path, 100));
    assert.ok((await idsOf('restaurants')).includes(DRAWN));
  });

  for (const applicationId of [DRAWN, 'forno-lento'])
    it(`ends for an operator who decided on an application with the id ${applicationId}`, async () => {
      await join('operator');
      await apply(applicationId, 'nina', 'rejected');
      const by = DRAWN;
      const review = { by, atMs: backend.nowMs, reason: 'no papers' };
      await paths.merchantApplication(backend.db, applicationId).update({ review });
      const subject = `merchantApplications/${applicationId}`;
      const entry = { by, action: 'reviewApplication', subject, reason: 'no', before: null, after: null };
      await backend.db.doc('audit/entry-1').set({ ...entry, atMs: backend.nowMs });
      assert.equal(await erase(), 0);
      const id = applicationId === DRAWN ? toPseudonym(DRAWN) : applicationId;
      const application = (await paths.merchantApplication(backend.db, id).get()).data();
      assert.deepEqual([application?.ownerId, application?.review?.by], ['nina', toPseudonym(DRAWN)]);
      assert.ok(await backend.files.read(application?.documents[0]?.path ?? '', 100));
    });

  for (const restaurantId of [DRAWN, 'forno-lento'])
    it(`deletes the invitation to the restaurant ${restaurantId}`, async () => {
      await join('customer');
      await backend.db.doc(`restaurants/${restaurantId}`).set(aRestaurant());
      await paths.invitation(backend.db, restaurantId, 'invitation-1').set({
        to: { type: 'user', uid: DRAWN },
        role: 'kitchen',
        invitedBy: 'lena',
        expiresAtMs: backend.nowMs + DAY,
        expireAt: backend.nowMs + DAY,
      });
      assert.equal(await erase(), 0);
      assert.equal((await paths.invitation(backend.db, restaurantId, 'invitation-1').get()).exists, false);
    });

  it('keeps the restaurant of an order', async () => {
    await join('customer');
    await backend.db.doc(`restaurants/${DRAWN}`).set(aRestaurant());
    await paths.order(backend.db, 'past').set(anOrder({ customerId: DRAWN, restaurantId: DRAWN, status: 'completed' }));
    assert.equal(await erase(), 0);
    const { customerId, restaurantId } = await backend.order('past');
    assert.deepEqual([customerId, restaurantId], [toPseudonym(DRAWN), DRAWN]);
  });
});

describe('erasures that fail every night', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  /** Accounts that have open orders, and are being erased nevertheless. */
  const begin = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const uid = `leaving-${n}`;
      backend.identity.add(uid, { role: 'customer' }, uid);
      await paths.order(backend.db, `open-${n}`).set(anOrder({ customerId: uid, status: 'ready' }));
      await paths.erasure(backend.db, uid).set({ namelessId: toPseudonym(uid), askedAtMs: backend.nowMs, counts: {} });
    }
  };
  const nights = async (uid = 'leaving-0') => (await paths.erasure(backend.db, uid).get()).data()?.nights ?? 0;
  const task = () => paths.operatorTask(backend.db, toDocumentTaskId('erasures/leaving-0'));
  const run = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      await runNightlyJobs(backend.ctx);
      backend.nowMs += DAY;
    }
  };

  it('are tried on fourteen of them; then an operator task names the erasure', async () => {
    await begin(1);
    await run(13);
    assert.equal((await task().get()).data()?.detail, 'resumeErasures: ORDERS_OPEN');
    await run(3);
    assert.equal(await nights(), 14);
    const { open, detail } = (await task().get()).data() ?? {};
    assert.deepEqual(
      [open, detail?.includes('failed on 14 nights'), detail?.includes('ORDERS_OPEN')],
      [true, true, true],
    );
  });

  it('are tried again once the task is closed, and end when the cause was repaired', async () => {
    await begin(1);
    await run(14);
    await task().update({ open: false });
    await run(1);
    assert.deepEqual([await nights(), (await task().get()).data()?.open], [15, true]);
    await backend.db.doc('orders/open-0').update({ status: 'completed' });
    await run(1);
    assert.equal(await nights(), 15);
    await task().update({ open: false });
    await run(1);
    assert.equal((await paths.erasure(backend.db, 'leaving-0').get()).exists, false);
  });

  it('do not count a night without an answer of the payment provider', async () => {
    await begin(1);
    await backend.db.doc('orders/open-0').delete();
    await paths.billing(backend.db, 'leaving-0').set({ stripeCustomerId: 'cus_1' });
    backend.fake.removeCustomer = () => Promise.reject(Object.assign(new Error('aborted'), { code: 10 }));
    await run(1);
    assert.equal(await nights(), 0);
  });

  it('are started within two minutes of the night only', async () => {
    await begin(40);
    const jumping = { ...backend.ctx, now: () => (backend.nowMs += 10_000) };
    await resumeErasures(jumping);
    const tried = await Promise.all(Array.from({ length: 40 }, (_, n) => nights(`leaving-${n}`)));
    const count = tried.filter((one) => one > 0).length;
    assert.ok(count >= 25 && count < 40, `${count} of 40`);
  });
});

describe('an erasure of a person with an e-mail address', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const invitationAfter = async (emailVerified: boolean) => {
    const account = backend.identity.accounts.get('nina');
    assert.ok(account);
    Object.assign(account, { email: 'chef@example.org', emailVerified });
    await backend.call('createProfile', 'nina', { displayName: 'Nina', locale: 'en' });
    const to = { type: 'email' as const, email: 'Chef@example.org' };
    const { invitationId } = await backend.call('inviteMember', 'mario', { restaurantId: 'rosa', to, role: 'kitchen' });
    backend.signIn('nina');
    await backend.call('deleteMyAccount', 'nina', {});
    await backend.advance(MINUTE);
    return backend.db.doc(`restaurants/rosa/invitations/${invitationId}`).get();
  };

  it('deletes the invitations for an address that the person has verified, in any spelling', async () => {
    assert.equal((await invitationAfter(true)).exists, false);
  });

  it('keeps the invitations for an address that the person has not verified', async () => {
    assert.equal((await invitationAfter(false)).exists, true);
  });
});

describe('an erasure while a cancelled order waits for its settlement', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => {
    backend = await aCity();
    await backend.call('grantCredit', 'olga', {
      uid: 'carla',
      currency: 'EUR',
      amountMinor: 700,
      reason: 'gift',
      idempotencyKey: 'gift-key-1',
    });
    journey = new Journey(backend);
    await journey.place({ cart: { useCredit: true } });
    await journey.reach('accepted');
  });
  afterEach(() => backend.close());

  const erase = async (uid: string) => {
    await backend.call('createProfile', uid, { displayName: uid, locale: 'de' });
    backend.signIn(uid);
    return backend.call('deleteMyAccount', uid, {});
  };
  const balanceOf = async (account: string) => {
    const entries = (await paths.ledger(backend.db).get()).docs.flatMap((one) => one.data().entries);
    return entries.filter((one) => one.account === account).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  };

  it('is refused to its customer, whose credit returns with the settlement and is forfeited then', async () => {
    await journey.cancel('mario');
    await assert.rejects(erase('carla'), { reason: 'ORDERS_OPEN' });
    await backend.advance(11 * MINUTE);
    assert.equal(await balanceOf(ACCOUNTS.credit('carla')), -700);
    await erase('carla');
    await backend.advance(65 * MINUTE);
    assert.equal(await balanceOf(ACCOUNTS.credit('carla')), 0);
  });

  it('is refused to its courier, who is then owed the ride', async () => {
    const uid = await journey.offered();
    await journey.answer(uid, 'accept');
    await journey.arrive(uid, 'kitchen');
    await journey.move('mario', { action: 'startPreparing' });
    await journey.cancel('olga', { liable: 'platform' });
    await assert.rejects(erase(uid), { reason: 'ORDERS_OPEN' });
    await backend.advance(11 * MINUTE);
    await assert.rejects(erase(uid), { reason: 'PAY_OWED' });
  });

  it('leaves no balance under the pseudonym where the settlement comes later nevertheless', async () => {
    await journey.cancel('mario');
    await backend.db.doc(`orders/${journey.orderId}`).update({ customerId: toPseudonym('carla') });
    await backend.advance(11 * MINUTE);
    assert.equal((await backend.order(journey.orderId)).due?.kind, undefined);
    assert.equal(await balanceOf(ACCOUNTS.credit('carla')), 0);
    assert.equal((await paths.standing(backend.db, toPseudonym('carla')).get()).exists, false);
  });
});

describe('an erasure of an order that was stored in plain', () => {
  it('seals what its parties need not read, and leaves no field of the former form', async () => {
    const backend = await aCity();
    await new Journey(backend).reach('completed');
    const order = await backend.order('order-1');
    await backend.db.doc('orders/order-1').set({ ...order, flags: [{ kind: 'risk', sinceMs: 1 }], flaggedSinceMs: 1 });
    backend.nowMs += 2000;
    backend.signIn('carla');
    const { reportId } = await backend.ask('deleteMyAccount', 'carla', {});
    await backend.advance(2 * 24 * 60 * MINUTE);
    assert.equal((await paths.privacyReport(backend.db, reportId).get()).get('left'), 0);
    const stored = (await backend.db.doc('orders/order-1').get()).data() ?? {};
    assert.deepEqual(['totals' in stored, 'flags' in stored, typeof stored['sealed']], [false, false, 'string']);
    const { totals, flags } = await backend.order('order-1');
    assert.deepEqual([totals, flags], [order.totals, [{ kind: 'risk', sinceMs: 1 }]]);
    await backend.close();
  });
});
