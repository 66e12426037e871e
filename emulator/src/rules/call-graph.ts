/** Limits on calls between functions: recursion is refused, and the depth of calls is limited. */
import type { FunctionDeclaration } from './ast.js';

export interface CallGraph {
  /** Functions that conditions call. */
  readonly roots: Set<FunctionDeclaration>;
  readonly callees: Map<FunctionDeclaration, Set<FunctionDeclaration>>;
}

export interface CallFault {
  description: string;
  at: FunctionDeclaration;
}

/** The official compiler's message says 20, but a stack of 21 functions still passes. */
const MAX_STACK = 21;

/** Finds calls that break the limits, starting at conditions; at most one fault for each function. */
export function checkCallDepth({ roots, callees }: CallGraph, functions: readonly FunctionDeclaration[]): CallFault[] {
  const faults = new Map<FunctionDeclaration, CallFault>();
  const deepestVisit = new Map<FunctionDeclaration, number>();
  const visit = (called: FunctionDeclaration, stack: readonly FunctionDeclaration[]): void => {
    const description = stack.includes(called)
      ? 'Recursive call is not allowed.'
      : stack.length >= MAX_STACK
        ? `Maximum allowed call depth of 20 is reached for [${stack.map(({ name }) => name.name).join('->')}] call stack.`
        : undefined;
    if (description) {
      if (!faults.has(called)) faults.set(called, { description, at: called });
      return;
    }
    // Without this check, calls that branch and meet again would be walked once for each path.
    if ((deepestVisit.get(called) ?? -1) >= stack.length) return;
    deepestVisit.set(called, stack.length);
    for (const callee of callees.get(called) ?? []) visit(callee, [...stack, called]);
  };
  for (const root of roots) visit(root, []);
  // Functions that no condition reaches. After a fault they may be part of a stack that is already reported.
  if (faults.size === 0) for (const declared of functions) if (!deepestVisit.has(declared)) visit(declared, []);
  return [...faults.values()];
}

/** Returns the functions that a condition calls, directly or through others. */
export function calledFromConditions({ roots, callees }: CallGraph): ReadonlySet<FunctionDeclaration> {
  const reached = new Set(roots);
  // Iterating over a set includes values that are added during the iteration.
  for (const declared of reached) for (const callee of callees.get(declared) ?? []) reached.add(callee);
  return reached;
}
