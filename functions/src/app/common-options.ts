import { PIN_SECRET, REGION, SERVICE_ACCOUNT, STRIPE_SECRET_KEY } from '../platform/params.js';

/** Options that all functions share. */
export const COMMON = {
  region: REGION,
  serviceAccount: SERVICE_ACCOUNT,
  maxInstances: 100,
  concurrency: 80,
  memory: '512MiB',
} as const;

/** For functions that decode a photo: one at a time (`inPhotoQueue`), each in up to 400 MB. */
export const DECODING = { memory: '1GiB', concurrency: 20 } as const;

/** Secrets of functions that move an order: they may move money and check a PIN. */
export const ORDERING = [STRIPE_SECRET_KEY, PIN_SECRET];
