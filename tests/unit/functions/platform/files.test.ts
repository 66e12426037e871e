import { strict as assert } from 'node:assert';
import { generateKeyPairSync } from 'node:crypto';
import { cert, deleteApp, getApps, initializeApp } from 'firebase-admin/app';
import { storageFiles } from '#functions/platform/files.js';

describe('a signed URL', () => {
  // The Admin SDK derives the second from the first, which the tests on the suite have.
  const HOSTS = ['FIREBASE_STORAGE_EMULATOR_HOST', 'STORAGE_EMULATOR_HOST'] as const;
  const hosts = HOSTS.map((name) => [name, process.env[name]] as const);
  before(() => {
    for (const name of HOSTS) Reflect.deleteProperty(process.env, name);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const credential = cert({ projectId: 'tiffin', clientEmail: 'signer@tiffin.test', privateKey: pem });
    initializeApp({ credential, projectId: 'tiffin', storageBucket: 'tiffin.test' });
  });
  after(async () => {
    await Promise.all(getApps().map((app) => deleteApp(app)));
    for (const [name, host] of hosts) if (host !== undefined) process.env[name] = host;
  });

  it('makes a browser download the file until the given time', async () => {
    const url = new URL(await storageFiles().signedUrl('courier-documents/nina/identity-1.pdf', Date.now() + 600_000));
    assert.equal(url.pathname, '/tiffin.test/courier-documents/nina/identity-1.pdf');
    assert.equal(url.searchParams.get('response-content-disposition'), 'attachment');
    assert.ok(Number(url.searchParams.get('X-Goog-Expires')) <= 600);
  });
});
