import assert from 'node:assert/strict';
import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import {
  connectFirestoreEmulator,
  deleteDoc,
  disableNetwork,
  doc,
  enableNetwork,
  getFirestore,
  setDoc,
  terminate,
  waitForPendingWrites,
  type Firestore,
} from 'firebase/firestore';
import { isUnavailable } from '#client/errors.js';
import { Tiffin } from '#client/tiffin.js';
import { startServer, type RunningServer } from '#emulator/server.js';

describe('a call of the TypeScript client', () => {
  const realFetch = globalThis.fetch;
  let firebase: FirebaseApp;
  let bodies: unknown[];

  beforeEach(() => {
    firebase = initializeApp({ projectId: 'demo-tiffin', apiKey: 'local', appId: '1:1:web:1' }, 'calls');
    bodies = [];
    globalThis.fetch = (_, init) => {
      bodies.push(JSON.parse(String(init?.body)));
      return Promise.resolve(Response.json({ result: {} }));
    };
  });
  afterEach(async () => {
    globalThis.fetch = realFetch;
    await deleteApp(firebase);
  });

  it('sends a property that is null, and none that is undefined', async () => {
    const tiffin = new Tiffin(firebase);
    await tiffin.call('updateStore', { restaurantId: 'dal', changes: { slotCapacity: null, prepMinutes: undefined } });
    assert.deepEqual(bodies, [{ data: { restaurantId: 'dal', changes: { slotCapacity: null } } }]);
  });
});

describe('the reads of the TypeScript client on a phone that is offline', () => {
  const UID = 'kim';
  let emulator: RunningServer;
  let firebase: FirebaseApp;
  let db: Firestore;
  let tiffin: Tiffin;

  before(async () => {
    emulator = await startServer({});
  });
  after(() => emulator.close());
  beforeEach(async () => {
    firebase = initializeApp({ projectId: 'demo-tiffin', apiKey: 'local', appId: '1:1:web:1' }, 'reads');
    tiffin = new Tiffin(firebase);
    db = getFirestore(firebase);
    connectFirestoreEmulator(db, '127.0.0.1', emulator.port);
    await disableNetwork(db);
  });
  afterEach(async () => {
    await terminate(db);
    await deleteApp(firebase);
  });

  /** A write resolves on the server alone. */
  const write = (path: string) => void setDoc(doc(db, path), { restaurantId: 'dal', lines: [] });

  it('report no document that is not on the phone, and its changes from when it is', async () => {
    const reported: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const next = (cart: { restaurantId: string } | null) => {
        reported.push(cart?.restaurantId ?? null);
        if (cart) void deleteDoc(doc(db, `carts/${UID}`));
        else resolve();
      };
      tiffin.listen('cart', { uid: UID }, next, reject);
      void tiffin.get('cart', { uid: 'omar' }).catch(() => write(`carts/${UID}`));
    });
    assert.deepEqual(reported, ['dal', null]);
  });

  it('report no page without documents, and its changes from when it has one', async () => {
    const reported: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const next = (page: readonly unknown[]) => {
        reported.push(page.length);
        if (page.length > 0) void deleteDoc(doc(db, `users/${UID}/addresses/home`));
        else resolve();
      };
      tiffin.listenAll('addresses', { uid: UID }, next, reject);
      void tiffin.find('addresses', { uid: UID }).catch(() => write(`users/${UID}/addresses/home`));
    });
    assert.deepEqual(reported, [1, 0]);
  });

  it('report what does not exist once the server has answered', async () => {
    const reported: unknown[] = [];
    const both = new Promise<void>((resolve, reject) => {
      const next = (one: unknown) => {
        reported.push(one);
        if (reported.length === 2) resolve();
      };
      tiffin.listen('cart', { uid: 'omar' }, next, reject);
      tiffin.listenAll('addresses', { uid: 'omar' }, next, reject);
    });
    await assert.rejects(tiffin.get('cart', { uid: 'omar' }), isUnavailable);
    assert.deepEqual(reported, []);
    await enableNetwork(db);
    await both;
    assert.deepEqual(new Set(reported), new Set([null, []]));
  });

  it('report a document that the phone has written once', async () => {
    const reported: unknown[] = [];
    write(`carts/${UID}`);
    write(`users/${UID}/addresses/home`);
    await new Promise<void>((resolve, reject) => {
      tiffin.listen('cart', { uid: UID }, (cart) => reported.push(cart?.restaurantId), reject);
      tiffin.listenAll('addresses', { uid: UID }, (page) => reported.push(page.length), reject);
      void enableNetwork(db).then(resolve, reject);
    });
    await waitForPendingWrites(db);
    await new Promise<void>((resolve, reject) => {
      // Its first report comes after those of the documents before it.
      tiffin.listen('cart', { uid: 'omar' }, () => resolve(), reject);
    });
    assert.deepEqual(reported.toSorted(), [1, 'dal']);
  });

  it('find what is on the phone, and fail where nothing is', async () => {
    await assert.rejects(tiffin.find('addresses', { uid: UID }), isUnavailable);
    write(`users/${UID}/addresses/home`);
    assert.equal((await tiffin.find('addresses', { uid: UID })).length, 1);
  });
});
