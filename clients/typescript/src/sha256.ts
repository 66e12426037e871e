/** The first 32 bits of the fractional parts of the roots of the first primes. Source: FIPS 180-4, sections 4.2.2 and 5.3.3. */
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) >>> 0;

const PRIMES = firstPrimes(64);
const ROUND = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let one = 2; found.length < count; one += 1) if (found.every((prime) => one % prime !== 0)) found.push(one);
  return found;
}

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));
const at = (words: readonly number[], index: number): number => words[index] ?? 0;

/**
 * Computes the SHA-256 of a text in UTF-8, as hexadecimal digits. Pages without HTTPS and React Native do not have
 * `crypto.subtle`. Source: FIPS 180-4, section 6.2.
 */
export function sha256(text: string): string {
  let hash = START;
  for (const block of toBlocks(new TextEncoder().encode(text))) hash = compress(hash, block);
  return hash.map((word) => word.toString(16).padStart(8, '0')).join('');
}

/** The message with its padding and its length in bits, as blocks of sixteen words. */
function toBlocks(bytes: Uint8Array): number[][] {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor((bytes.length * 8) / 2 ** 32));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const words = Array.from({ length: padded.length / 4 }, (_, index) => view.getUint32(index * 4));
  return Array.from({ length: words.length / 16 }, (_, index) => words.slice(index * 16, index * 16 + 16));
}

function compress(hash: readonly number[], block: readonly number[]): number[] {
  const schedule = [...block];
  for (let index = 16; index < 64; index += 1) {
    const [early, late] = [at(schedule, index - 15), at(schedule, index - 2)];
    const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule.push((at(schedule, index - 16) + first + at(schedule, index - 7) + second) | 0);
  }
  let state = [...hash];
  for (const [index, word] of schedule.entries()) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + at(ROUND, index) + word;
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
    state = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
  }
  return state.map((word, index) => (word + at(hash, index)) >>> 0);
}
