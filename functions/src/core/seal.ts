import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Derives a key for one purpose; the prefix `key` separates it from the inputs of digits. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return createHmac('sha256', secret).update(`key:${purpose}`).digest();
}

/**
 * Encrypts a text so that a document with many readers may contain it: base64url of nonce, tag and ciphertext. `about`
 * names the subject, so that the text cannot be decrypted for another one. The nonce is derived from key and text: the
 * same text gives the same document, and two texts never share a nonce.
 */
export function seal(key: Buffer, about: string, text: string): string {
  const nonce = createHmac('sha256', key)
    .update(JSON.stringify([about, text]))
    .digest()
    .subarray(0, NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** Decrypts a sealed text; null for another key, another `about`, or a changed text. */
export function unseal(key: Buffer, about: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const tagged = NONCE_BYTES + TAG_BYTES;
  const opening = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(about))
    .setAuthTag(bytes.subarray(NONCE_BYTES, tagged));
  try {
    return Buffer.concat([opening.update(bytes.subarray(tagged)), opening.final()]).toString('utf8');
  } catch {
    return null;
  }
}
