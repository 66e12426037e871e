import type { CallableName, Definition } from '../calls/callables.js';
import type { DeployedOptions } from '../calls/define-callable.js';

/**
 * The one function that this process serves: each deployed function is a container of its own. Undefined at the
 * deployment's discovery and in the emulator, which serve all of them from one process.
 */
const TARGET = process.env['FUNCTIONS_EMULATOR'] === 'true' ? undefined : process.env['FUNCTION_TARGET'];

const isWanted = (name: string): boolean => TARGET === undefined || TARGET === name;

/** A callable, where this process serves it: nothing of the other functions is loaded. */
export async function callable<N extends CallableName>(
  name: N,
  options: DeployedOptions,
  load: () => Promise<Definition<N>>,
): Promise<unknown> {
  if (!isWanted(name)) return undefined;
  const { deployCallable } = await import('./deploy.js');
  return deployCallable(name, options, load);
}

/** A trigger, a request handler or a schedule, where this process serves it. */
export async function trigger<N extends string, T>(name: N, load: () => Promise<Record<N, T>>): Promise<T | undefined> {
  return isWanted(name) ? (await load())[name] : undefined;
}
