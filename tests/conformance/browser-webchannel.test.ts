import assert from 'node:assert/strict';
import { type RunningServer } from '#emulator/server.js';
import { BrowserPage, findChromium } from './browser/chromium.js';
import { describeRecording, itAnswers } from './recordings.js';
import { emulatorUnderTest } from './under-test.js';

const FILE = 'browser-webchannel-official-v1.22.0.json';
const RULES = `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /open/{id} { allow read, write; }
  }
}`;

interface Recorded {
  streaming: unknown[];
  queriesAndBatches: unknown[];
  forceLongPolling: unknown[];
  autoDetectLongPolling: unknown[];
  mockUserToken: unknown[];
  refusedWrite: string[];
}

const chromium = findChromium();

describe('the web SDK in Chromium', function () {
  this.timeout(15_000);
  if ('reason' in chromium) {
    it(`listens and writes over WebChannel (${chromium.reason})`);
    return;
  }
  let server: RunningServer;
  let page: BrowserPage;

  before(async () => {
    server = await emulatorUnderTest('demo-browser');
    page = await BrowserPage.open(chromium.executablePath);
    await fetch(`http://127.0.0.1:${server.port}/emulator/v1/projects/demo-ruled:securityRules`, {
      method: 'PUT',
      body: JSON.stringify({ rules: { files: [{ content: RULES }] } }),
    });
  });
  after(async () => {
    await page.close();
    await server.close();
  });

  describeRecording<Recorded>(FILE, (recorded) => {
    const modes = ['streaming', 'forceLongPolling', 'autoDetectLongPolling', 'mockUserToken'] as const;
    for (const mode of modes) {
      itAnswers(FILE, mode, async () => {
        assert.deepEqual(await page.call('followDocument', server.port, mode, false), recorded[mode]);
      });
    }
    itAnswers(FILE, 'queriesAndBatches', async () => {
      const told = JSON.stringify(await page.call('followDocument', server.port, 'streaming', true));
      assert.deepEqual(JSON.parse(told.replaceAll('more-7', 'more-<n>')), recorded.queriesAndBatches);
    });
    itAnswers(FILE, 'refusedWrite', async () => {
      const told = await page.call('refusedWrite', server.port);
      assert.deepEqual(told, recorded.refusedWrite);
    });
  });

  for (const mode of ['streaming', 'forceLongPolling']) {
    it(`runs transactions and counts: ${mode}`, async () => {
      const told = await page.call('transactionAndCount', server.port, mode);
      assert.deepEqual(told, { n: 2, count: 2, empty: {} });
    });

    it(`writes fifty documents at once and listens to them: ${mode}`, async () => {
      assert.equal(await page.call('fiftyWrites', server.port, mode), 50);
    });

    it(`handles a refusal by the rules and continues: ${mode}`, async () => {
      const told = await page.call('underRules', server.port, mode);
      assert.ok(Array.isArray(told));
      assert.deepEqual(
        told.map((line) => String(line).split(':')[0]),
        ['permission-denied', 'permission-denied', 'permission-denied', 'ok'],
      );
    });
  }
});
