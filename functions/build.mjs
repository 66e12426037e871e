// Bundles the project's own code into lib/ or the named folder, one chunk per lazily loaded module; packages stay outside.
// Bundling own code only keeps cold starts short; minified names are kept for stack traces.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const [outdir = here('lib')] = process.argv.slice(2);

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: [here('src/index.ts')],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
});
