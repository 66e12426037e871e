import assert from 'node:assert/strict';
import { CALLABLES } from '#functions/calls/callables.js';
import { AUDIT_ACTIONS } from '#functions/contract/operations.js';

describe('the actions of the audit', () => {
  it('include every callable that only an operator may call', () => {
    const ofOperators = Object.entries(CALLABLES).filter(([, { roles }]) => roles?.join() === 'operator');
    const names = ofOperators.map(([name]) => name);
    assert.equal(names.includes('publishShift'), true);
    const actions: readonly string[] = AUDIT_ACTIONS;
    assert.deepEqual(
      names.filter((name) => !actions.includes(name)),
      [],
    );
  });
});
