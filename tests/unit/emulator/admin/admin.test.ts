import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '#emulator/server.js';
import { rest } from '../../../conformance/emulator-client.js';

const ROOT = '/v1/projects/demo-admin/databases/(default)/documents';
const ADMIN = '/emulator/v1/projects/demo-admin';
const rulesBody = (content: string, ignoresErrors: boolean): { body: string } => ({
  body: JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] }, ignore_errors: ignoresErrors }),
});
const service = (allow: string): string =>
  `rules_version = '2';\nservice cloud.firestore { match /databases/{d}/documents { match /{any=**} { ${allow} } } }`;

describe('the admin endpoints', () => {
  let server: RunningServer;
  let directory: string;

  before(async () => {
    server = await startServer();
    directory = mkdtempSync(join(tmpdir(), 'emulator-'));
  });
  after(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  const write = (path: string): Promise<unknown> =>
    rest(server.port, 'PATCH', `${ROOT}/${path}`, { body: '{}', authorization: 'Bearer owner' });
  const status = async (path: string, authorization: string | null = 'Bearer owner'): Promise<number> =>
    (await rest(server.port, 'GET', `${ROOT}/${path}`, { authorization })).status;

  it('deletes a document with all that lies below it, and nothing else', async () => {
    for (const path of ['t/a', 't/a/s/x', 't/b']) await write(path);
    await rest(server.port, 'DELETE', `${ADMIN}/databases/(default)/documents/t/a`);
    assert.deepEqual(await Promise.all(['t/a', 't/a/s/x', 't/b'].map((path) => status(path))), [404, 404, 200]);
  });

  it('clears a database', async () => {
    await write('u/a');
    await rest(server.port, 'DELETE', `${ADMIN}/databases/(default)/documents/`);
    assert.equal(await status('u/a'), 404);
  });

  it('imports an export into another emulator, under its own project', async () => {
    await write('kept/a');
    const body = JSON.stringify({
      database: 'projects/demo-admin/databases/(default)',
      export_directory: directory,
      export_name: 'firestore_export',
    });
    assert.equal((await rest(server.port, 'POST', `${ADMIN}:export`, { body })).status, 200);
    const seed = join(directory, 'firestore_export', 'firestore_export.overall_export_metadata');
    const other = await startServer({ projectId: 'demo-other', seed });
    const answer = await rest(other.port, 'GET', '/v1/projects/demo-other/databases/(default)/documents/kept/a');
    await other.close();
    assert.equal(answer.status, 200);
  });

  it('refuses to export to a path that is not a directory', async () => {
    const body = JSON.stringify({ export_directory: join(directory, 'none'), export_name: 'x' });
    const answer = await rest(server.port, 'POST', `${ADMIN}:export`, { body });
    assert.match(answer.text, /export_directory must be a directory.*FAILED_PRECONDITION/);
  });

  it('keeps the former rules when new ones do not compile, and returns their issues', async () => {
    assert.equal(
      (await rest(server.port, 'PUT', `${ADMIN}:securityRules`, rulesBody(service('allow get: if false;'), false)))
        .status,
      200,
    );
    const strict = await rest(
      server.port,
      'PUT',
      `${ADMIN}:securityRules`,
      rulesBody(service('allow get: if ;'), false),
    );
    assert.match(strict.text, /Error compiling rules:\\nL2:\d+ /);
    const lenient = await rest(
      server.port,
      'PUT',
      `${ADMIN}:securityRules`,
      rulesBody(service('allow get: if ;'), true),
    );
    assert.deepEqual([lenient.status, /"severity": "ERROR"/.test(lenient.text)], [200, true]);
    assert.equal(await status('kept/a', null), 403);
  });

  it('accepts the rules of a path whose colon is encoded', async () => {
    assert.equal(
      (await rest(server.port, 'PUT', `${ADMIN}%3AsecurityRules`, rulesBody(service('allow read;'), false))).status,
      200,
    );
    assert.equal(await status('kept/a', null), 200);
  });

  it('lists the kinds of queries that ran, with the indexes they need', async () => {
    const query = {
      from: [{ collectionId: 'c' }],
      where: { fieldFilter: { field: { fieldPath: 'a' }, op: 'EQUAL', value: { integerValue: '1' } } },
      orderBy: [{ field: { fieldPath: 'b' } }],
    };
    await rest(server.port, 'POST', `${ROOT}:runQuery`, {
      body: JSON.stringify({ structuredQuery: query }),
      authorization: 'Bearer owner',
    });
    const { text } = await rest(server.port, 'GET', `${ADMIN}:queries`);
    assert.deepEqual(JSON.parse(text).queries, [
      {
        collection: 'c',
        allDescendants: false,
        filters: [['a ==']],
        orders: ['b asc'],
        count: 1,
        requiredIndexes: [
          {
            collectionGroup: 'c',
            queryScope: 'COLLECTION',
            fields: [
              { fieldPath: 'a', order: 'ASCENDING' },
              { fieldPath: 'b', order: 'ASCENDING' },
            ],
          },
        ],
      },
    ]);
  });

  it('answers a preflight for any origin by its name', async () => {
    const headers = { origin: 'http://localhost:3000', 'access-control-request-headers': 'authorization' };
    const answer = await fetch(`http://127.0.0.1:${server.port}${ROOT}/c/a`, { method: 'OPTIONS', headers });
    assert.deepEqual(
      [
        answer.status,
        answer.headers.get('access-control-allow-origin'),
        answer.headers.get('access-control-allow-headers'),
      ],
      [200, 'http://localhost:3000', 'authorization'],
    );
  });
});
