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

/** A disc; its place and size are shares of the photo's sides. */
interface Shape {
  x: number;
  y: number;
  size: number;
  shade: number;
}

/** Adds the shape's shade to the pixels that it covers. */
function addShape(shades: Float64Array, width: number, height: number, { x, y, size, shade }: Shape): void {
  const lastRow = Math.min(height - 1, Math.floor((y + size) * height));
  for (let row = Math.max(0, Math.floor((y - size) * height)); row <= lastRow; row += 1) {
    const half = Math.sqrt(Math.max(0, size ** 2 - (row / height - y) ** 2));
    const lastColumn = Math.min(width - 1, Math.floor((x + half) * width));
    for (let column = Math.max(0, Math.ceil((x - half) * width)); column <= lastColumn; column += 1)
      shades[row * width + column] = (shades[row * width + column] ?? 0) + shade;
  }
}

/** Soft shapes before a gradient, with the noise of a camera: as a door in the evening. */
async function aPhoto(seed: number, width = 480, height = 640): Promise<Buffer> {
  const draw = drawing(seed);
  const shapes = Array.from({ length: 12 }, (): Shape => ({
    x: draw(),
    y: draw(),
    size: 0.05 + draw() / 4,
    shade: draw() * 160 - 80,
  }));
  const slope = draw() * 120 - 60;
  const shades = new Float64Array(width * height);
  for (let y = 0; y < height; y += 1) shades.fill(110 + slope * (y / height - 0.5), y * width, (y + 1) * width);
  for (const shape of shapes) addShape(shades, width, height, shape);
  const pixels = Buffer.from(shades.map((shade) => Math.max(0, Math.min(255, Math.round(shade + draw() * 12 - 6)))));
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
  let keysOfPhotos: string[][];
  let noted: string[];
  before(async () => {
    photos = await Promise.all(SEEDS.map((seed) => aPhoto(seed)));
    keysOfPhotos = await Promise.all(photos.map(keysOf));
    noted = keysOfPhotos.map(([first = '']) => first);
  });

  for (const [name, copy, missed] of COPIES)
    it(`find it when it is ${name}, and no other photo`, async () => {
      const copies = await Promise.all(photos.map(async (photo) => keysOf(await copy(photo))));
      const found = copies.map((keys) => noted.flatMap((key, index) => (keys.includes(key) ? [index] : [])));
      assert.ok(found.filter(({ length }) => length === 0).length <= missed);
      found.forEach((indexes, index) => assert.deepEqual(indexes.length === 0 ? [index] : indexes, [index]));
    });

  it('are one for a typical photo, and four at most', () => {
    const counts = keysOfPhotos.map((keys) => keys.length);
    assert.ok(counts.filter((count) => count === 1).length >= counts.length / 2, counts.join(' '));
    assert.ok(Math.max(...counts) <= 4);
  });

  it('are those of the pixels where there is no contrast: two dark photos differ', () => {
    const dark = (shade: number) => ({ data: Buffer.alloc(64 * 64, shade), width: 64, height: 64 });
    assert.notDeepEqual(toPhotoKeys(dark(3)), toPhotoKeys(dark(4)));
    assert.deepEqual(toPhotoKeys(dark(3)), toPhotoKeys(dark(3)));
  });
});
