import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import { readCheckedFile, readCheckedImage } from '#functions/media/checked.js';
import { onUpload } from '#functions/media/on-upload.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { hostilePhotos, MARKER } from '#fixtures/hostile-photos.js';
import { Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';
import { aPage, aTablePdf } from '#fixtures/pdfs.js';
import { doorPhoto } from '#simulator/people/photos.js';

const PHOTO = 'claims/order-1/carla/photo.jpg';
const PAPER = 'courier-documents/nina/identity-1.pdf';
const TOKENS = { firebaseStorageDownloadTokens: 'for-ever', note: MARKER };
const aPdf = aTablePdf();
/** 40 × 30 pixels on its side, with the place where it was taken. */
const located = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#a33' } })
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD0: { Artist: MARKER }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 0/1' } })
    .jpeg()
    .toBuffer();

describe('an uploaded proof, claim photo or document', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const upload = async (path: string, bytes: Buffer) => {
    backend.files.upload(path, bytes, TOKENS);
    await onUpload(backend.ctx, path);
  };
  const contents = (path: string) => backend.files.contents.get(path);

  it("is stored upright without place or author, and without the uploader's tokens and cache headers", async () => {
    await upload(PHOTO, await located());
    const stored = contents(PHOTO);
    assert.ok(stored);
    const { format, width, height, exif, orientation } = await sharp(stored).metadata();
    assert.deepEqual([format, width, height, exif, orientation], ['jpeg', 30, 40, undefined, undefined]);
    assert.equal(stored.includes(MARKER), false);
    const { contentType, cacheControl, metadata } = backend.files.headers.get(PHOTO) ?? {};
    assert.deepEqual([contentType, cacheControl], ['image/jpeg', 'private, no-store']);
    assert.deepEqual(Object.keys(metadata ?? {}).toSorted(), [
      'checked',
      'contentHash',
      'contentKind',
      'height',
      'width',
    ]);
  });

  it('is stored again once: that write triggers nothing, and a marker set by the uploader has no effect', async () => {
    await upload(PHOTO, await located());
    const [once, headers] = [contents(PHOTO), backend.files.headers.get(PHOTO)];
    await onUpload(backend.ctx, PHOTO);
    assert.equal(contents(PHOTO), once);
    const other = 'claims/order-1/carla/photo-2.jpg';
    backend.files.upload(other, await located(), headers?.metadata);
    await onUpload(backend.ctx, other);
    assert.equal(contents(other)?.includes(MARKER), false);
  });

  it('that is a PDF keeps its bytes and loses its tokens', async () => {
    await upload(PAPER, aPdf);
    assert.deepEqual(contents(PAPER), aPdf);
    const { contentType, metadata } = backend.files.headers.get(PAPER) ?? {};
    assert.deepEqual([contentType, metadata?.['firebaseStorageDownloadTokens']], ['application/pdf', undefined]);
  });

  it('that is a PDF is deleted where it has active content', async () => {
    const pdf = (entry: string) => aTablePdf(aPage({ 1: `<< /Type /Catalog /Pages 2 0 R ${entry} >>` }));
    await upload(PAPER, pdf('/OpenActionX 9 0 R'));
    assert.equal(await backend.files.exists(PAPER), true);
    await upload(PAPER, pdf('/OpenAction 9 0 R'));
    assert.equal(await backend.files.exists(PAPER), false);
    backend.files.upload(PAPER, pdf('/OpenAction 9 0 R'));
    const refusal = { reason: 'DOCUMENT_INVALID', details: { problem: 'active content of a PDF', name: 'OpenAction' } };
    await assert.rejects(readCheckedFile(backend.ctx, PAPER), refusal);
  });

  it('is deleted where it has another type than required', async () => {
    const page = Buffer.from('<script>alert(1)</script>'.padEnd(100));
    for (const path of [
      PHOTO,
      PAPER,
      'proofs/order-1/omar/door.png',
      'merchant-documents/shop-0001/nina/foodSafety.pdf',
    ]) {
      await upload(path, page);
      assert.equal(await backend.files.exists(path), false, path);
    }
    await upload(PHOTO, aPdf);
    assert.equal(await backend.files.exists(PHOTO), false, 'a PDF is no photo');
    await upload(PAPER, Buffer.concat([aPdf, Buffer.alloc(10 * 1024 * 1024)]));
    assert.equal(await backend.files.exists(PAPER), false, 'too large');
  });

  it('is deleted, or stored without hidden content, for every hostile file', async function () {
    this.timeout(60_000);
    for (const { name, bytes, refused } of await hostilePhotos()) {
      await upload(PHOTO, bytes);
      assert.equal(await backend.files.exists(PHOTO), !refused, name);
      assert.equal(contents(PHOTO)?.includes(MARKER) ?? false, false, name);
      await backend.files.remove(PHOTO);
    }
  });

  it('is limited in number: further files are deleted', async () => {
    const name = (n: number) => `proofs/order-1/omar/door${n > 1 ? `-${n}` : ''}`;
    for (const n of [1, 2, 3, 4, 5]) await upload(`${name(n)}.jpg`, await located());
    await upload(`${name(1)}.png`, await located());
    assert.deepEqual(
      await backend.files.list('proofs/', 10),
      [2, 3, 4, 5]
        .map((n) => `${name(n)}.jpg`)
        .concat(`${name(1)}.jpg`)
        .toSorted(),
    );
  });

  it('is checked before use, where its trigger is late', async () => {
    backend.files.upload(PHOTO, await located(), TOKENS);
    const checked = await readCheckedImage(backend.ctx, PHOTO);
    assert.deepEqual([checked?.contentType, checked?.width, checked?.height], ['image/jpeg', 30, 40]);
    assert.deepEqual(await readCheckedImage(backend.ctx, PHOTO), checked);
    assert.equal(contents(PHOTO)?.includes(MARKER), false);
    assert.equal(await readCheckedImage(backend.ctx, 'claims/order-1/carla/photo-2.jpg'), null);
    backend.files.upload(PAPER, aPdf);
    assert.equal(await readCheckedImage(backend.ctx, PAPER), null);
    assert.equal((await readCheckedFile(backend.ctx, PAPER))?.contentType, 'application/pdf');
    assert.equal(await readCheckedFile(backend.ctx, 'exports/carla/1.json'), null);
  });

  it('has the same hash for the same picture at any path, and another for another picture', async () => {
    const [one, two, three] = [PHOTO, 'claims/order-2/nina/photo.jpg', 'proofs/order-3/omar/door.jpg'];
    const bytes = await located();
    await upload(one, bytes);
    await upload(two, Buffer.concat([bytes, Buffer.alloc(1)]));
    await upload(three, await sharp(bytes).negate().jpeg().toBuffer());
    const hash = async (path: string) => (await readCheckedImage(backend.ctx, path))?.contentHash;
    assert.equal(await hash(one), await hash(two));
    assert.notEqual(await hash(one), await hash(three));
  });
});

