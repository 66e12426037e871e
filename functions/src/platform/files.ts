import type { Files } from './context.js';

/** Files deleted at a time. */
const PAGE = 100;

/** The project's default bucket; the SDK is loaded on first use. */
export function storageFiles(): Files {
  const bucket = async () => (await import('firebase-admin/storage')).getStorage().bucket();
  const remove = async (path: string) => void (await (await bucket()).file(path).delete({ ignoreNotFound: true }));
  const list: Files['list'] = async (prefix, limit, after) => {
    // `startOffset` is the first name that may come: the one after `after`. Source: Cloud Storage JSON API, objects.list.
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
    async write(path, bytes, { contentType, cacheControl }) {
      await (await bucket()).file(path).save(bytes, { resumable: false, metadata: { contentType, cacheControl } });
    },
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
