import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort } from '#fixtures/free-port.js';

const MAIN = fileURLToPath(new URL('../../../emulator/src/main.ts', import.meta.url));

describe('the Firestore program', function () {
  this.timeout(30_000);

  function start(port: number, ...args: string[]): ChildProcess {
    const own = ['--import', 'tsx', MAIN, '--port', String(port), '--websocket_port', '9150', ...args];
    const env = { ...process.env, FIRESTORE_EMULATOR_ENFORCE_INDEXES: '0' };
    return spawn(process.execPath, own, { stdio: ['ignore', 'pipe', 'pipe'], env });
  }

  /** The exit code after `stop`, which is called when the program says that it runs. */
  async function codeAfter(stop: (program: ChildProcess, port: number) => unknown): Promise<number | null> {
    const port = await freePort();
    const program = start(port);
    program.stdout?.once('data', () => stop(program, port));
    const [code]: (number | null)[] = await once(program, 'exit');
    return code ?? null;
  }

  it('exits with 130 on SIGINT, with 143 on SIGTERM, with 0 on a shutdown request', async () => {
    const codes = await Promise.all([
      codeAfter((program) => program.kill('SIGINT')),
      codeAfter((program) => program.kill('SIGTERM')),
      codeAfter((_, port) => fetch(`http://127.0.0.1:${port}/shutdown`, { method: 'POST' })),
    ]);
    assert.deepEqual(codes, [130, 143, 0]);
  });

  /** On a connection of its own, which the server closes with its answer. */
  async function post(port: number, path: string, body: string): Promise<number | undefined> {
    const call = request({ port, host: '127.0.0.1', method: 'POST', path, agent: false });
    call.end(body);
    const [response]: IncomingMessage[] = await once(call, 'response');
    response?.resume();
    return response?.statusCode;
  }

  it('responds to an unsupported request once all of it has arrived', async () => {
    const port = await freePort();
    const program = start(port);
    await once(program.stdout ?? program, 'data');
    const paths = [
      'nowhere',
      'emulator/v1/nowhere',
      'v1/nowhere',
      'google.firestore.v1.Firestore/Listen/channel?SID=none',
    ];
    const statuses: unknown[] = [];
    try {
      for (const path of paths) statuses.push(await post(port, `/${path}`, 'x'.repeat(8_000_000)));
    } finally {
      program.kill('SIGINT');
    }
    assert.deepEqual(statuses, [404, 404, 404, 400]);
  });

  async function failure(program: ChildProcess): Promise<[code: unknown, said: string]> {
    const said = program.stderr ? text(program.stderr) : Promise.resolve('');
    const [code]: unknown[] = await once(program, 'exit');
    return [code, await said];
  }

  it('reports an address in use as firebase-tools expects, and exits with 1', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const [code, said] = await failure(start(typeof address === 'object' && address ? address.port : 0));
    holder.close();
    assert.equal(code, 1);
    assert.match(said, /address already in use/);
  });

  it('exits with 1 when its seed or its rules cannot be read', async () => {
    const failures = await Promise.all(
      ['--seed_from_export', '--rules'].map(async (flag) => failure(start(await freePort(), flag, '/nowhere'))),
    );
    for (const [code, said] of failures) {
      assert.equal(code, 1);
      assert.match(said, /nowhere/);
    }
  });
});
