import type { Storage } from 'firebase-admin/storage';
import type { Files } from './context.js';

/** Files deleted at a time. */
const PAGE = 100;

/**
 * Creates access to the project's default bucket with firebase-admin/storage; the SDK is loaded on first use. The
 * bucket is that of @google-cloud/storage, which is a dependency of this package because firebase-admin declares it as
 * optional.
 */
export function storageFiles(): Files {
  const bucket = async () => (await import('firebase-admin/storage')).getStorage().bucket();
  const remove = async (path: string) => void (await (await bucket()).file(path).delete({ ignoreNotFound: true }));
  const list: Files['list'] = async (prefix, limit, after) => {
    // `startOffset` is the first name that may come: the one after `after`. Source: Cloud Storage JSON API,
    // objects.list.
    const from = after === undefined ? {} : { startOffset: `${after}\0` };
    const [files] = await (await bucket()).getFiles({ prefix, maxResults: limit, autoPaginate: false, ...from });
    return files.map(({ name }) => name);
  };
  return {
    async exists(path) {
      const [found] = await (await bucket()).file(path).exists();
      return found;
    },
    async read(path, maxBytes) {
      const file = (await bucket()).file(path);
      const [found] = await file.exists();
      if (!found) return null;
      const [bytes] = await file.download({ start: 0, end: maxBytes, validation: false });
      return bytes;
    },
    async write(path, bytes, { contentType, cacheControl, metadata = {} }) {
      const all = { contentType, cacheControl, metadata: { ...metadata } };
      await (await bucket()).file(path).save(bytes, { resumable: false, metadata: all });
    },
    async metadata(path) {
      const file = (await bucket()).file(path);
      const [found] = await file.exists();
      if (!found) return null;
      const [{ metadata = {} }] = await file.getMetadata();
      return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
    },
    async createdAtMs(path) {
      const file = (await bucket()).file(path);
      const [found] = await file.exists();
      if (!found) return null;
      const [{ timeCreated }] = await file.getMetadata();
      return timeCreated === undefined ? null : Date.parse(timeCreated);
    },
    signedUrl: async (path, untilMs) => signedUrl(await bucket(), path, untilMs),
    list,
    remove,
    async removeBelow(prefix) {
      for (let removed = 0; ;) {
        const paths = await list(prefix, PAGE);
        if (paths.length === 0) return removed;
        await Promise.all(paths.map(remove));
        removed += paths.length;
      }
    },
  };
}

type Bucket = ReturnType<Storage['bucket']>;

/** Creates a signed URL whose file a browser downloads and does not run. */
async function signedUrl(bucket: Bucket, path: string, untilMs: number): Promise<string> {
  const emulator = process.env['STORAGE_EMULATOR_HOST'];
  if (emulator !== undefined) return emulatorUrl(emulator, bucket.name, path);
  const options = { version: 'v4', action: 'read', expires: untilMs, responseDisposition: 'attachment' } as const;
  const [url] = await bucket.file(path).getSignedUrl(options);
  return url;
}

/**
 * The Storage emulator has no key for signing: its download endpoint of the JSON API requires no rights, so the URL
 * does not expire there. Source: firebase-tools, emulator/storage/apis/gcloud.ts.
 */
function emulatorUrl(host: string, bucket: string, path: string): string {
  const origin = host.includes('://') ? host : `http://${host}`;
  return `${origin}/download/storage/v1/b/${bucket}/o/${encodeURIComponent(path)}?alt=media`;
}
