import { onCall, type CallableFunction, type CallableOptions } from 'firebase-functions/https';
import type { CallableName, Definition } from '../calls/callables.js';
import type { DeployedOptions } from '../calls/define-callable.js';
import { PIN_SECRET, ROUTES_KEY, STRIPE_SECRET_KEY } from '../platform/params.js';
import { COMMON, DECODING } from './common-options.js';

const SECRETS = { STRIPE_SECRET_KEY, ROUTES_KEY };

/**
 * Deploys a callable with App Check enforced. Its definition, its handler and their imports are loaded on the first
 * call.
 */
export function deployCallable<N extends CallableName>(
  name: N,
  options: DeployedOptions,
  load: () => Promise<Definition<N>>,
): CallableFunction<unknown, Promise<unknown>> {
  return onCall(toCallableOptions(options), async (request) => {
    const [{ runCallable }, definition] = await Promise.all([import('./run-callable.js'), load()]);
    return runCallable(name, definition, request);
  });
}

function toCallableOptions({ secrets = [], limitedUse, decodesPhotos }: DeployedOptions): CallableOptions {
  return {
    ...COMMON,
    // A photo is decoded here when the trigger of its upload has not run yet.
    ...(decodesPhotos && DECODING),
    secrets: [PIN_SECRET, ...secrets.map((secret) => SECRETS[secret])],
    ...(limitedUse && { consumeAppCheckToken: true }),
    enforceAppCheck: true,
  };
}
