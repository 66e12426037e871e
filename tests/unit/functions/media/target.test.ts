import assert from 'node:assert/strict';
import { parseUploadPath } from '#functions/media/model/target.js';

describe('parseUploadPath', () => {
  it('accepts a photo of a menu and of a profile', () => {
    const owner = { type: 'restaurant', restaurantId: 'luigi' };
    assert.deepEqual(parseUploadPath('menu-photos/luigi/pizza.jpg'), { owner, photoId: 'pizza' });
    assert.deepEqual(parseUploadPath('profile-photos/ana/face.webp'), {
      owner: { type: 'user', uid: 'ana' },
      photoId: 'face',
    });
  });

  for (const path of [
    'media/0123456789abcdef/960.webp',
    'proofs/order-1/cora/door.jpg',
    'exports/ana/1.json',
    'menu-photos/luigi/pizza.svg',
    'menu-photos/luigi/more/pizza.jpg',
    'menu-photos/luigi/.jpg',
    'menu-photos/../pizza.jpg',
    'x/menu-photos/luigi/pizza.jpg',
  ])
    it(`returns nothing for ${path}`, () => assert.equal(parseUploadPath(path), null));
});
