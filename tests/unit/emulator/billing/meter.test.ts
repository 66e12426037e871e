import assert from 'node:assert/strict';
import { collectionPattern, Meter } from '#emulator/billing/meter.js';
import { Firestore } from '@google-cloud/firestore';
import { rest } from '../../../conformance/emulator-client.js';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { type RunningServer, startServer } from '#emulator/server.js';

describe('the meter', () => {
  it('names a collection by the ids of the collections on its path', () => {
    assert.equal(collectionPattern(['couriers', 'cora', 'live', 'now']), 'couriers/live');
    assert.equal(collectionPattern(['orders']), 'orders');
  });

  it('adds up per caller and collection', () => {
    const meter = new Meter();
    meter.count('admin', ['orders', 'a'], 'writes', 2);
    meter.count('user:u', ['orders', 'a'], 'reads', 1);
    const { total, callers } = meter.toJson();
    assert.deepEqual([total.writes, total.reads, callers['admin']?.['orders']?.writes], [2, 1, 2]);
  });
});

describe('billing over the wire', () => {
  const ROOT = '/v1/projects/demo-bill/databases/(default)/documents';
  let server: RunningServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  async function billed(part = 'total'): Promise<Json | undefined> {
    const { json } = await rest(server.port, 'GET', '/emulator/v1/projects/demo-bill:billing');
    return isJsonObject(json) ? json[part] : undefined;
  }

  async function reset(): Promise<void> {
    await rest(server.port, 'DELETE', '/emulator/v1/projects/demo-bill:billing');
  }

  const NONE = { reads: 0, indexReads: 0, listenerReads: 0, ruleReads: 0, aggregationReads: 0, writes: 0, deletes: 0 };

  it('counts a write that changes nothing, and a delete', async () => {
    await reset();
    for (let i = 0; i < 2; i++)
      await rest(server.port, 'PATCH', `${ROOT}/c/a`, { body: '{"fields":{"n":{"integerValue":"1"}}}' });
    await rest(server.port, 'DELETE', `${ROOT}/c/a`);
    assert.deepEqual(await billed(), { ...NONE, writes: 2, deletes: 1 });
  });

  it('bills one read for a query that finds nothing', async () => {
    await reset();
    await rest(server.port, 'POST', `${ROOT}:runQuery`, {
      body: '{"structuredQuery":{"from":[{"collectionId":"empty"}]}}',
    });
    assert.deepEqual(await billed(), { ...NONE, reads: 1 });
  });

  it('bills one read for a list of collections', async () => {
    await reset();
    await rest(server.port, 'POST', `${ROOT}:listCollectionIds`, { body: '{}', authorization: 'Bearer owner' });
    assert.deepEqual(await billed(), { ...NONE, reads: 1 });
  });

  it('names the function for which an Admin SDK works, and ignores the header of other callers', async () => {
    const sdk = (customHeaders: Record<string, string>): Firestore =>
      new Firestore({ projectId: 'demo-bill', host: `127.0.0.1:${server.port}`, ssl: false, customHeaders });
    const callersOf = async (db: Firestore): Promise<string[]> => {
      await reset();
      await db.doc('c/a').get();
      await db.terminate();
      const callers = await billed('callers');
      return isJsonObject(callers) ? Object.keys(callers) : [];
    };
    assert.deepEqual(await callersOf(sdk({ 'x-emulator-function': 'placeOrder' })), ['function:placeOrder']);
    assert.deepEqual(await callersOf(sdk({})), ['admin']);
    const user = `Bearer ${['{}', '{"sub":"u"}'].map((part) => Buffer.from(part).toString('base64url')).join('.')}.`;
    assert.deepEqual(await callersOf(sdk({ 'x-emulator-function': 'placeOrder', Authorization: user })), ['user:u']);
  });

  it('returns the prices and the total cost', async () => {
    await reset();
    for (let i = 0; i < 2; i++) await rest(server.port, 'PATCH', `${ROOT}/c/a`, { body: '{}' });
    assert.equal(await billed('price'), 0.0000036);
    assert.ok(isJsonObject(await billed('prices')));
  });
});
