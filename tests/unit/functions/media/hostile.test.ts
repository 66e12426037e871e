import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { hostilePhotos, MARKER, type Hostile } from '#fixtures/hostile-photos.js';
import type { Report } from './draw-all.js';

describe('hostile photos', function () {
  this.timeout(60_000);
  let hostile: Hostile[];
  let report: Report;

  before(async () => {
    hostile = await hostilePhotos();
    const folder = await mkdtemp(join(tmpdir(), 'photos-'));
    try {
      await Promise.all(hostile.map(({ bytes }, index) => writeFile(join(folder, String(index)), bytes)));
      const program = join(import.meta.dirname, 'draw-all.ts');
      const run = await promisify(execFile)(process.execPath, ['--import=tsx', program, folder], {
        maxBuffer: 50_000_000,
      });
      report = JSON.parse(run.stdout);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const outcome = (index: number) => report.files.find(({ name }) => name === String(index));

  it('are more than sixty, each refused or drawn again correctly', () => {
    assert.ok(hostile.length >= 60);
    const wrong = hostile.filter(({ refused }, index) => (outcome(index)?.drawn.length === 0) !== refused);
    assert.deepEqual(
      wrong.map(({ name }) => name),
      [],
    );
  });

  // Half of what onPhotoUploaded has; what is resident varies with how the allocator shares it out.
  it('take two seconds each at most, and 512 MB in all', () => {
    const slow = hostile.filter((_, index) => (outcome(index)?.ms ?? Infinity) > 2_000);
    assert.deepEqual(
      slow.map(({ name }) => name),
      [],
    );
    assert.ok(report.maxMegabytes <= 512, `${report.maxMegabytes} MB`);
  });

  it('leave only pixels, of the size that apps show', async () => {
    for (const [index, { name }] of hostile.entries()) {
      for (const { type, base64 } of outcome(index)?.drawn ?? []) {
        const bytes = Buffer.from(base64, 'base64');
        const { exif, xmp, iptc, icc, format, width, orientation } = await sharp(bytes).metadata();
        assert.deepEqual(
          { exif, xmp, iptc, icc, orientation },
          { exif: undefined, xmp: undefined, iptc: undefined, icc: undefined, orientation: undefined },
          name,
        );
        assert.equal(format, type === 'image/webp' ? 'webp' : 'heif', name);
        assert.ok(width <= 960 && !bytes.includes(MARKER), name);
      }
    }
  });

  it('are turned upright', async () => {
    const index = hostile.findIndex(({ name }) => name === 'a JPEG that is to be turned');
    const { width, height } = await sharp(Buffer.from(outcome(index)?.drawn[0]?.base64 ?? '', 'base64')).metadata();
    assert.deepEqual([width, height], [48, 64]);
  });
});
