import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { retryOptions, retryOptionsIn } from '#emulator/triggers/retry-option.js';

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

  const discover = (name: string, manifest: object, writtenSeconds: number): void => {
    const path = join(folder, `firebase-discovery-${name}`, 'functions.yaml');
    mkdirSync(dirname(path));
    writeFileSync(path, JSON.stringify(manifest));
    utimesSync(path, writtenSeconds, writtenSeconds);
  };

  it('is read from the manifest of the functions SDK', () => {
    assert.deepEqual(
      [...retryOptions(MANIFEST)],
      [
        ['onPaid', true],
        ['onSeen', false],
        ['call', false],
      ],
    );
    assert.deepEqual([...retryOptions({})], []);
  });

  it('is found by the key of a registration, in any region', () => {
    const isRetried = retryOptionsIn(folder);
    assert.equal(isRetried('europe-west1-onPaid-0'), false, 'no manifest yet');
    discover('a', MANIFEST, 1);
    assert.deepEqual(
      ['europe-west1-onPaid-0', 'onPaid-3', 'europe-west1-onSeen-0', 'europe-west1-notonPaid-0'].map(isRetried),
      [true, true, false, false],
    );
  });

  it('is that of the newest manifest that names the function', () => {
    const isRetried = retryOptionsIn(folder);
    discover('b', MANIFEST, 1);
    discover('a', { endpoints: { onPaid: { eventTrigger: { retry: false } } } }, 2);
    discover('c', { endpoints: { another: { eventTrigger: { retry: true } } } }, 3);
    assert.deepEqual(['onPaid-1', 'another-0', 'onSeen-0'].map(isRetried), [false, true, false]);
  });

  it('is off for all without a manifest', () =>
    assert.equal(retryOptionsIn(undefined)('europe-west1-onPaid-0'), false));
});
