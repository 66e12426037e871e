import assert from 'node:assert/strict';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { rest } from '../../../conformance/emulator-client.js';

const DOCUMENTS = 'projects/demo-refusals/databases/(default)/documents';

describe('refusals of production', () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer();
    await send('POST', ':commit', {
      writes: [{ update: { name: `${DOCUMENTS}/c/a`, fields: { n: { integerValue: 1 } } } }],
    });
    await send('POST', ':commit', { writes: [{ update: { name: `${DOCUMENTS}/r/d/kids/k`, fields: {} } }] });
  });
  after(() => server.close());

  /** `ok`, or the status and message of the refusal. */
  async function send(method: string, path: string, body: Json): Promise<string> {
    const { status, json } = await rest(server.port, method, `/v1/${DOCUMENTS}${path}`, {
      body: JSON.stringify(body),
      authorization: 'Bearer owner',
    });
    if (status === 200) return 'ok';
    const first = Array.isArray(json) ? json[0] : json;
    const error = isJsonObject(first) && isJsonObject(first['error']) ? first['error'] : {};
    return `${String(error['status'])} ${String(error['message'])}`;
  }

  const field = (name: string) => ({ fieldPath: name });
  const where = (name: string, op: string, value: Json = { integerValue: 0 }): Json => ({
    fieldFilter: { field: field(name), op, value },
  });
  const both = (...filters: Json[]): Json => ({ compositeFilter: { op: 'AND', filters } });
  const orderBy = (...names: string[]): Json => names.map((name) => ({ field: field(name) }));
  const nameIs = where('__name__', 'EQUAL', { referenceValue: `${DOCUMENTS}/c/a` });
  const query = (structuredQuery: Record<string, Json>, parent = '') =>
    send('POST', `${parent}:runQuery`, { structuredQuery });
  const from: Json = [{ collectionId: 'c' }];

  describe('of queries', () => {
    const AFTER_KEY = 'INVALID_ARGUMENT order by clause cannot contain more fields after the key';
    it('include an inequality whose implied order would follow the name', async () => {
      assert.equal(await query({ from, where: where('n', 'GREATER_THAN'), orderBy: orderBy('__name__') }), AFTER_KEY);
      assert.equal(await query({ from, where: where('n', 'NOT_EQUAL'), orderBy: orderBy('m', '__name__') }), AFTER_KEY);
      assert.equal(await query({ from, where: where('n', 'GREATER_THAN'), orderBy: orderBy('n', '__name__') }), 'ok');
    });

    it('include an equality on the name with an inequality on another field', async () => {
      const message =
        'INVALID_ARGUMENT Equality on key is not allowed if there are other inequality fields and key does not appear in inequalities.';
      assert.equal(await query({ from, where: both(nameIs, where('n', 'NOT_EQUAL')) }), message);
      assert.equal(await query({ from, where: both(nameIs, where('n', 'EQUAL')) }), 'ok');
      const above = where('__name__', 'GREATER_THAN', { referenceValue: `${DOCUMENTS}/c/0` });
      assert.equal(await query({ from, where: both(nameIs, above, where('n', 'GREATER_THAN')) }), 'ok');
    });

    it('include everything below a document except an ascending scan of names', async () => {
      const below: Json = [{ collectionId: 'kids', allDescendants: true }];
      const root = 'INVALID_ARGUMENT collection group queries are only allowed at the root parent';
      assert.equal(await query({ from: below }, '/r/d'), 'ok');
      assert.equal(await query({ from: below, where: where('v', 'EQUAL') }, '/r/d'), root);
      assert.equal(await query({ from: below, orderBy: orderBy('v') }, '/r/d'), root);
      assert.equal(await query({ from: below, orderBy: orderBy('v') }), 'ok');
      const avg = [{ alias: 'a', avg: { field: field('v') } }];
      assert.equal(
        await send('POST', '/r/d:runAggregationQuery', {
          structuredAggregationQuery: { structuredQuery: { from: below }, aggregations: avg },
        }),
        'INVALID_ARGUMENT This query requires an index that has fields [v] after __name__',
      );
    });
  });

  describe('of commits', () => {
    const set = (id: string) => ({ update: { name: `${DOCUMENTS}/w/${id}`, fields: {} } });
    const updated = (id: string) => ({ ...set(id), currentDocument: { exists: true } });
    const gone = (id: string) => ({ delete: `${DOCUMENTS}/w/${id}` });
    const commit = (...writes: Json[]) => send('POST', ':commit', { writes });

    it('include updating what an earlier write of the commit deletes, for any stored document', async () => {
      assert.equal(await commit(set('there')), 'ok');
      assert.match(await commit(gone('there'), updated('there')), /^INVALID_ARGUMENT /);
      assert.match(await commit(gone('missing'), updated('missing')), /^INVALID_ARGUMENT /);
      assert.match(await commit(updated('missing')), /^NOT_FOUND /);
      assert.equal(await commit(gone('there'), set('there')), 'ok');
      assert.equal(await commit(set('new'), updated('new')), 'ok');
    });

    it('include ids with characters between two pairs of underscores, not ids of underscores alone', async () => {
      for (const id of ['_', '__', '___', '____']) assert.equal(await commit(set(id)), 'ok', id);
      for (const id of ['_____', '__x__']) assert.match(await commit(set(id)), /^INVALID_ARGUMENT .*reserved/, id);
    });
  });

  describe('of times', () => {
    const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const read = (minutesAgo: number) =>
      send('POST', ':batchGet', { documents: [`${DOCUMENTS}/c/a`], readTime: at(minutesAgo) });

    it('do not include reading an empty database before its creation, for an hour', async () => {
      assert.equal(await read(20), 'ok');
      assert.match(await read(120), /^FAILED_PRECONDITION .*too old/);
    });
  });

  it('do not include a second request on an idle HTTP/1.1 connection, which has no timeout header', async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    // Node.js names its limit in this header, where it has one.
    assert.deepEqual([response.headers.get('connection'), response.headers.get('keep-alive')], ['keep-alive', null]);
  });
});
