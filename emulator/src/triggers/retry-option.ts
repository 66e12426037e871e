import { existsSync, readFileSync } from 'node:fs';
import { isJsonObject, type Json } from '../protocol/schema.js';

/** Tells by the key under which a function was registered whether it was written with `retry: true`. */
export type IsRetried = (key: string) => boolean;

/**
 * Reads the options from the manifest that the functions SDK writes (`FUNCTIONS_MANIFEST_OUTPUT_PATH`), for
 * firebase-tools leaves `retry` out when it registers a trigger. It is read anew whenever a function has failed, so it
 * may be written later than this starts; without it no function is retried, which is production's default.
 */
export function retryOptionsIn(manifestPath: string | undefined): IsRetried {
  return (key) => {
    if (manifestPath === undefined || !existsSync(manifestPath)) return false;
    const manifest: Json = JSON.parse(readFileSync(manifestPath, 'utf8'));
    return retriedFunctions(manifest).some((id) => isKeyOf(key, id));
  };
}

/** The ids of the functions that are retried. Source: firebase-functions, "ManifestEndpoint". */
export function retriedFunctions(manifest: Json): string[] {
  const endpoints = isJsonObject(manifest) ? manifest['endpoints'] : undefined;
  if (!isJsonObject(endpoints)) return [];
  return Object.entries(endpoints).flatMap(([id, endpoint]) => {
    const trigger = isJsonObject(endpoint) ? endpoint['eventTrigger'] : undefined;
    return isJsonObject(trigger) && trigger['retry'] === true ? [id] : [];
  });
}

/** A key is `<region>-<id>-<generation of the code>`. Source: firebase-tools, functionsEmulator.js. */
function isKeyOf(key: string, id: string): boolean {
  return `-${key}`.replace(/-\d+$/, '').endsWith(`-${id}`);
}
