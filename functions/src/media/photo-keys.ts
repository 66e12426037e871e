import { createHash } from 'node:crypto';

/** An image in shades of grey, a byte for each pixel. */
export interface Grey {
  data: Buffer;
  width: number;
  height: number;
}

const BLOCKS = 8;

/** In shades of 255. Saving a photo again changes the mean of a block by a quarter of a shade. */
const MIN_GAP = 1;
const ALIKE = 0.4;
/** The maximum number of keys of one photo that are looked up. */
const MAX_KEYS = 4;

/**
 * Computes keys of a photo from its content: a copy that was saved again, in another quality, size or format, has one
 * of the same keys. The first is the key under which the photo is stored; further ones are to be looked up as well.
 * A difference hash compares neighbours, and of 64 comparisons some are so close that saving again changes them: near
 * hashes would have to be found by several reads. Here the means of 8 × 8 blocks are divided at the widest gap between
 * them, and each half once more, so that no mean is near a border. The key says in which of the four classes each block
 * is. Where two gaps are about as wide there is a second key to be looked up; half of all photos cost one read, and
 * each one write. Of copies that were enlarged to an odd size one in ten is missed; a crop or a mirrored copy is
 * another photo. A photo without any contrast is identified by its pixels alone.
 */
export function toPhotoKeys(pixels: Grey): string[] {
  const means = blockMeans(pixels);
  const splits = findSplits(means);
  if (splits.length === 0) return [createHash('sha256').update(pixels.data).digest('hex')];
  const keys = splits.flatMap((split) => keysAt(means, split));
  return [...new Set(keys)].slice(0, MAX_KEYS);
}

/** Computes the keys for one division of all blocks; the most certain comes first. */
function keysAt(means: readonly number[], split: number): string[] {
  const [lower, upper] = [means.filter((mean) => mean < split), means.filter((mean) => mean >= split)];
  const [darkest = -Infinity, ...others] = findSplits(lower);
  const [brightest = Infinity, ...rest] = findSplits(upper);
  const borders = [
    [darkest, brightest],
    ...others.map((other) => [other, brightest] as const),
    ...rest.map((other) => [darkest, other] as const),
  ] as const;
  return borders.map(([dark, bright]) => toKey(means, [dark, split, bright]));
}

/** Two bits for each block, 32 letters in all. */
function toKey(means: readonly number[], borders: readonly number[]): string {
  const classes = means.map((mean) => borders.filter((border) => mean >= border).length);
  const letters = Array.from(
    { length: classes.length / 2 },
    (_, at) => (classes[2 * at] ?? 0) * 4 + (classes[2 * at + 1] ?? 0),
  );
  return letters.map((letter) => letter.toString(16)).join('');
}

/**
 * Computes the middles of the widest gap between values of the middle half and of those about as wide; none without
 * contrast.
 */
function findSplits(values: readonly number[]): number[] {
  const sorted = values.toSorted((one, other) => one - other);
  const from = Math.floor(sorted.length / 4);
  const middle = sorted.slice(from, sorted.length - from);
  const gaps = middle
    .slice(1)
    .map((high, at) => ({ width: high - (middle[at] ?? high), at: (high + (middle[at] ?? high)) / 2 }));
  gaps.sort((one, other) => other.width - one.width);
  const widest = gaps[0]?.width ?? 0;
  return widest < MIN_GAP ? [] : gaps.filter(({ width }) => width > widest - ALIKE).map(({ at }) => at);
}

/** By exact shares of the pixels at the borders: otherwise another size would change the means. */
function blockMeans({ data, width, height }: Grey): number[] {
  const [columns, rows] = [computeBlockShares(width), computeBlockShares(height)];
  const sums = Array.from({ length: BLOCKS * BLOCKS }, () => 0);
  for (let y = 0; y < height; y += 1) {
    const across = sumsOfRow(data.subarray(y * width, (y + 1) * width), columns);
    for (const { block, share } of rows[y] ?? [])
      across.forEach(
        (sum, column) => (sums[block * BLOCKS + column] = (sums[block * BLOCKS + column] ?? 0) + sum * share),
      );
  }
  return sums.map((sum) => (sum * BLOCKS * BLOCKS) / (width * height));
}

function sumsOfRow(row: Buffer, columns: readonly Share[][]): number[] {
  const sums = Array.from({ length: BLOCKS }, () => 0);
  columns.forEach((shares, x) => {
    for (const { block, share } of shares) sums[block] = (sums[block] ?? 0) + (row[x] ?? 0) * share;
  });
  return sums;
}

interface Share {
  block: number;
  share: number;
}

/** Computes in which of the blocks each pixel of a side is: a pixel across a border is in two. */
function computeBlockShares(side: number): Share[][] {
  const length = side / BLOCKS;
  return Array.from({ length: side }, (_, at) => {
    const block = Math.floor(at / length);
    const share = Math.min(1, (block + 1) * length - at);
    return share < 1 && block + 1 < BLOCKS
      ? [
          { block, share },
          { block: block + 1, share: 1 - share },
        ]
      : [{ block, share: 1 }];
  });
}
