import { createHash } from 'node:crypto';
import { bytes } from '../values.js';
import { overload, type Overload, type Overloads } from './overload.js';

/** Reversed polynomials: IEEE 802.3, and Castagnoli for CRC-32C. */
const [IEEE, CASTAGNOLI] = [0xedb88320, 0x82f63b78];

function crc(polynomial: number): (data: Uint8Array) => Uint8Array {
  return (data) => {
    let rest = 0xffffffff;
    for (const byte of data) {
      rest ^= byte;
      for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? polynomial : 0);
    }
    const result = Buffer.alloc(4);
    result.writeUInt32LE(~rest >>> 0); // the emulator returns the low byte first
    return result;
  };
}

const digest =
  (algorithm: string) =>
  (data: Uint8Array): Uint8Array =>
    createHash(algorithm).update(data).digest();

const hash = (of: (data: Uint8Array) => Uint8Array): Overload[] => [
  overload(['bytes'], (data) => bytes(of(data.value))),
  overload(['string'], (text) => bytes(of(Buffer.from(text.value, 'utf8')))),
];

export const HASHING_FUNCTIONS: Overloads = {
  md5: hash(digest('md5')),
  sha256: hash(digest('sha256')),
  crc32: hash(crc(IEEE)),
  crc32c: hash(crc(CASTAGNOLI)),
};
