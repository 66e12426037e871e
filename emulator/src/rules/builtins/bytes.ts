import { int, str } from '../values.js';
import { overload, type Overloads } from './overload.js';

/** Encodes bytes in URL-safe base64 with padding, which Node's `base64url` omits. */
function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

export const BYTES_METHODS: Overloads = {
  size: [overload(['bytes'], (self) => int(self.value.length))],
  toBase64: [overload(['bytes'], (self) => str(base64(self.value)))],
  toHexString: [overload(['bytes'], (self) => str(Buffer.from(self.value).toString('hex').toUpperCase()))],
};
