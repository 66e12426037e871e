import { storageBucket } from 'firebase-functions/params';
import { onObjectFinalized } from 'firebase-functions/storage';
import { COMMON } from '../common-options.js';

/**
 * Renders the variants of an uploaded photo. Decoding needs memory, so this is a function of its own that handles one
 * photo at a time.
 */
export const onPhotoUploaded = onObjectFinalized(
  {
    ...COMMON,
    bucket: storageBucket,
    retry: true,
    memory: '1GiB',
    concurrency: 1,
    maxInstances: 20,
  },
  async ({ data }) => {
    const { onUpload } = await import('../../media/on-upload.js');
    const [{ createProductionContext: productionContext }, { reportIfUnreadable: unlessUnreadable }] =
      await Promise.all([import('../production.js'), import('../../platform/isolate.js')]);
    const ctx = productionContext();
    await unlessUnreadable(ctx, 'onPhotoUploaded', () => onUpload(ctx, data.name));
  },
);
