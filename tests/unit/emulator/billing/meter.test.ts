import assert from 'node:assert/strict';
import { aggregationReads, collectionPattern, Meter } from '../../../../emulator/src/billing/meter.js';
import { rest } from '../../../conformance/emulator-client.js';
import { isJsonObject, type Json } from '../../../../emulator/src/protocol/schema.js';
import { type RunningServer, startServer } from '../../../../emulator/src/server.js';

describe('the meter', () => {
  it('names a collection by the ids of the collections on its path', () => {
    assert.equal(collectionPattern(['couriers', 'cora', 'live', 'now']), 'couriers/live');
    assert.equal(collectionPattern(['orders']), 'orders');
  });

  it('bills a read per thousand index entries, and one at least', () => {
    assert.deepEqual([0, 1000, 1001].map(aggregationReads), [1, 1, 2]);
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

  async function billed(): Promise<Json | undefined> {
    const { json } = await rest(server.port, 'GET', '/emulator/v1/projects/demo-bill:billing');
    return isJsonObject(json) ? json['total'] : undefined;
  }

  async function reset(): Promise<void> {
    await rest(server.port, 'DELETE', '/emulator/v1/projects/demo-bill:billing');
  }

  const NONE = { reads: 0, listenerReads: 0, ruleReads: 0, aggregationReads: 0, writes: 0, deletes: 0 };

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
});