describe('the photo of a delivery', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  /** An invalid file is deleted when it is decoded. Returns the refusal of the delivery, and whether the file remains. */
  async function deliver(status: 'ready' | 'picked_up', by: 'omar' | 'nina') {
    backend = await aCity();
    backend.identity.add('nina', { role: 'courier' }, 'Nina');
    const journey = await new Journey(backend).reach(status);
    const path = `proofs/${journey.orderId}/${by}/door.jpg`;
    backend.files.upload(path, Buffer.from('no photo'.padEnd(100)), {});
    const proof = { type: 'photo', path } as const;
    const refused = await journey.move(by, { action: 'deliver', fix: aFix('door', backend.nowMs), proof }).then(
      () => 'delivered',
      ({ reason }: { reason: string }) => reason,
    );
    return [refused, await backend.files.exists(path)];
  }

  it('is decoded for the courier who carries the order', async () =>
    assert.deepEqual(await deliver('picked_up', 'omar'), ['PHOTO_INVALID', false]));
  it('is not decoded for another courier', async () =>
    assert.deepEqual(await deliver('picked_up', 'nina'), ['ORDER_NOT_FOUND', true]));
  it('is not decoded before the pick-up', async () =>
    assert.deepEqual(await deliver('ready', 'omar'), ['MOVE_NOT_ALLOWED', true]));
});

