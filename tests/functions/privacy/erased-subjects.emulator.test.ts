import { strict as assert } from 'node:assert';
import { compareClaims } from '#functions/accounts/compare-claims.js';
import { onMessage } from '#functions/chat/on-message.js';
import { toDocumentTaskId } from '#functions/platform/isolate.js';
import { PAPER } from '#simulator/people/photos.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { KITCHEN_AT, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const DAY = 24 * 60 * MINUTE;
/** An id as the identity provider gives it, which no other text contains. */
const UID = 'kJ3hT9xQ2mVb7NcW5rYpLs8DfGa1';
const KINDS = ['identity', 'tradeLicence', 'foodSafety'] as const;
const VENTURE = {
  name: 'Nina’s',
  legalName: 'Nina GmbH',
  country: 'AT',
  cuisines: ['Thai'],
  zoneId: 'centre',
  timeZone: 'Europe/Vienna',
  location: KITCHEN_AT,
  addressLine: '2 Oven Lane',
};

describe('an erasure leaves no subject or path that names the user,', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    backend.identity.add(UID, { role: 'customer' }, 'Nina');
    await backend.call('createProfile', UID, { displayName: 'Nina', locale: 'de', deviceId: 'phone-of-nina' });
  });
  afterEach(() => backend.close());
  const listNaming = async () =>
    Object.entries(await backend.dump()).flatMap(([path, data]) =>
      `${path}${JSON.stringify(data)}`.includes(UID) ? [path] : [],
    );
  const erase = async () => {
    backend.nowMs += 2000;
    backend.signIn(UID);
    const { reportId } = await backend.ask('deleteMyAccount', UID, {});
    await backend.advance(2 * DAY);
    return (await paths.privacyReport(backend.db, reportId).get()).data();
  };

  it('of an applicant whose paper an operator opened', async () => {
    const paper = (kind: (typeof KINDS)[number]) => ({
      kind,
      path: `merchant-documents/nina-kitchen/${UID}/${kind}.pdf`,
    });
    const apply = (documents: ReturnType<typeof paper>[] = []) =>
      backend.ask('applyAsMerchant', UID, { applicationId: 'nina-kitchen', venture: VENTURE, documents });
    await apply();
    for (const kind of KINDS) backend.files.upload(paper(kind).path, Buffer.from(PAPER));
    await apply(KINDS.map(paper));
    await backend.ask('openFile', 'olga', { type: 'evidence', path: paper('identity').path, reason: 'review' });
    const entries = (await backend.db.collection('audit').get()).docs.map((one) => one.data());
    assert.deepEqual(
      entries.map(({ subject, after }) => [subject, after]),
      [['merchantApplications/nina-kitchen', { file: 'identity.pdf' }]],
    );
    const version = (await paths.merchantApplication(backend.db, 'nina-kitchen').get()).data()?.version ?? 1;
    const decision = { type: 'reject' as const };
    await backend.ask('reviewApplication', 'olga', { applicationId: 'nina-kitchen', version, decision, reason: 'no' });
    assert.notDeepEqual(await listNaming(), []);
    await erase();
    assert.deepEqual(await listNaming(), []);
  });

  it('of a person whose conversation cannot be read', async () => {
    const unreadable = { open: true, lastFrom: 'person', lastAtMs: 1, ownerId: null, newer: 1 };
    await backend.db.doc(`conversations/${UID}`).set(unreadable);
    await assert.rejects(backend.call('writeToSupport', UID, { text: 'help', idempotencyKey: 'support-key-1' }));
    await erase();
    assert.deepEqual(await listNaming(), []);
  });

  it('of a person whose conversation can be read', async () => {
    await backend.call('writeToSupport', UID, { text: 'help', idempotencyKey: 'support-key-1' });
    assert.ok((await listNaming()).includes(`conversations/${UID}`));
    assert.equal((await erase())?.left, 0);
    assert.deepEqual(await listNaming(), []);
  });

  for (const [title, more, left] of [
    ['nor stops at a newer field with the user, which this version cannot write', { newer: UID }, ['audit/former-1']],
    ['nor stops at a newer field without the user', { newer: 'none' }, []],
  ] as const)
    it(title, async () => {
      const entry = { action: 'blockUser', reason: 'review', before: null, after: null, atMs: START_MS };
      const subject = `users/${UID}`;
      await backend.db.doc('audit/former-1').set({ ...entry, by: 'olga', subject, ...more });
      await backend.db.doc('audit/former-2').set({ ...entry, by: 'olga', subject });
      const report = await erase();
      assert.equal(report?.left, left.length === 0 ? 0 : undefined);
      assert.deepEqual(
        (await listNaming()).filter((path) => path.startsWith('audit/') || path.startsWith('users/')),
        left,
      );
      assert.equal((await readTask('audit/former-1')) !== undefined, left.length > 0);
    });

  const join = async (more: object = {}) => {
    const member = { role: 'kitchen', displayName: 'Nina', addedAtMs: START_MS, ...more };
    await backend.db.doc(`restaurants/rosa/members/${UID}`).set(member);
    await compareClaims(backend.ctx);
  };
  const dismiss = () => backend.ask('setMemberRole', 'mario', { restaurantId: 'rosa', uid: UID, role: null });
  const readTask = async (path: string) => (await paths.operatorTask(backend.db, toDocumentTaskId(path)).get()).data();

  it('of a former member whose membership could not be read; the tasks of other members stay', async () => {
    const other = `restaurants/${UID}/members/nora`;
    await backend.db.doc(other).set({ newer: 1 });
    await join({ newer: 1 });
    assert.ok(await readTask(`restaurants/rosa/members/${UID}`));
    assert.ok(await readTask(other));
    await dismiss();
    await erase();
    assert.equal((await readTask(`restaurants/rosa/members/${UID}`))?.path?.includes(UID), false);
    // The id of a restaurant is public, and stays.
    assert.equal((await readTask(other))?.path, other);
  });

  it('of an applicant whose paper was opened when its audit still had the path; another applicant stays', async () => {
    const subjectOf = (uid: string) => `merchant-documents/nina-kitchen/${uid}/identity.pdf`;
    const entry = { by: 'olga', action: 'openFile', reason: 'review', before: null, after: null, atMs: START_MS };
    await backend.db.doc('audit/former-1').set({ ...entry, subject: subjectOf(UID) });
    await backend.db.doc('audit/former-2').set({ ...entry, subject: subjectOf('nora') });
    await erase();
    assert.deepEqual(await listNaming(), []);
    assert.equal((await backend.db.doc('audit/former-2').get()).get('subject'), subjectOf('nora'));
  });

  it('of a member whose reported message an operator commented on; the entry names the pseudonym', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    await join();
    backend.nowMs += 2000;
    backend.signIn(UID);
    const messageId = `${UID}-1`;
    await backend.db.doc(`orders/order-1/messages/${messageId}`).set({
      ...{ uid: UID, role: 'merchant', n: 1, customerId: 'carla', restaurantId: 'rosa', courierId: null },
      ...{ text: 'Onions?', createdAt: new Date(backend.nowMs), authTime: backend.authTime(UID), state: 'new' },
    });
    await onMessage(backend.ctx, 'order-1', messageId);
    const content = { type: 'message' as const, orderId: 'order-1', messageId };
    const { reportId } = await backend.ask('reportContent', 'carla', { content, reason: 'insult' });
    const why = { reason: 'a note', idempotencyKey: 'task-key-1' };
    await backend.ask('updateTask', 'olga', { taskId: reportId, act: { type: 'comment' }, ...why });
    await backend.ask('decideReport', 'olga', { reportId, verdict: 'keep', reason: 'fine' });
    await journey.reach('completed');
    await dismiss();
    await erase();
    assert.deepEqual(await listNaming(), []);
    const entries = await backend.db.collection('audit').where('action', '==', 'updateTask').get();
    assert.match(String(entries.docs[0]?.get('subject')), /^operatorTasks\/message-order-1-.+-1$/);
  });
});
