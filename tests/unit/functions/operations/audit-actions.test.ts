import assert from 'node:assert/strict';
import { z } from 'zod';
import { findOperatorRoles } from '#functions/authority/operator-calls.js';
import { CALLABLES, type CallableName } from '#functions/calls/callables.js';
import { AUDIT_ACTIONS } from '#functions/contract/operations.js';

const isCallable = (name: string): name is CallableName => name in CALLABLES;
const isOfOperators = (name: string): boolean => isCallable(name) && findOperatorRoles(name) !== null;

/** They change nothing, and contain no personal data. */
const READING: readonly string[] = ['monthReport', 'readEta'];

/** They only read, or have a `reference` that is the reason. */
const WITHOUT_REASON: readonly string[] = [
  ...READING,
  'courierBalance',
  'courierStatement',
  'payoutsReport',
  'recordCourierPayment',
  'recordRiderPayment',
];

describe('the actions of the audit', () => {
  it('have a reason, which an operator gives with each call that changes something', () => {
    const silent = Object.entries(CALLABLES).filter(([name, { input }]) => {
      const schema = JSON.stringify(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }));
      return isOfOperators(name) && !schema.includes('"reason"') && !WITHOUT_REASON.includes(name);
    });
    assert.deepEqual(
      silent.map(([name]) => name),
      [],
    );
  });

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
