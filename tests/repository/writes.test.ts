import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = 'functions/src';
/** Where documents are translated, and where ciphers and a payment provider's objects have an `update` of their own. */
const EXEMPT = ['platform/stored.ts', 'core/seal.ts', 'payments/stripe-disputes.ts', 'payments/stripe-intents.ts'];

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !EXEMPT.includes(file.replaceAll('\\', '/')),
);

/** Lines of the sources that match, as `file: line`. */
function linesWith(pattern: RegExp): string[] {
  return files.flatMap((file) =>
    readFileSync(join(SOURCES, file), 'utf8')
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
}

describe('writes to Firestore', () => {
  it('update fields only through platform/stored.ts, which checks them by the schema', () => {
    const unchecked = linesWith(/\.update\(/).filter((line) => !/createH(ash|mac)/.test(line));
    assert.deepEqual(unchecked, []);
  });

  it('create and set whole documents only by references with a schema', () => {
    assert.deepEqual(linesWith(/\b(set|create)\(\s*(ctx\.)?db\.(doc|collection)\(/), []);
    assert.deepEqual(linesWith(/\{ merge: true \}/), []);
  });
});
