import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Programs } from './bundle.js';

export type Environment = Record<string, string | undefined>;

/** Returns whether Google's own programs are to run: a real Java 21, and JARs that firebase-tools downloads. */
export function isOfficial(env: Environment): boolean {
  return env['OFFICIAL'] === '1';
}

/**
 * Returns the environment of firebase-tools and its child processes. Without `programs` they use the machine's Java.
 * `scratch` is a folder of the project for files that would go into a home folder.
 */
export function suiteEnvironment(
  base: Environment,
  projectId: string,
  binFolder: string,
  programs: Programs | undefined,
  scratch: string,
): Environment {
  return {
    ...base,
    ...getHome(base, projectId, scratch),
    ...(programs ? javaStandIn(base, binFolder, programs) : {}),
    CI: base['CI'] ?? '1',
    NO_UPDATE_NOTIFIER: '1',
    // Without it the Admin SDK searches for Google's metadata server at every start.
    METADATA_SERVER_DETECTION: 'none',
    // firebase-tools asks npm for the latest firebase-functions; without a network npm tries for ten seconds.
    npm_config_offline: 'true',
  };
}

function javaStandIn(base: Environment, binFolder: string, programs: Programs): Environment {
  return {
    PATH: [binFolder, dirname(process.execPath), base['PATH']].filter(Boolean).join(delimiter),
    FIRESTORE_EMULATOR_BINARY_PATH: programs.firestore,
    STORAGE_EMULATOR_BINARY_PATH: programs.storageRules,
  };
}

/**
 * Returns the home folder: a demo project needs no login, so its settings, such as the analytics choice, are kept apart
 * from the developer's.
 */
function getHome(base: Environment, projectId: string, scratch: string): Environment {
  const home = isUsable(base['HOME']) ? base['HOME'] : join(scratch, 'home');
  if (home === base['HOME'] && !projectId.startsWith('demo-')) return {};
  const config = join(scratch, 'config');
  for (const folder of [home, config]) if (folder) mkdirSync(folder, { recursive: true });
  return { HOME: home, XDG_CONFIG_HOME: config };
}

function isUsable(home: string | undefined): boolean {
  if (!home) return false;
  try {
    accessSync(home, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
