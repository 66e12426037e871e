import type { Files } from './context.js';

/** The project's default bucket; the SDK is loaded on first use. */
export function storageFiles(): Files {
  return {
    async exists(path) {
      const { getStorage } = await import('firebase-admin/storage');
      const [found] = await getStorage().bucket().file(path).exists();
      return found;
    },
  };
}
