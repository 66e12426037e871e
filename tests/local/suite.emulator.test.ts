import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runSuite, startSuite, type SuiteOptions } from '#local/suite.js';
import { isFree } from '#local/suite/ports.js';

const base: Pick<SuiteOptions, 'onOutput' | 'projectId' | 'root'> = {
  root: join(import.meta.dirname, 'fixture'),
  projectId: 'demo-launcher',
  onOutput: () => {},
};

/** As `firebase init` writes it, with a comment, which firebase-tools allows. */
const FIREBASE_JSON = `{
  // Ports that no other test uses; the Emulator UI is a download.
  "firestore": { "rules": "firestore.rules", "indexes": "firestore.indexes.json" },
  "storage": { "rules": "storage.rules" },
  "emulators": { "firestore": { "port": 18180, "websocketPort": 18181 }, "storage": { "port": 18182 }, "hub": { "port": 18183 }, "logging": { "port": 18184 }, "ui": { "enabled": false } }
}`;

const FIREBASE_JSON_WITH_FUNCTIONS = `{
  "functions": { "source": "functions", "runtime": "nodejs${process.versions.node.split('.')[0]}" },
  "emulators": { "firestore": { "port": 18190, "websocketPort": 18191 }, "functions": { "port": 18192 }, "eventarc": { "port": 18195 }, "tasks": { "port": 18196 }, "hub": { "port": 18193 }, "logging": { "port": 18194 }, "ui": { "enabled": false } }
}`;

/** Two functions that fail at first; each appends a line per delivery to a file of its name. */
const FAILING_FUNCTIONS = `
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { onDocumentCreated } = require('firebase-functions/v2/firestore');
const failingOnce = (name, retry) =>
  onDocumentCreated({ document: 'things/{id}', region: 'europe-west1', retry }, () => {
    const file = join(__dirname, name);
    appendFileSync(file, 'delivered\\n');
    if (readFileSync(file, 'utf8') === 'delivered\\n') throw new Error('the first delivery fails');
  });
exports.persistent = failingOnce('persistent', true);
exports.fleeting = failingOnce('fleeting', false);
`;

describe('launcher on the emulators', function () {
  this.timeout(60_000);

  it("runs a script with the emulators' addresses and passes its exit code on", async () => {
    let printed = '';
    const code = await runSuite({
      ...base,
      command: 'exec',
      only: ['firestore'],
      script: 'echo address=$FIRESTORE_EMULATOR_HOST; exit 3',
      env: { HOME: undefined },
      onOutput: (text) => {
        printed += text;
      },
    });
    assert.equal(code, 3);
    assert.match(printed, /address=127\.0\.0\.1:18080/);
    assert.ok(await isFree(18080));
  });

  it('ends at once when firebase is killed, with its processes and its temporary folder', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'tiffin-killed-'));
    const former = process.env['TMPDIR'];
    process.env['TMPDIR'] = parent;
    try {
      const suite = await startSuite({ ...base, command: 'start', only: ['firestore'], portOffset: 60 });
      await suite.ready;
      assert.equal((await readdir(parent)).length, 1);
      process.kill(suite.pid, 'SIGKILL');
      const startedAt = performance.now();
      assert.equal(await suite.exited, 137);
      assert.ok(performance.now() - startedAt < 5_000);
      assert.deepEqual(await readdir(parent), []);
      await waitUntil(() => isFree(suite.ports['firestore'] ?? 0));
    } finally {
      if (former === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = former;
      await rm(parent, { recursive: true, force: true });
    }
  });

  it('ends by itself when the launcher is killed', async () => {
    const args = ['start', '--only', 'firestore', '--port-offset', '11000'];
    const launcher = spawn(process.execPath, ['local/bin/run.js', 'local/src/suite.ts', ...args], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise<void>((resolve) => {
      let printed = '';
      launcher.stdout.on('data', (chunk) => {
        printed += String(chunk);
        if (printed.includes('All emulators ready')) resolve();
      });
    });
    assert.equal(await isFree(19_080), false);
    launcher.kill('SIGKILL');
    await waitUntil(async () => (await isFree(19_080)) && (await isFree(15_400)));
    // Killed, it could not remove the copy of firebase.json.
    await rm(join(import.meta.dirname, '../../.firebase.offset-11000.json'), { force: true });
  });

  it('starts the templates that `firebase init` writes, comments and all', async () => {
    const root = await mkdtemp(join(tmpdir(), 'tiffin-init-'));
    const templates = join(import.meta.dirname, '../../node_modules/firebase-tools/templates/init');
    for (const file of ['firestore/firestore.rules', 'firestore/firestore.indexes.json', 'storage/storage.rules']) {
      const template = await readFile(join(templates, file), 'utf8');
      await writeFile(join(root, basename(file)), template.replace('{{IN_30_DAYS}}', '2100, 1, 1'));
    }
    await writeFile(join(root, 'firebase.json'), FIREBASE_JSON);
    try {
      const suite = await startSuite({ ...base, root, command: 'start', only: ['firestore', 'storage'] });
      await suite.ready;
      assert.equal(await suite.stop(), 0);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  it('delivers an event again to a function with `retry: true`, and to no other', async () => {
    const root = await mkdtemp(join(tmpdir(), 'tiffin-retry-'));
    const functions = join(root, 'functions');
    await mkdir(functions);
    await writeFile(join(root, 'firebase.json'), FIREBASE_JSON_WITH_FUNCTIONS);
    await writeFile(
      join(functions, 'package.json'),
      '{ "main": "index.js", "dependencies": { "firebase-functions": "*" } }',
    );
    await writeFile(join(functions, 'index.js'), FAILING_FUNCTIONS);
    await symlink(join(import.meta.dirname, '../../node_modules'), join(functions, 'node_modules'));
    const deliveries = async (name: string): Promise<number> =>
      (await readFile(join(functions, name), 'utf8').catch(() => '')).split('\n').length - 1;
    try {
      const suite = await startSuite({ ...base, root, command: 'start', only: ['firestore', 'functions'] });
      await suite.ready;
      const documents = `http://127.0.0.1:18190/v1/projects/${base.projectId}/databases/(default)/documents`;
      const created = await fetch(`${documents}/things?documentId=one`, {
        method: 'POST',
        headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
        body: '{"fields":{}}',
      });
      assert.equal(created.status, 200);
      await waitUntil(async () => (await deliveries('persistent')) === 2);
      assert.equal(await deliveries('fleeting'), 1);
      assert.equal(await suite.stop(), 0);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  it('prints when all is ready, signs a user up, and stops without leaving a process', async () => {
    const suite = await startSuite({ ...base, command: 'start', only: ['auth', 'firestore'], portOffset: 50 });
    await suite.ready;
    const signUp = await fetch(
      `http://127.0.0.1:${suite.ports['auth']}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=any`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'ann@example.test', password: 'secret1' }),
      },
    );
    assert.equal(signUp.status, 200);
    assert.equal(await suite.stop(), 0);
    for (const port of Object.values(suite.ports)) assert.ok(await isFree(port), `port ${port} is still held`);
  });
});

/** Processes look four times a second whether the one that they belong to is there, and firebase takes its time. */
async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 300 && !(await isSo()); look++) await sleep(100);
  assert.ok(await isSo());
}
