import type { CallableName, Definition } from '../calls/callables.js';
import type { DeployedOptions } from '../calls/define-callable.js';

/**
 * The one function that this process serves: each deployed function is a container of its own. Undefined at the
 * deployment's discovery and in the emulator, which serve all of them from one process.
 */
const TARGET = process.env['FUNCTIONS_EMULATOR'] === 'true' ? undefined : process.env['FUNCTION_TARGET'];

const isWanted = (name: string): boolean => TARGET === undefined || TARGET === name;

/**
 * A callable, where this process serves it: nothing of the other functions is loaded. The platform's loaders require
 * the entry, so what is loaded before the first call is required as well.
 */
export function callable<N extends CallableName>(
  name: N,
  deploy: () => typeof import('./deploy.js'),
  options: DeployedOptions,
  load: () => Promise<Definition<N>>,
): unknown {
  return isWanted(name) ? deploy().deployCallable(name, options, load) : undefined;
}

/** A trigger, a request handler or a schedule, where this process serves it. */
export function trigger<N extends string, T>(name: N, load: () => Record<N, T>): T | undefined {
  return isWanted(name) ? load()[name] : undefined;
}
