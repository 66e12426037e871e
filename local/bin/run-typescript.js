// Runs the script in this process, so that signals reach it directly and its exit code is that of the process.
'use strict';
const { resolve } = require('node:path');
const { pathToFileURL } = require('node:url');

const script = resolve(process.argv[2] ?? '');
process.argv.splice(1, 2, script);
run().catch((error) => {
  console.error(error);
  process.exit(1);
});

async function run() {
  const { register } = await load();
  register();
  await import(pathToFileURL(script).href);
}

async function load() {
  try {
    return await import('tsx/esm/api');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('The packages are missing: run npm install first.');
    process.exit(1);
  }
}
