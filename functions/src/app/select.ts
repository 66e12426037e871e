import type { CallableName, Definition } from '../calls/callables.js';
import type { DeployedOptions } from '../calls/define-callable.js';

/**
 * The one function that this process serves: each deployed function is a container of its own. Undefined during the
 * discovery of a deployment and in the emulator, which serve all functions from one process.
 */
const TARGET = process.env['FUNCTIONS_EMULATOR'] === 'true' ? undefined : process.env['FUNCTION_TARGET'];

const isWanted = (name: string): boolean => TARGET === undefined || TARGET === name;

/**
 * Returns a callable if this process serves it; the other functions are not loaded. The platform's loaders use
 * `require` for the entry, so modules loaded before the first call are required as well.
 */
export function callable<N extends CallableName>(
  name: N,
  deploy: () => typeof import('./deploy.js'),
  options: DeployedOptions,
  load: () => Promise<Definition<N>>,
): unknown {
  return isWanted(name) ? deploy().deployCallable(name, options, load) : undefined;
}

/** Returns a trigger, a request handler or a schedule if this process serves it. */
export function trigger<N extends string, T>(name: N, load: () => Record<N, T>): T | undefined {
  return isWanted(name) ? load()[name] : undefined;
}
