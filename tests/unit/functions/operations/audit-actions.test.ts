import assert from 'node:assert/strict';
import { CALLABLES } from '#functions/calls/callables.js';
import { AUDIT_ACTIONS } from '#functions/contract/operations.js';

/** They change nothing, and contain no personal data. */
const READING: readonly string[] = ['monthReport'];

describe('the actions of the audit', () => {
  it('include every callable that only an operator may call, except those that only read', () => {
    const ofOperators = Object.entries(CALLABLES).filter(([, { roles }]) => roles?.join() === 'operator');
    const names = ofOperators.map(([name]) => name);
    assert.equal(names.includes('publishShift'), true);
    const actions: readonly string[] = AUDIT_ACTIONS;
    assert.deepEqual(
      names.filter((name) => !actions.includes(name) && !READING.includes(name)),
      [],
    );
  });
});
