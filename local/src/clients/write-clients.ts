import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readOptions } from '../command-line.js';
import { readContract } from './model/contract.js';
import { renderTypeScript } from './typescript/files.js';

const HELP = `Usage: npm run clients -- [--check]

Writes the generated files of the client packages in clients/ from the contract and the callables of the backend.
  --check   write nothing; fail where a file is not what would be written
`;
const CLIENTS = join(import.meta.dirname, '../../../clients');

const values = readOptions(process.argv.slice(2), HELP, { check: { type: 'boolean' } });
const stale: string[] = [];
for (const [path, text] of Object.entries(renderTypeScript(await readContract()))) {
  const file = join(CLIENTS, path);
  const formatted = await format(text, { ...(await resolveConfig(file)), filepath: file });
  const current = await readFile(file, 'utf8').catch(() => undefined);
  if (current === formatted) continue;
  stale.push(path);
  if (values.check) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, formatted);
}
if (values.check && stale.length > 0) {
  console.error(`Not up to date, run \`npm run clients\`: ${stale.join(', ')}`);
  process.exitCode = 1;
} else console.log(stale.length > 0 ? `Written: ${stale.join(', ')}` : 'The client packages are up to date.');