describe('a proof photo that was used before', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  /** Delivers with a photo; returns the doubts about the delivery. */
  async function doubtsOf(n: number, photo: Buffer): Promise<unknown> {
    const journey = new Journey(backend);
    const { quoteId, totals } = await journey.quote();
    await backend.call('placeOrder', 'carla', {
      quoteId,
      idempotencyKey: `place-key-${n}`,
      confirmedTotalMinor: totals.totalMinor,
      paymentMethodId: 'pm_card_visa',
    });
    await backend.deliverWebhooks();
    await journey.move('mario', { action: 'accept' }, `accept-key-${n}`);
    await journey.assign();
    await journey.move('mario', { action: 'markReady' }, `ready-key-${n}`);
    await journey.pickUp();
    const path = `proofs/${quoteId}/omar/door.png`;
    backend.files.upload(path, photo, {});
    await journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof: { type: 'photo', path } });
    await backend.deliverWebhooks();
    return (await backend.db.doc(`heldPays/${quoteId}-courier`).get()).get('doubts');
  }

  it('is recognised when it was saved again in a lower quality, and another photo is accepted', async () => {
    backend = await aCity();
    const photo = doorPhoto('a door');
    assert.equal(await doubtsOf(1, photo), undefined);
    assert.deepEqual(await doubtsOf(2, await sharp(photo).jpeg({ quality: 60 }).toBuffer()), ['photo_seen']);
    assert.equal(await doubtsOf(3, doorPhoto('another door')), undefined);
  });

  for (const [photo, escalation] of [
    ['a door', 'photo_seen'],
    ['a pizza', null],
  ] as const)
    it(`is recognised in a claim of the order for which it was used again: ${photo}`, async () => {
      backend = await aCity({ zone: { limits: { claimAutoMinor: 1500, claimMinOrders: 0 } } });
      await doubtsOf(1, doorPhoto('a door'));
      await doubtsOf(2, doorPhoto('a door'));
      const photoPath = 'claims/order-2/carla/photo.png';
      backend.files.upload(photoPath, doorPhoto(photo));
      await backend.call('openClaim', 'carla', {
        orderId: 'order-2',
        idempotencyKey: 'claim-key-1',
        kind: 'damaged',
        lines: [{ line: 0, quantity: 1 }],
        text: 'crushed',
        photoPath,
      });
      assert.equal((await backend.db.doc('orders/order-2/claims/claim-key-1').get()).get('escalation'), escalation);
    });
});

describe('a file that no rule lets an app read', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const open = (uid: string, path = PHOTO) =>
    backend.call('openFile', uid, { type: 'evidence', path, reason: 'claim of order-1' });
  const openExport = (uid: string, path: string) => backend.call('openFile', uid, { type: 'export', path });

  it('is given to an operator by a URL of ten minutes, checked, with an entry in the audit', async () => {
    backend.files.upload(PHOTO, await located(), TOKENS);
    const untilMs = backend.nowMs + 10 * MINUTE;
    assert.deepEqual(await open('olga'), {
      url: `https://storage.test/${PHOTO}?until=${untilMs}`,
      expiresAtMs: untilMs,
    });
    assert.equal(backend.files.contents.get(PHOTO)?.includes(MARKER), false);
    const audit = await backend.db.collection('audit').where('action', '==', 'openFile').get();
    const entries = audit.docs.map((entry) => [entry.get('by'), entry.get('subject'), entry.get('reason')]);
    assert.deepEqual(entries, [['olga', PHOTO, 'claim of order-1']]);
  });

  it('is given to operators only, and only where it exists', async () => {
    backend.files.upload(PHOTO, await located());
    for (const uid of ['carla', 'mario', 'omar']) await assert.rejects(open(uid), { reason: 'ROLE_REQUIRED' });
    await assert.rejects(open('olga', 'claims/order-1/carla/photo-2.jpg'), { reason: 'CONTENT_NOT_FOUND' });
    for (const path of ['exports/carla/1.json', 'media/a/960.webp', 'claims/../exports/carla/1.json'])
      await assert.rejects(open('olga', path), { reason: 'INPUT_INVALID' });
    assert.equal((await backend.db.collection('audit').get()).size, 0);
  });

  it('of an export is given to its owner alone', async () => {
    const { path } = await backend.call('exportMyData', 'carla', {});
    assert.equal((await openExport('carla', path)).expiresAtMs, backend.nowMs + 10 * MINUTE);
    for (const uid of ['nina', 'olga']) await assert.rejects(openExport(uid, path), { reason: 'CONTENT_NOT_FOUND' });
    await assert.rejects(openExport('carla', 'exports/carla/1.json'), { reason: 'CONTENT_NOT_FOUND' });
  });
});
