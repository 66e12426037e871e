import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { LaunchError } from './launch-error.js';

/** The two helper programs of firebase-tools, as single JavaScript files. */
export interface Programs {
  readonly firestore: string;
  readonly storageRules: string;
}

/** CommonJS, because Node starts a CommonJS bundle sooner than a bundle of modules. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  outExtension: { '.js': '.cjs' },
  logLevel: 'error',
} as const;

/** Bundles both emulator programs (about 0.1 s), so that each starts without a TypeScript loader. */
export async function bundleEmulators(repository: string): Promise<Programs> {
  const source = join(repository, 'emulator/src');
  const outdir = join(repository, 'emulator/lib');
  const entryPoints = { firestore: join(source, 'main.ts'), 'storage-rules': join(source, 'storage-rules/main.ts') };
  const absent = Object.values(entryPoints).filter((path) => !existsSync(path));
  if (absent.length > 0)
    throw new LaunchError('The emulators cannot be built.', `${absent.join(', ')} is missing.`, 'git restore emulator');
  await build({ ...BUNDLE_OPTIONS, entryPoints, outdir, sourcemap: true });
  return { firestore: join(outdir, 'firestore.cjs'), storageRules: join(outdir, 'storage-rules.cjs') };
}
