import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';

const FILE = join(import.meta.dirname, '../../../clients/typescript/src/local-app-check.ts');

describe('App Check for the emulators', () => {
  it('creates a token without Node, as in a browser', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { createToken } from ${JSON.stringify(FILE)}; globalThis.token = createToken('demo-ü', '1:1:web:1');`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      logLevel: 'error',
    });
    // What browsers have, and no Buffer or process.
    const page: Record<string, unknown> = {
      TextEncoder,
      TextDecoder,
      btoa,
      atob,
      URL,
      console,
      setTimeout,
      clearTimeout,
    };
    Object.assign(page, { self: page, window: page, navigator: {}, crypto, Headers, Request, Response, fetch });
    runInContext(outputFiles[0]?.text ?? '', createContext(page));
    const { token } = page['token'] as { token: string };
    const [header = '', claims = '', signature] = token.split('.');
    assert.equal(signature, '');
    assert.match(token, /^[\w.-]+$/);
    assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), { alg: 'none', typ: 'JWT' });
    const { aud, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    assert.deepEqual([aud, exp - iat], [['projects/demo-ü'], 3600]);
  });
});
