import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StripeSnapshot } from './stripe/stripe-state.js';
import { LaunchError } from './suite/launch-error.js';

/** The file beside firebase's export with the state of the stand-ins and the seed of the city. */
const FILE = 'tiffin.json';

const Saved = z.object({ citySeed: z.int(), stripe: z.custom<StripeSnapshot>((value) => typeof value === 'object') });
export type SavedStack = z.infer<typeof Saved>;

/** Reads the saved state of the stand-ins. Throws a LaunchError for a folder that is not an export of a whole stack. */
export async function readSavedStack(folder: string): Promise<SavedStack> {
  const path = join(folder, FILE);
  try {
    return Saved.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const why = existsSync(path) ? `${path} cannot be read: ${String(error)}` : `${path} does not exist.`;
    throw new LaunchError(`${folder} cannot be imported.`, why, 'name a folder that --export-on-exit has written.');
  }
}

/** Writes the state of the stand-ins. Call this after firebase has written its export, which replaces the folder. */
export async function writeSavedStack(folder: string, saved: SavedStack): Promise<void> {
  await writeFile(join(folder, FILE), JSON.stringify(saved));
}
