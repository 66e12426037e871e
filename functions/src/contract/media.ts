import { z } from 'zod';
import { DocumentId, EpochMs, Uid } from './common.js';

/** The id of a photo's files: `media/{hash}/960.webp`, `960.avif`, `320.webp` and `320.avif`. */
export const MediaHash = z.string().regex(/^[0-9a-f]{32}$/);

/** The largest photo in bytes; storage.rules have the same limit. */
export const MAX_PHOTO_BYTES = 5 * 1024 * 1024;

/**
 * `restaurants/{id}/photos/{photoId}` and `users/{uid}/photos/{photoId}`: the result of an upload to
 * `menu-photos/{id}/{photoId}.jpg` or `profile-photos/{uid}/{photoId}.jpg`. Its files exist as long as this document.
 */
export const Photo = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('processing'), hash: MediaHash, atMs: EpochMs }),
  z.strictObject({ status: z.literal('ready'), hash: MediaHash, atMs: EpochMs }),
  z.strictObject({
    status: z.literal('refused'),
    problem: z.string().max(100),
    atMs: EpochMs,
    /** The former photo of this name, which stays as it is; absent where there was none. */
    hash: MediaHash.optional(),
  }),
]);
export type Photo = z.infer<typeof Photo>;

/** The owner of an upload. */
export type PhotoOwner =
  { type: 'restaurant'; restaurantId: z.infer<typeof DocumentId> } | { type: 'user'; uid: z.infer<typeof Uid> };
