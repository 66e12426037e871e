import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import { renderSame } from '#functions/media/variants.js';
import { toPhotoKeys } from '#functions/media/photo-keys.js';

/** Repeatable numbers from 0 to 1. Source: the mulberry32 generator. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Soft shapes before a gradient, with the noise of a camera: as a door in the evening. */
async function aPhoto(seed: number, width = 480, height = 640): Promise<Buffer> {
  const draw = drawing(seed);
  const shapes = Array.from({ length: 12 }, () => ({
    x: draw(),
    y: draw(),
    size: 0.05 + draw() / 4,
    shade: draw() * 160 - 80,
  }));
  const slope = draw() * 120 - 60;
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const inside = shapes.filter((one) => Math.hypot(x / width - one.x, y / height - one.y) < one.size);
      const shade = inside.reduce((sum, one) => sum + one.shade, 110 + slope * (y / height - 0.5)) + draw() * 12 - 6;
      pixels[y * width + x] = Math.max(0, Math.min(255, Math.round(shade)));
    }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function keysOf(photo: Buffer): Promise<string[]> {
  const { format } = await sharp(photo).metadata();
  const drawn = await renderSame(photo, format === 'png' || format === 'webp' ? format : 'jpeg');
  assert.ok(drawn);
  return toPhotoKeys(drawn.pixels);
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);
/** The number of the forty photos that may be missed comes last. */
const COPIES: readonly (readonly [name: string, copy: (photo: Buffer) => Promise<Buffer>, missed: number])[] = [
  ['saved again in a lower quality', (photo) => sharp(photo).jpeg({ quality: 85 }).toBuffer(), 0],
  ['saved again in a poor quality', (photo) => sharp(photo).jpeg({ quality: 50 }).toBuffer(), 0],
  ['saved in another format', (photo) => sharp(photo).webp({ quality: 80 }).toBuffer(), 0],
  ['half as large', (photo) => sharp(photo).resize({ width: 240 }).jpeg().toBuffer(), 0],
  ['larger', (photo) => sharp(photo).resize({ width: 777 }).jpeg().toBuffer(), 4],
];

describe('the keys of a photo', () => {
  let photos: Buffer[];
  let noted: string[];
  before(async () => {
    photos = await Promise.all(SEEDS.map((seed) => aPhoto(seed)));
    noted = (await Promise.all(photos.map(keysOf))).map(([first = '']) => first);
  });

  for (const [name, copy, missed] of COPIES)
    it(`find it when it is ${name}, and no other photo`, async () => {
      const copies = await Promise.all(photos.map(async (photo) => keysOf(await copy(photo))));
      const found = copies.map((keys) => noted.flatMap((key, index) => (keys.includes(key) ? [index] : [])));
      assert.ok(found.filter(({ length }) => length === 0).length <= missed);
      found.forEach((indexes, index) => assert.deepEqual(indexes.length === 0 ? [index] : indexes, [index]));
    });

  it('are one for a typical photo, and four at most', async () => {
    const counts = (await Promise.all(photos.map(keysOf))).map((keys) => keys.length);
    assert.ok(counts.filter((count) => count === 1).length >= counts.length / 2, counts.join(' '));
    assert.ok(Math.max(...counts) <= 4);
  });

  it('are those of the pixels where there is no contrast: two dark photos differ', () => {
    const dark = (shade: number) => ({ data: Buffer.alloc(64 * 64, shade), width: 64, height: 64 });
    assert.notDeepEqual(toPhotoKeys(dark(3)), toPhotoKeys(dark(4)));
    assert.deepEqual(toPhotoKeys(dark(3)), toPhotoKeys(dark(3)));
  });
});
