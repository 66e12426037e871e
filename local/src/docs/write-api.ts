import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readOptions } from '../command-line.js';
import { renderApiReference } from './api-reference.js';

const HELP = `Writes docs/api.md from the definitions of the callables in functions/src/calls.

  npm run docs:api
`;
const FILE = join(import.meta.dirname, '../../../docs/api.md');

readOptions(process.argv.slice(2), HELP, {});
await writeFile(FILE, await format(renderApiReference(), { ...(await resolveConfig(FILE)), parser: 'markdown' }));
console.log('docs/api.md written');
