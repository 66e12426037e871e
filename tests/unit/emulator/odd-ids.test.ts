import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { connectFirestoreEmulator, doc, getDoc, getFirestore, setDoc } from 'firebase/firestore';
import { Firestore } from 'firebase-admin/firestore';
import { type RunningServer, startServer } from '#emulator/server.js';
import { StorageRulesRuntime } from '#emulator/storage-rules/runtime.js';

/** Ids that mean something to one format or another, all of them legal in Firestore. */
const ODD_IDS = [
  '#',
  'a#zzz',
  '?',
  'a?zzz',
  'que?ry',
  '%',
  '%41',
  'per%cent',
  'a%2Fb',
  '%%',
  '%E4',
  '+',
  '&',
  '=',
  ';',
  ':',
  '@',
  '!',
  ' ',
  ' leading',
  'trailing ',
  'in side',
  '\t',
  'a\tb',
  '\\',
  'a\\b',
  '"',
  "'",
  '`',
  '<b>',
  '{x}',
  '[0]',
  '$(id)',
  '~',
  '*',
  '(default)',
  'ü',
  '中',
  '😀',
  'e\u0301',
  '____',
  '__x',
  'x__',
  '_',
  '-',
  'a.b',
  '...',
  'a:b',
  '\u007f',
  '\u0001',
  'a\nb',
  'x'.repeat(1500),
  '中'.repeat(500),
];

const ROOT = 'projects/demo-odd/databases/(default)/documents';

describe('odd ids', () => {
  let functions: Server;
  let emulator: RunningServer;
  let db: Firestore;
  let app: FirebaseApp;
  let arrived: (headers: IncomingHttpHeaders) => void;

  before(async () => {
    functions = createServer((request, response) => {
      request.resume();
      response.end();
      arrived(request.headers);
    });
    await new Promise<void>((resolve) => functions.listen(0, '127.0.0.1', resolve));
    const address = functions.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    emulator = await startServer({ functionsEmulator: `127.0.0.1:${port}` });
    db = new Firestore({ projectId: 'demo-odd', host: `127.0.0.1:${emulator.port}`, ssl: false });
    app = initializeApp({ projectId: 'demo-odd' }, 'odd-ids');
    connectFirestoreEmulator(getFirestore(app), '127.0.0.1', emulator.port);
  });
  after(async () => {
    await deleteApp(app);
    await db.terminate();
    await emulator.close();
    functions.close();
    functions.closeAllConnections();
  });

  const at = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${emulator.port}/${path}`, init);

  it('are documents, collections and references to the Admin SDK', async () => {
    for (const id of ODD_IDS) {
      const ref = db.collection(`admin/${id}/${id}`).doc(id);
      await ref.set({ ref });
      assert.ok((await ref.get()).get('ref').isEqual(ref), id);
      const found = await ref.parent.where('__name__', '==', ref).get();
      assert.deepEqual([found.size, found.docs[0]?.id], [1, id]);
    }
    const owners = await db.collection('admin').listDocuments();
    assert.deepEqual(owners.map(({ id }) => id).sort(), [...ODD_IDS].sort());
  });

  it('pass through REST percent-encoded, and are returned unchanged', async () => {
    for (const id of ODD_IDS) {
      const path = `v1/${ROOT}/rest/${encodeURIComponent(id)}`;
      const body = JSON.stringify({ fields: { id: { stringValue: id } } });
      assert.equal((await at(path, { method: 'PATCH', body })).status, 200, id);
      const { name, fields } = Object(await (await at(path)).json());
      assert.deepEqual([name, fields.id.stringValue], [`${ROOT}/rest/${id}`, id]);
      assert.equal((await db.collection('rest').doc(id).get()).get('id'), id);
    }
  });

  it('pass through the web SDK', async () => {
    for (const id of ODD_IDS) {
      const ref = doc(getFirestore(app), 'web', id);
      await setDoc(ref, { id });
      assert.equal((await getDoc(ref)).get('id'), id);
      assert.equal((await db.collection('web').doc(id).get()).get('id'), id);
    }
  });

  it('reach functions in headers that decode to them', async () => {
    const trigger = {
      eventType: 'google.cloud.firestore.document.v1.created',
      database: '(default)',
      namespace: '(default)',
      document: { value: 'events/{id}', matchType: 'PATH_PATTERN' },
    };
    const registered = await at('emulator/v1/projects/demo-odd/eventarcTrigger?eventarcTriggerId=odd-0', {
      method: 'POST',
      body: JSON.stringify(trigger),
    });
    assert.equal(registered.status, 200);
    for (const id of ODD_IDS) {
      const event = new Promise<IncomingHttpHeaders>((resolve) => (arrived = resolve));
      await db.collection('events').doc(id).set({});
      const headers = await event;
      const path = `events/${id}`;
      const decoded = [headers['ce-document'], headers['ce-subject']].map((value) => decodeURIComponent(String(value)));
      assert.deepEqual(decoded, [path, `documents/${path}`]);
    }
  });

  it('are looked up by Storage rules in a URL that names the document', async () => {
    const content = `rules_version = '2'; service firebase.storage { match /b/{bucket}/o { match /ids/{id}/f {
      allow get: if firestore.exists(/databases/(default)/documents/looked/$(id)); } } }`;
    for (const id of ODD_IDS) {
      await db.collection('looked').doc(id).set({});
      const sent: Record<string, Record<string, unknown>>[] = [];
      const runtime = new StorageRulesRuntime(
        (message) => void sent.push(Object(message)),
        () => undefined,
      );
      runtime.receive({
        action: 'load_ruleset',
        id: 0,
        context: { rulesetName: '0', source: { files: [{ name: 'storage.rules', content }] } },
      });
      const variables = {
        resource: { null_value: null },
        request: { map_value: { fields: { auth: { null_value: null } } } },
      };
      runtime.receive({
        action: 'verify',
        id: 1,
        context: { rulesetName: '0', method: 'get', path: `/b/pics/o/ids/${id}/f`, variables },
      });
      const url = new URL(
        `http://127.0.0.1:${emulator.port}/v1/projects/demo-odd${String(sent[1]?.['context']?.['path'])}`,
      );
      assert.equal(Object(await (await fetch(url)).json()).name, `${ROOT}/looked/${id}`);
    }
  });

  it('are exported and imported', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'odd-'));
    try {
      const all = db.collection('exported');
      for (const id of ODD_IDS) await all.doc(id).set({ ref: all.doc(id) });
      const send = (action: string, body: object): Promise<Response> =>
        at(`emulator/v1/projects/demo-odd:${action}`, { method: 'POST', body: JSON.stringify(body) });
      const database = 'projects/demo-odd/databases/(default)';
      const exported = { database, export_directory: folder, export_name: 'odd' };
      assert.equal((await send('export', exported)).status, 200);
      await at(`emulator/v1/${ROOT}`, { method: 'DELETE' });
      assert.equal((await all.get()).size, 0);
      const imported = { database, export_directory: join(folder, 'odd', 'odd.overall_export_metadata') };
      assert.equal((await send('import', imported)).status, 200);
      const found = await all.get();
      assert.deepEqual(found.docs.map(({ id }) => id).sort(), [...ODD_IDS].sort());
      for (const one of found.docs) assert.ok(one.get('ref').isEqual(one.ref), one.id);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
