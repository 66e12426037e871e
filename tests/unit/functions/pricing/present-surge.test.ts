import assert from 'node:assert/strict';
import { selectSurgePpm } from '#functions/pricing/present-surge.js';
import { aZone, START_MS } from '#fixtures/catalogue.js';
import { aSurge } from '#fixtures/documents/operations.js';

describe('selectSurgePpm', () => {
  const stored = aSurge({ surgePpm: 1_500_000, untilMs: START_MS + 1 });
  const select = (autoSurge: { maxPpm: number } | null, ownPpm: number, nowMs = START_MS) =>
    selectSurgePpm(aZone({ autoSurge, pricing: { surgePpm: ownPpm } }), stored, nowMs);

  it('is the automatic one until it expires', () => {
    assert.equal(select({ maxPpm: 2_000_000 }, 1_000_000), 1_500_000);
    assert.equal(select({ maxPpm: 2_000_000 }, 1_000_000, START_MS + 1), 1_000_000);
  });
  it('is the operator’s where there is one, lower than the automatic one as well', () => {
    assert.equal(select({ maxPpm: 2_000_000 }, 1_250_000), 1_250_000);
    assert.equal(select(null, 1_250_000), 1_250_000);
  });
  it('is none in a zone that no longer has an automatic one, and at most its present maximum', () => {
    assert.equal(select(null, 1_000_000), 1_000_000);
    assert.equal(select({ maxPpm: 1_200_000 }, 1_000_000), 1_200_000);
  });
});
