import type { PhotoOwner } from '../../contract/media.js';

export interface Target {
  owner: PhotoOwner;
  photoId: string;
}

const UPLOAD = /^(menu|profile)-photos\/([A-Za-z0-9_-]{1,128})\/([A-Za-z0-9_-]{1,64})\.(jpg|png|webp)$/;

/**
 * Returns the owner of an uploaded photo; null for all other files of the bucket, including rendered variants, which
 * start no processing.
 */
export function parseUploadPath(path: string): Target | null {
  const [, kind, id, photoId] = UPLOAD.exec(path) ?? [];
  if (id === undefined || photoId === undefined) return null;
  return { owner: kind === 'menu' ? { type: 'restaurant', restaurantId: id } : { type: 'user', uid: id }, photoId };
}
