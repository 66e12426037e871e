import assert from 'node:assert/strict';
import sharp, { type Sharp } from 'sharp';
import { readHeader } from '#functions/media/photo-header.js';

const drawing = (side: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width: side, height: side, channels, background: '#123456' } });
const problem = async (image: Sharp) => {
  const header = await readHeader(await image.toBuffer());
  return header.ok ? 'accepted' : header.details['problem'];
};
const TOO_MUCH = 'bytes of the decoded image';

describe("a photo's header", function () {
  this.timeout(60_000);

  it('is accepted for 25 megapixels in three colours, as a progressive JPEG too', async () => {
    assert.equal(await problem(drawing(5_000).jpeg()), 'accepted');
    assert.equal(await problem(drawing(5_000).jpeg({ progressive: true })), 'accepted');
  });

  it('is refused for four colours, interlaced', async () => {
    assert.equal(await problem(drawing(5_000, 4).png({ compressionLevel: 1 })), 'accepted');
    assert.equal(await problem(drawing(5_000, 4).png({ compressionLevel: 1, progressive: true })), TOO_MUCH);
  });

  it('is refused for 16 bits of each colour, in fewer pixels where the image is interlaced', async () => {
    const deep = (side: number, progressive: boolean) =>
      problem(drawing(side, 4).toColourspace('rgb16').png({ compressionLevel: 1, progressive }));
    assert.deepEqual([await deep(4_000, false), await deep(4_400, false)], ['accepted', TOO_MUCH]);
    assert.deepEqual([await deep(3_000, true), await deep(3_200, true)], ['accepted', TOO_MUCH]);
  });
});
