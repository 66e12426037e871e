import { strict as assert } from 'node:assert';
import { seal, unseal } from '#functions/core/seal.js';

describe('seal', () => {
  const key = Buffer.alloc(32, 7);
  const sealed = seal(key, 'order-1', '7 Döör Street 🛵');

  it('encrypts a text, decrypts it again, and gives the same result for the same input', () => {
    assert.ok(!Buffer.from(sealed, 'base64url').toString().includes('Street'));
    assert.equal(unseal(key, 'order-1', sealed), '7 Döör Street 🛵');
    assert.equal(seal(key, 'order-1', '7 Döör Street 🛵'), sealed);
  });

  it('uses a nonce once: another text or another order has another', () => {
    const nonce = (text: string) => Buffer.from(text, 'base64url').subarray(0, 12).toString('hex');
    assert.notEqual(nonce(seal(key, 'order-1', '8 Door Street')), nonce(sealed));
    assert.notEqual(nonce(seal(key, 'order-2', '7 Döör Street 🛵')), nonce(sealed));
  });

  it('opens with its key and for its order only, and refuses a changed text', () => {
    const changed = Buffer.from(sealed, 'base64url').map((byte, index) => (index === 30 ? byte ^ 1 : byte));
    assert.equal(unseal(Buffer.alloc(32, 8), 'order-1', sealed), null);
    assert.equal(unseal(key, 'order-2', sealed), null);
    assert.equal(unseal(key, 'order-1', Buffer.from(changed).toString('base64url')), null);
    for (const short of ['', 'AAAA', sealed.slice(0, 30)]) assert.equal(unseal(key, 'order-1', short), null);
  });
});
