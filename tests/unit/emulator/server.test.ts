import assert from 'node:assert/strict';
import { type RulesText } from '#emulator/rules-files.js';
import { startServer } from '#emulator/server.js';
import { rest } from '../../conformance/emulator-client.js';

const rules = (pattern: string): ReadonlyMap<string, RulesText> =>
  new Map([
    [
      '*',
      {
        source: `rules_version = '2';\nservice cloud.firestore { match ${pattern} { allow read; } }`,
        fileName: 'firestore.rules',
      },
    ],
  ]);

describe('the emulator when it starts', () => {
  async function warnedOf(pattern: string): Promise<string[]> {
    const told: string[] = [];
    const server = await startServer({ rules: rules(pattern), onWarning: (text) => told.push(text) });
    await server.close();
    return told;
  }

  it('prints the warnings of its rules, with their places', async () => {
    assert.deepEqual(await warnedOf('/users/{id}'), [
      `[W] firestore.rules:2:27 - Unreachable match: no request has a path of this form.
  2 | service cloud.firestore { match /users/{id} { allow read; } }
    |                           ^^^^^^^^^^^^^^^^^`,
    ]);
  });

  it('prints nothing for rules without issues', async () => assert.deepEqual(await warnedOf('/{all=**}'), []));

  it('does not start with rules that do not compile', async () => {
    await assert.rejects(startServer({ rules: rules('users') }), {
      message: `Error compiling rules in firestore.rules:
[E] firestore.rules:2:33 - Unexpected 'users'.
  2 | service cloud.firestore { match users { allow read; } }
    |                                 ^^^^^ expected: a path, which begins with '/'`,
    });
  });
});

describe('the emulator in single project mode', () => {
  async function warnings(singleProject: boolean, ...projects: string[]): Promise<string[]> {
    const told: string[] = [];
    const server = await startServer({ projectId: 'demo-one', singleProject, onWarning: (text) => told.push(text) });
    for (const project of projects) {
      const path = `/v1/projects/${project}/databases/(default)/documents/c/a`;
      assert.equal((await rest(server.port, 'PATCH', path, { body: '{}' })).status, 200);
    }
    await server.close();
    return told.map((text) => /Requested project ID .*? for demo-one\./.exec(text)?.[0] ?? text);
  }

  it('serves another project, and warns of it once', async () => {
    assert.deepEqual(await warnings(true, 'demo-one', 'demo-two', 'demo-two', 'demo-three'), [
      'Requested project ID demo-two, but the emulator is configured for demo-one.',
      'Requested project ID demo-three, but the emulator is configured for demo-one.',
    ]);
  });

  it('does not warn of its own project, nor of any when the mode is off', async () => {
    assert.deepEqual(await warnings(true, 'demo-one'), []);
    assert.deepEqual(await warnings(false, 'demo-one', 'demo-two'), []);
  });
});
