import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';
import { readOptions } from '../command-line.js';
import { renderDart } from './dart/files.js';
import { renderGolden } from './golden.js';
import { renderKotlin } from './kotlin/files.js';
import { readContract, readSources } from './model/contract.js';
import { findBreakingChanges, isMajorRise, listMissingParts, type ComparedContract } from './schema/compatibility.js';
import { toContractSchema } from './schema/json-schema.js';
import { renderSwift } from './swift/files.js';
import { renderTypeScript } from './typescript/files.js';

const HELP = `Usage: npm run clients -- [--check | --check-compat FILE | --release]

Writes the generated files of the client packages in clients/ from the contract and the callables of the backend.
  --check               write nothing; fail where a file is not what would be written
  --check-compat FILE   compare with an earlier contract.schema.json: list the changes that break apps in use, and fail
                        unless the major version has risen (functions/src/contract/version.ts)
  --release             write clients/released.schema.json, with which the tests compare: what apps in use know. Fails
                        as --check-compat does
`;
const ROOT = join(import.meta.dirname, '../../..');
const CLIENTS = join(ROOT, 'clients');
const RELEASED = join(CLIENTS, 'released.schema.json');

/** The text of every generated file, by its path within clients/. */
async function renderClients(): Promise<Readonly<Record<string, string>>> {
  const sources = await readSources();
  const contract = readContract(sources);
  return {
    'contract.schema.json': JSON.stringify(toContractSchema(sources)),
    ...renderTypeScript(contract),
    ...renderKotlin(contract),
    ...renderGolden(contract),
    ...renderSwift(contract),
    ...renderDart(contract),
  };
}

/** Formats what Prettier knows and does not ignore. */
async function formatted(file: string, text: string): Promise<string> {
  const { ignored, inferredParser } = await getFileInfo(file, { ignorePath: join(ROOT, '.prettierignore') });
  return inferredParser && !ignored ? format(text, { ...(await resolveConfig(file)), filepath: file }) : text;
}

/** Writes what has changed, removes what is no longer generated, and returns the paths. */
async function write(isCheck: boolean): Promise<string[]> {
  const files = await renderClients();
  const changed = await listLeftovers(Object.keys(files));
  if (!isCheck) for (const path of changed) await rm(join(CLIENTS, path));
  for (const [path, rendered] of Object.entries(files)) {
    const file = join(CLIENTS, path);
    const text = await formatted(file, rendered);
    if ((await readFile(file, 'utf8').catch(() => undefined)) === text) continue;
    changed.push(path);
    if (isCheck) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return changed;
}

/** Lists generated files that a former version wrote: an app would compile them as well. */
async function listLeftovers(written: readonly string[]): Promise<string[]> {
  const folders = new Set(written.map((path) => dirname(path)).filter((path) => /(^|\/)generated$/i.test(path)));
  const found = await Promise.all(
    [...folders].map(async (folder) => (await readdir(join(CLIENTS, folder))).map((name) => `${folder}/${name}`)),
  );
  return found.flat().filter((path) => !written.includes(path));
}

async function readSchema(file: string): Promise<ComparedContract> {
  try {
    const schema = JSON.parse(await readFile(file, 'utf8'));
    const missing = listMissingParts(schema);
    if (missing.length === 0) return schema;
    console.error(`${file} is no complete contract.schema.json: it lacks ${missing.join(', ')}.`);
  } catch (error) {
    console.error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  process.exit(1);
}

async function checkCompatibility(file: string): Promise<void> {
  const before = await readSchema(file);
  const after = JSON.parse(JSON.stringify(toContractSchema(await readSources())));
  const changes = findBreakingChanges(before, after);
  if (changes.length === 0) return console.log(`Nothing since version ${before.version} breaks apps in use.`);
  console.log(['These changes break apps in use:', ...changes].join('\n  '));
  if (isMajorRise(before, after))
    return console.log(`The major version has risen: ${before.version} → ${after.version}.`);
  console.error(`Raise the major version in functions/src/contract/version.ts, or undo them (now ${after.version}).`);
  process.exitCode = 1;
}

async function writeOrCheck(isCheck: boolean): Promise<void> {
  const changed = await write(isCheck);
  if (changed.length === 0) return console.log('The client packages are up to date.');
  if (!isCheck) return console.log(`Written or removed: ${changed.join(', ')}`);
  console.error(`Not up to date, run \`npm run clients\`: ${changed.join(', ')}`);
  process.exitCode = 1;
}

/** The contract without comments, as one line: what a release of the apps is built with. */
async function release(): Promise<void> {
  await checkCompatibility(RELEASED);
  if (process.exitCode === 1) return;
  const schema = toContractSchema(await readSources());
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === 'description' && typeof value === 'string' ? undefined : value,
  );
  await writeFile(RELEASED, `${text}\n`);
  console.log(`Written: released.schema.json of version ${schema.version}`);
}

const values = readOptions(process.argv.slice(2), HELP, {
  check: { type: 'boolean' },
  'check-compat': { type: 'string' },
  release: { type: 'boolean' },
});
if (Object.keys(values).length > 1) {
  console.error(HELP);
  process.exitCode = 1;
} else if (values['check-compat'] !== undefined) await checkCompatibility(values['check-compat']);
else if (values.release) await release();
else await writeOrCheck(values.check === true);
