import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');

describe('the generated files of the client packages', function () {
  this.timeout(120_000);

  it('are those of the contract: npm run clients', async () => {
    const command = ['local/bin/run.js', 'local/src/clients/write-clients.ts', '--check'];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT });
    assert.match(stdout, /up to date/);
  });

  it('compile in strict mode as a package of their own', async () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [tsc, '-p', 'clients/typescript', '--noEmit'], { cwd: ROOT });
  });
});
