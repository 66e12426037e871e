import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { retriedFunctions, retryOptionsIn } from '#emulator/triggers/retry-option.js';

const MANIFEST = {
  specVersion: 'v1alpha1',
  endpoints: {
    onPaid: {
      platform: 'gcfv2',
      eventTrigger: { eventType: 'google.cloud.firestore.document.v1.created', retry: true },
    },
    onSeen: {
      platform: 'gcfv2',
      eventTrigger: { eventType: 'google.cloud.firestore.document.v1.created', retry: false },
    },
    call: { platform: 'gcfv2', callableTrigger: {} },
  },
};

describe('the retry option of functions', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read from the manifest of the functions SDK', () => {
    assert.deepEqual(retriedFunctions(MANIFEST), ['onPaid']);
    assert.deepEqual(retriedFunctions({}), []);
  });

  it('is found by the key of a registration, whatever its region', () => {
    const path = join(folder, 'manifest.json');
    const isRetried = retryOptionsIn(path);
    assert.equal(isRetried('europe-west1-onPaid-0'), false, 'no manifest yet');
    writeFileSync(path, JSON.stringify(MANIFEST));
    assert.deepEqual(
      ['europe-west1-onPaid-0', 'onPaid-3', 'europe-west1-onSeen-0', 'europe-west1-notonPaid-0'].map(isRetried),
      [true, true, false, false],
    );
  });

  it('is off for all without a manifest', () =>
    assert.equal(retryOptionsIn(undefined)('europe-west1-onPaid-0'), false));
});
