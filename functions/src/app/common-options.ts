import { PIN_SECRET, REGION, SERVICE_ACCOUNT, STRIPE_SECRET_KEY } from '../platform/params.js';

/** Options that all functions share. Orders are read with the secret, besides codes that are derived from it. */
export const COMMON = {
  region: REGION,
  serviceAccount: SERVICE_ACCOUNT,
  maxInstances: 100,
  concurrency: 80,
  memory: '512MiB' as const,
  secrets: [PIN_SECRET],
};

/** For functions that decode a photo: one at a time (`inPhotoQueue`), each in up to 400 MB. */
export const DECODING = { memory: '1GiB', concurrency: 20 } as const;

/** Secrets of functions that move money. */
export const ORDERING = [STRIPE_SECRET_KEY, PIN_SECRET];
