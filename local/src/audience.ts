import { findOperatorRoles } from '../../functions/src/authority/operator-calls.js';
import { CALLABLES, type CallableName } from '../../functions/src/calls/callables.js';

/** Returns who may make a callable, with the roles of operators where it is for them. */
export function describeAudience(name: CallableName): string {
  const roles = findOperatorRoles(name);
  return roles ? `${CALLABLES[name].audience} (${roles.join(', ')})` : CALLABLES[name].audience;
}
