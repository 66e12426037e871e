import assert from 'node:assert/strict';
import sharp from 'sharp';
import type { Photo } from '#functions/contract/media.js';
import { App } from '#simulator/people/app.js';
import { listFiles, waitUntilEmpty } from './bucket.js';
import { city, seedOnce, stack } from './city.js';
import { until } from './listening.js';
import { refusal } from './refusal.js';
import { describeOnSuite } from './suite.js';

const MARKER = 'TAKEN-BY-MARIO';
const MEGABYTE = 1024 * 1024;

/** Stored rotated, with the place and the author in its metadata: 40 × 30 pixels to be shown as 30 × 40. */
const aPhoto = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#a33' } })
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD0: { Artist: MARKER }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 0/1' } })
    .jpeg()
    .toBuffer();

/** The four files of a photo that is ready. */
function variantsOf(photo: Photo): string[] {
  assert.ok(photo.status === 'ready');
  return ['320.avif', '320.webp', '960.avif', '960.webp'].map((name) => `media/${photo.hash}/${name}`);
}

describeOnSuite('a photo that an app uploads', function () {
  this.timeout(180_000);
  const [home, elsewhere] = city.restaurants;
  assert.ok(home && elsewhere);
  let owner: App;
  before(async () => {
    await seedOnce();
    owner = await App.signIn(stack, home.owner);
  });
  after(() => owner.close());

  const nameOf = (photoId: string, restaurantId = home.id) => `menu-photos/${restaurantId}/${photoId}.jpg`;
  const settled = async (photoId: string) => {
    const isSettled = (photo: Record<string, unknown>) => photo['status'] !== 'processing';
    return (await until(owner, `restaurants/${home.id}/photos/${photoId}`, isSettled)) as unknown as Photo;
  };

  it('is returned upright in two sizes and two formats, without place or author', async () => {
    const photo = await aPhoto();
    assert.ok(photo.includes(MARKER) && (await sharp(photo).metadata()).exif);
    await owner.upload(nameOf('pizza'), photo, 'image/jpeg');
    for (const name of variantsOf(await settled('pizza'))) {
      const shown = await owner.download(name);
      const { format, width, height, exif, orientation } = await sharp(shown).metadata();
      assert.deepEqual([format, width, height], [name.endsWith('avif') ? 'heif' : 'webp', 30, 40]);
      assert.deepEqual([exif, orientation, shown.includes(MARKER)], [undefined, undefined, false]);
    }
  });

  it('is refused with the reason where it only claims to be a photo', async () => {
    await owner.upload(nameOf('script'), Buffer.from('<script>alert(1)</script>'.padEnd(100)), 'image/jpeg');
    const { atMs, ...refused } = await settled('script');
    assert.deepEqual([refused, atMs > 0], [{ status: 'refused', problem: 'type' }, true]);
  });

  it('is deleted itself, and its drawn files have triggered nothing', async () => {
    await owner.upload(nameOf('pasta'), await aPhoto(), 'image/jpeg');
    const drawn = [...variantsOf(await settled('pasta')), ...variantsOf(await settled('pizza'))];
    await waitUntilEmpty('menu-photos/');
    assert.deepEqual(await listFiles('media/'), drawn.toSorted());
  });

  describe('is accepted by the storage rules', () => {
    const small = Buffer.alloc(100);
    const cases: [string, string, Uint8Array, string, string | null][] = [
      ["for one's own restaurant", nameOf('own'), small, 'image/jpeg', null],
      ['not for another restaurant', nameOf('own', elsewhere.id), small, 'image/jpeg', 'storage/unauthorized'],
      ['as a PNG', nameOf('png'), small, 'image/png', null],
      ['not as SVG', nameOf('svg'), small, 'image/svg+xml', 'storage/unauthorized'],
      ['up to five megabytes', nameOf('large'), Buffer.alloc(5 * MEGABYTE), 'image/jpeg', null],
      ['and no byte more', nameOf('larger'), Buffer.alloc(5 * MEGABYTE + 1), 'image/jpeg', 'storage/unauthorized'],
    ];
    for (const [what, name, bytes, type, expected] of cases)
      it(what, async () => assert.equal(await refusal(owner.upload(name, bytes, type)), expected));
  });
});
