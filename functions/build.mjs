// Bundles the project's own code into lib/index.cjs or the named folder; packages stay outside. A module runs when it
// is first asked for. CommonJS, because the platform's loaders require the entry, and an ES module that waits cannot be
// required. Bundling own code only keeps cold starts short; minified names are kept for stack traces.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeEntry } from './entry.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const [outdir = here('lib')] = process.argv.slice(2);

const contents = await writeEntry(here('src'), here('.'));
/** The entry is written from the definitions, as if it were src/index.ts. */
const entry = {
  name: 'entry',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^tiffin:entry$/ }, () => ({ path: 'index', namespace: 'entry' }));
    onLoad({ filter: /.*/, namespace: 'entry' }, () => ({ contents, resolveDir: here('src'), loader: 'js' }));
  },
};

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: { index: 'tiffin:entry' },
  plugins: [entry],
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
});
