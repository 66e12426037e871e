import assert from 'node:assert/strict';
import { isRevoked, UserRecords } from '#functions/platform/identity.js';
import type { UserRecord } from '#functions/platform/context.js';

const START_MS = 1_760_000_000_000;

describe('UserRecords', () => {
  let nowMs = START_MS;
  let role: 'courier' | 'customer' = 'courier';
  let reads = 0;
  let records: UserRecords;
  const roleOf = async (notBeforeMs = 0) => (await records.get('omar', notBeforeMs)).claims.role;

  beforeEach(() => {
    [nowMs, role, reads] = [START_MS, 'courier', 0];
    records = new UserRecords(
      () => nowMs,
      () => {
        reads += 1;
        return Promise.resolve({ disabled: false, validAfterMs: 0, claims: { role } });
      },
    );
  });

  it('are cached for less than half a minute', async () => {
    await roleOf();
    role = 'customer';
    nowMs += 29_999;
    assert.deepEqual([await roleOf(), reads], ['courier', 1]);
    nowMs += 1;
    assert.deepEqual([await roleOf(), reads], ['customer', 2]);
  });

  it('are read again for a token that was issued since, and once only', async () => {
    role = 'customer';
    await roleOf();
    role = 'courier';
    nowMs += 1_000;
    assert.deepEqual([await roleOf(START_MS), reads], ['customer', 1]);
    assert.deepEqual([await roleOf(START_MS + 1), reads], ['courier', 2]);
    assert.deepEqual([await roleOf(START_MS + 1), reads], ['courier', 2]);
  });

  it('are read again once they were invalidated', async () => {
    await roleOf();
    records.forget('omar');
    await roleOf();
    assert.equal(reads, 2);
  });
});

describe('isRevoked', () => {
  const record: UserRecord = { disabled: false, validAfterMs: START_MS, claims: {}, readAtMs: START_MS };
  it('is true for a sign-in before the revocation, and for a blocked user', () => {
    assert.equal(isRevoked(record, START_MS - 1), true);
    assert.equal(isRevoked(record, START_MS), false);
    assert.equal(isRevoked({ ...record, disabled: true }, START_MS), true);
  });
});
