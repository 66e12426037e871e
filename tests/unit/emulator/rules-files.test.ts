import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRulesFiles } from '#emulator/rules-files.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { rest } from '../../conformance/emulator-client.js';

const rules = (condition: string): string =>
  `rules_version = '2'; service cloud.firestore { match /databases/{d}/documents/{all=**} { allow read, write: if ${condition}; } }`;

describe('rules of several databases', () => {
  let folder: string;
  let server: RunningServer | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rules-'));
    await writeFile(join(folder, 'closed.rules'), rules('false'));
    await writeFile(join(folder, 'open.rules'), rules('true'));
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await rm(folder, { recursive: true });
  });

  async function statuses(firestore: unknown, databases: readonly string[]): Promise<number[]> {
    await writeFile(join(folder, 'firebase.json'), JSON.stringify({ firestore }));
    const { port } = (server = await startServer({ rules: readRulesFiles(undefined, folder) }));
    const answers = databases.map((id) =>
      rest(port, 'PATCH', `/v1/projects/demo-rules/databases/${id}/documents/c/a`, { body: '{}', authorization: null }),
    );
    return (await Promise.all(answers)).map(({ status }) => status);
  }

  it('are each in force for their own database', async () => {
    const both = [
      { database: '(default)', rules: 'closed.rules' },
      { database: 'two', rules: 'open.rules' },
    ];
    assert.deepEqual(await statuses(both, ['(default)', 'two']), [403, 200]);
  });

  it('close a database that firebase.json does not name, or names without rules', async () => {
    const named = [{ database: 'one', rules: 'open.rules' }, { database: 'two' }];
    assert.deepEqual(await statuses(named, ['one', 'two', 'three']), [200, 403, 403]);
  });

  it('are none where firebase.json names none', async () => {
    assert.deepEqual(await statuses([{ database: 'one' }], ['one']), [200]);
  });

  it('must exist', async () => {
    const missing = [
      { database: 'one', rules: 'missing.rules' },
      { database: 'two', rules: 'open.rules' },
    ];
    await assert.rejects(statuses(missing, []), /missing\.rules does not exist/);
  });
});
