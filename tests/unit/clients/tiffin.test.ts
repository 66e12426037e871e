import assert from 'node:assert/strict';
import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { Tiffin } from '#client/tiffin.js';

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
