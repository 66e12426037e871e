import { strict as assert } from 'node:assert';
import { Keys } from '#emulator/protocol/keys.js';

function read(keys: Keys, bytes: Buffer): string {
  return keys.read(bytes, 0, bytes.length);
}

describe('protocol/keys', () => {
  it('reads the same text each time', () => {
    const keys = new Keys();
    for (const text of ['name', 'name', '', 'größe', 'größe', 'x'.repeat(33), 'x'.repeat(33)])
      assert.equal(read(keys, Buffer.from(text)), text);
  });

  it('distinguishes names with the same slot', () => {
    const keys = new Keys();
    for (const text of ['Aa', 'BB', 'Aa', 'AaBB', 'BBAa']) assert.equal(read(keys, Buffer.from(text)), text);
  });

  it('does not confuse a byte beyond ASCII with the character of that number', () => {
    const keys = new Keys();
    // Every one-byte text fills its slot, and every two-byte one of U+0080 to U+00FF some slot.
    for (let code = 0x80; code <= 0xff; code++) read(keys, Buffer.from(String.fromCharCode(code)));
    for (let byte = 0x80; byte <= 0xff; byte++) assert.equal(read(keys, Buffer.from([byte])), '\ufffd');
  });
});
