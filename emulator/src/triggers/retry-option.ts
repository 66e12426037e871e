import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type Json } from '../protocol/schema.js';

/** Returns whether the function that is registered under a key is retried (`retry: true`). */
export type IsRetried = (key: string) => boolean;

/** The prefix of the folders that firebase-tools creates for manifests; it never removes them. */
const DISCOVERY_FOLDER = /^firebase-discovery-/;

/**
 * Reads the `retry` options from the manifests of the functions, because firebase-tools leaves `retry` out when it
 * registers a trigger. With `FIREBASE_FUNCTIONS_DISCOVERY_OUTPUT_PATH=true` each discovery writes
 * `firebase-discovery-…/functions.yaml` (JSON) into the temporary folder of firebase-tools. The manifests are read
 * again after each failure of a function; the newest one that names the function applies. A function that no manifest
 * names is not retried, which is production's default.
 */
export function retryOptionsIn(folder: string | undefined): IsRetried {
  return (key) => {
    if (folder === undefined) return false;
    for (const manifest of readManifests(folder)) {
      const options = retryOptions(manifest);
      const id = [...options.keys()].find((each) => isKeyForFunction(key, each));
      if (id !== undefined) return options.get(id) ?? false;
    }
    return false;
  };
}

/** Reads the manifests, the newest first. */
function readManifests(folder: string): Json[] {
  return readdirSync(folder)
    .filter((name) => DISCOVERY_FOLDER.test(name))
    .map((name) => join(folder, name, 'functions.yaml'))
    .filter((path) => existsSync(path))
    .map((path) => ({ path, writtenMs: statSync(path).mtimeMs }))
    .sort((one, other) => other.writtenMs - one.writtenMs)
    .map(({ path }): Json => JSON.parse(readFileSync(path, 'utf8')));
}

/** Returns the option of each function of a manifest by id. Source: firebase-functions, "ManifestEndpoint". */
export function retryOptions(manifest: Json): Map<string, boolean> {
  const endpoints = isJsonObject(manifest) ? manifest['endpoints'] : undefined;
  if (!isJsonObject(endpoints)) return new Map();
  return new Map(
    Object.entries(endpoints).map(([id, endpoint]) => {
      const trigger = isJsonObject(endpoint) ? endpoint['eventTrigger'] : undefined;
      return [id, isJsonObject(trigger) && trigger['retry'] === true];
    }),
  );
}

/**
 * Returns whether a key `<region>-<id>-<generation of the code>` is that of a function. Source: firebase-tools,
 * functionsEmulator.js.
 */
function isKeyForFunction(key: string, id: string): boolean {
  return `-${key}`.replace(/-\d+$/, '').endsWith(`-${id}`);
}
