import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseCommentedJson } from '../../../emulator/src/commented-json.js';
import { LaunchError } from './launch-error.js';

/** Default ports of firebase-tools, for emulators without a port in firebase.json. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  auth: 9099,
  eventarc: 9299,
  firestore: 8080,
  functions: 5001,
  hosting: 5000,
  hub: 4400,
  logging: 4500,
  storage: 9199,
  tasks: 9499,
};
const ALWAYS = ['hub', 'logging'];
const WITH_FUNCTIONS = ['eventarc', 'tasks'];

const Config = z.looseObject({ emulators: z.record(z.string(), z.unknown()).default({}) });
const Emulator = z.looseObject({ port: z.int().optional(), websocketPort: z.int().optional() });

export interface SuiteConfig {
  /** The port of each emulator that will run. */
  readonly ports: Readonly<Record<string, number>>;
  /** The name of the configuration file beside firebase.json, for `--config`. */
  readonly file: string;
  remove(): Promise<void>;
}

/** Changes of a stack to the configuration in firebase.json. */
export interface SuiteChanges {
  readonly portOffset?: number;
  readonly host?: string;
  readonly functionsSource?: string;
}

/**
 * Reads firebase.json. With a change, writes a copy **beside** it: firebase-tools
 * refuses rules and sources outside of the folder of its configuration.
 */
export async function readSuiteConfig(
  root: string,
  only: readonly string[] | undefined,
  { portOffset = 0, host, functionsSource }: SuiteChanges = {},
): Promise<SuiteConfig> {
  const config = Config.parse(await readJson(join(root, 'firebase.json')));
  const names = runningEmulators(config.emulators, only);
  const ports = Object.fromEntries(names.map((name) => [name, getPort(config.emulators, name) + portOffset]));
  if (portOffset === 0 && host === undefined && functionsSource === undefined)
    return { ports, file: 'firebase.json', remove: async () => {} };
  const file = `.firebase.offset-${portOffset}.json`;
  const shifted = Object.fromEntries(
    names.map((name) => [
      name,
      { ...shift(config.emulators[name], ports[name] ?? 0, portOffset), ...(host === undefined ? {} : { host }) },
    ]),
  );
  await writeFile(
    join(root, file),
    JSON.stringify(
      { ...withFunctions(config, functionsSource), emulators: { ...config.emulators, ...shifted } },
      null,
      2,
    ),
  );
  return { ports, file, remove: () => rm(join(root, file), { force: true }) };
}

function runningEmulators(emulators: Readonly<Record<string, unknown>>, only: readonly string[] | undefined): string[] {
  const requested = (only ?? Object.keys(emulators)).map((name) => name.split(':')[0] ?? name);
  const implied = requested.includes('functions') ? [...ALWAYS, ...WITH_FUNCTIONS] : ALWAYS;
  return [...new Set([...requested, ...implied])].filter((name) => DEFAULT_PORTS[name] !== undefined);
}

function getPort(emulators: Readonly<Record<string, unknown>>, name: string): number {
  return Emulator.safeParse(emulators[name]).data?.port ?? DEFAULT_PORTS[name] ?? 0;
}

function withFunctions(config: z.infer<typeof Config>, source: string | undefined): object {
  if (source === undefined) return config;
  return {
    ...config,
    functions: [config['functions'] ?? []].flat().map((each: unknown) => ({ ...Object(each), source })),
  };
}

function shift(emulator: unknown, port: number, offset: number): object {
  const { websocketPort, ...rest } = Emulator.safeParse(emulator).data ?? {};
  return { ...rest, port, ...(websocketPort === undefined ? {} : { websocketPort: websocketPort + offset }) };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return parseCommentedJson(await readFile(path, 'utf8'));
  } catch (error) {
    throw new LaunchError(`${path} cannot be read.`, String(error), 'run the launcher in the folder of firebase.json.');
  }
}
