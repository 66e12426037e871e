const randomByte = (): number => Math.floor(Math.random() * 256);

/**
 * Creates an idempotency key or the id of a phone: a random UUID. Pages without HTTPS and React Native do not have
 * `crypto.randomUUID`, and React Native has no `crypto` at all; the key only has to differ from the caller's others.
 */
export function createKey(): string {
  const source: { getRandomValues?: (bytes: Uint8Array<ArrayBuffer>) => unknown } | undefined = globalThis.crypto;
  const bytes = new Uint8Array(16);
  if (source?.getRandomValues) source.getRandomValues(bytes);
  else for (let index = 0; index < bytes.length; index += 1) bytes[index] = randomByte();
  // The version and the variant. Source: RFC 9562, section 5.4.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
