import assert from 'node:assert/strict';
import { isJsonObject } from '#emulator/protocol/schema.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { rest } from '../../../conformance/emulator-client.js';

const ADMIN = '/emulator/v1/projects/demo-coverage';
const RULES = `rules_version = '2';
service cloud.firestore {
  match /databases/{d}/documents {
    match /notes/{id} { allow get: if request.auth == null && id < 'n'; }
    match /other/{id} { allow get: if id == "<b>"; }
  }
}`;

describe('the coverage of rules', () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer({ rules: new Map([['*', { source: RULES, fileName: 'firestore.rules' }]]) });
    const root = '/v1/projects/demo-coverage/databases/(default)/documents';
    await rest(server.port, 'GET', `${root}/notes/a`);
    await rest(server.port, 'GET', `${root}/notes/z`);
  });
  after(() => server.close());

  it('lists every expression with its place and the values it took', async () => {
    const { json } = await rest(server.port, 'GET', `${ADMIN}:ruleCoverage`);
    assert.ok(isJsonObject(json) && Array.isArray(json['report']));
    assert.deepEqual(json['rules'], { files: [{ name: 'firestore.rules', content: RULES }] });
    const [notes, other] = json['report'];
    assert.deepEqual(notes.values, [
      { value: 'true', count: 1 },
      { value: 'false', count: 1 },
    ]);
    const { line, column } = notes.sourcePosition;
    assert.deepEqual([line, column], [4, 39]);
    assert.deepEqual(notes.children[0].values, [{ value: 'true', count: 2 }]);
    assert.equal(other.values, undefined);
    assert.deepEqual(json['totals'], { expressions: 8, reached: 6, conditions: 3, decidedBothWays: 2 });
  });

  it('is a page that marks what never ran, with the source escaped', async () => {
    const { text } = await rest(server.port, 'GET', `${ADMIN}:ruleCoverage.html`);
    assert.match(text, /6 of 8 expressions ran; 2 of 3 conditions were both true and false\./);
    assert.match(text, /<span class="never" title="never ran"><span class="never" title="never ran">id<\/span> == /);
    assert.match(text, /&quot;&lt;b&gt;&quot;/);
    assert.match(text, /<span class="ran" title="true: 1\nfalse: 1">/);
    assert.match(text, /<span class="partly" title="true: 2">/);
  });

  it('is empty for a project without rules', async () => {
    const totals = { expressions: 0, reached: 0, conditions: 0, decidedBothWays: 0 };
    const bare = await startServer();
    const { json } = await rest(bare.port, 'GET', `${ADMIN}:ruleCoverage`);
    assert.deepEqual(json, { rules: { files: [] }, report: [], totals });
    await bare.close();
  });
});
