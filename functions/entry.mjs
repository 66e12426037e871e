// Writes the entry of the deployed functions from the definitions: one export for each callable of src/calls and each
// trigger of src/app/triggers. The options that the platform asks for before a call are copied into the entry, so that
// a cold start loads no schema.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** @param {string} source Folder of the sources. @param {string} root Folder with node_modules. */
export async function writeEntry(source, root) {
  const folder = mkdtempSync(join(root, '.entry-'));
  try {
    const calls = await load(join(source, 'calls'), join(folder, 'calls'));
    const triggers = await namesOf(join(source, 'app/triggers'), join(folder, 'triggers'));
    return [
      "const { callable, trigger } = require('./app/select.js');",
      ...calls.flatMap(({ name, exported }) =>
        Object.entries(exported).flatMap(([group, value]) => callsOf(name, group, value)),
      ),
      ...triggers.flatMap(({ name, names }) =>
        names.map((one) => `exports.${one} = trigger('${one}', () => require('./app/triggers/${name}.js'));`),
      ),
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The exports of every module of a folder, the modules bundled. */
async function load(folder, outdir) {
  await bundle(folder, outdir);
  return Promise.all(
    modulesOf(folder).map(async (name) => ({
      name,
      exported: { ...(await import(pathToFileURL(join(outdir, `${name}.mjs`)).href)) },
    })),
  );
}

/** The names alone: nothing is run for them. */
async function namesOf(folder, outdir) {
  const { outputs } = (await bundle(folder, outdir)).metafile;
  const exportsOf = (name) =>
    Object.entries(outputs).find(([file]) => file.endsWith(`/${name}.mjs`))?.[1].exports ?? [];
  return modulesOf(folder).map((name) => ({ name, names: exportsOf(name) }));
}

const modulesOf = (folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, ''));

const bundle = (folder, outdir) =>
  build({
    entryPoints: modulesOf(folder).map((name) => join(folder, `${name}.ts`)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    metafile: true,
    logLevel: 'error',
  });

/** `ORDER_CALLS` and its like: every other export of src/calls is a schema or a type. */
function callsOf(module, group, definitions) {
  if (!group.endsWith('_CALLS')) return [];
  return Object.entries(definitions).map(([name, { secrets, limitedUse, decodesPhotos }]) => {
    const options = JSON.stringify({ secrets, limitedUse, decodesPhotos });
    const definition = `async () => (await import('./calls/${module}.js')).${group}.${name}`;
    return `exports.${name} = callable('${name}', () => require('./app/deploy.js'), ${options}, ${definition});`;
  });
}
