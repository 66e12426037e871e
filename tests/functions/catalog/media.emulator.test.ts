import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import type { Photo } from '#functions/contract/media.js';
import { deleteOrphanedFiles } from '#functions/media/tidy.js';
import { onUpload } from '#functions/media/on-upload.js';
import { paths } from '#functions/platform/firestore.js';
import { runNightlyJobs } from '#functions/app/tidy-up.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';

const DAY = 24 * 60 * MINUTE;
const aPhoto = (background = '#a33') =>
  sharp({ create: { width: 64, height: 48, channels: 3, background } })
    .jpeg()
    .toBuffer();
const PIZZA = 'menu-photos/rosa/pizza.jpg';

describe('an uploaded photo', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    await backend.call('createProfile', 'carla', { displayName: 'Carla', locale: 'de' });
  });
  afterEach(() => backend.close());

  const upload = async (path: string, bytes: Buffer) => {
    backend.files.upload(path, bytes);
    await onUpload(backend.ctx, path);
  };
  const pizza = async () => (await paths.restaurantPhotos(backend.db, 'rosa').doc('pizza').get()).data();
  const files = () => [...backend.files.paths].toSorted();
  const hashOf = (photo: Photo | undefined) => (photo && photo.status !== 'refused' ? photo.hash : '');

  it('is stored in two widths and two formats, and the original is deleted', async () => {
    await upload(PIZZA, await aPhoto());
    const photo = await pizza();
    assert.equal(photo?.status, 'ready');
    const names = ['320.avif', '320.webp', '960.avif', '960.webp'].map((name) => `media/${hashOf(photo)}/${name}`);
    assert.deepEqual(files(), names);
  });

  it('is refused with the reason, and deleted, where it is not a photo or too large', async () => {
    await upload(PIZZA, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'.padEnd(100)));
    assert.deepEqual(await pizza(), { status: 'refused', problem: 'type', atMs: backend.nowMs });
    await upload(PIZZA, Buffer.concat([await aPhoto(), Buffer.alloc(5 * 1024 * 1024)]));
    assert.deepEqual(await pizza(), { status: 'refused', problem: 'bytes', atMs: backend.nowMs });
    assert.deepEqual(files(), []);
  });

  it('keeps its files where a later upload of its name is refused, until one is accepted', async () => {
    await upload(PIZZA, await aPhoto());
    const [hash, kept] = [hashOf(await pizza()), files()];
    await upload(PIZZA, Buffer.from('no photo'.padEnd(100)));
    assert.deepEqual(await pizza(), { status: 'refused', problem: 'type', atMs: backend.nowMs, hash });
    assert.deepEqual(files(), kept);
    await upload(PIZZA, await aPhoto('#3a3'));
    assert.equal((await pizza())?.status, 'ready');
    assert.equal(files().length, 4);
    assert.equal(files().filter((file) => file.includes(hash)).length, 0);
  });

  it('triggers nothing by its drawn files, and nothing when its event comes twice', async () => {
    await upload(PIZZA, await aPhoto());
    const before = await backend.dump();
    for (const path of [PIZZA, ...files()]) await onUpload(backend.ctx, path);
    assert.deepEqual(await backend.dump(), before);
  });

  it('is drawn in the last attempt where all others died', async () => {
    backend.files.upload(PIZZA, await aPhoto());
    const { ctx } = backend;
    const down = () => Promise.reject(new Error('down'));
    for (const broken of [{ write: down }, { remove: down }]) {
      const dying = { ...ctx, files: { ...ctx.files, ...broken } };
      await assert.rejects(onUpload(dying, PIZZA), { message: 'down' });
      assert.ok(await backend.files.exists(PIZZA));
    }
    await onUpload(backend.ctx, PIZZA);
    assert.equal((await pizza())?.status, 'ready');
    assert.equal(files().length, 4);
  });

  it('of an unknown user is deleted without a trace', async () => {
    await upload('profile-photos/nobody/face.jpg', await aPhoto());
    await upload('menu-photos/nowhere/pizza.jpg', await aPhoto());
    assert.deepEqual(files(), []);
    assert.equal((await backend.db.collectionGroup('photos').get()).size, 0);
  });

  it('is refused where a user has five, leaves no trace after five more, and is replaced where it is one of them', async () => {
    for (const name of ['face', 'face-2', 'face-3', 'face-4', 'face-5', 'face-6'])
      await upload(`profile-photos/carla/${name}.jpg`, await aPhoto());
    const photos = paths.userPhotos(backend.db, 'carla');
    assert.deepEqual((await photos.doc('face-6').get()).data(), {
      status: 'refused',
      problem: 'too many photos',
      atMs: backend.nowMs,
    });
    assert.equal((await photos.doc('face-5').get()).data()?.status, 'ready');
    for (const name of ['face-7', 'face-8', 'face-9', 'face-10', 'face-11'])
      await upload(`profile-photos/carla/${name}.jpg`, await aPhoto());
    assert.equal((await photos.count().get()).data().count, 10);
    await upload('profile-photos/carla/face-5.jpg', await aPhoto('#3a3'));
    assert.equal((await photos.doc('face-5').get()).data()?.status, 'ready');
  });

  it('is refused after ten uploads of a user that day, and accepted the day after', async () => {
    const face = 'profile-photos/carla/face.jpg';
    const seen = async () => (await paths.userPhotos(backend.db, 'carla').doc('face').get()).data();
    for (let shade = 0; shade < 10; shade += 1) await upload(face, await aPhoto(`#${shade}a3`));
    assert.equal((await seen())?.status, 'ready');
    await upload(face, await aPhoto('#333'));
    const { hash, ...refused } = { hash: '', ...(await seen()) };
    assert.deepEqual(refused, { status: 'refused', problem: 'too many uploads today', atMs: backend.nowMs });
    assert.equal(files().filter((file) => file.startsWith(`media/${hash}/`)).length, 4);
    await upload(PIZZA, await aPhoto('#333'));
    assert.equal((await pizza())?.status, 'ready');
    backend.nowMs += DAY;
    await upload(face, await aPhoto('#333'));
    assert.equal((await seen())?.status, 'ready');
  });

  it('removes the files of the photo that it replaces, which is shown until then', async () => {
    await upload(PIZZA, await aPhoto());
    const before = files();
    backend.files.upload(PIZZA, await aPhoto('#3a3'));
    const { ctx } = backend;
    const seen: boolean[] = [];
    const write: typeof ctx.files.write = async (path, bytes, options) => {
      seen.push(before.every((old) => backend.files.paths.has(old)));
      await ctx.files.write(path, bytes, options);
    };
    await onUpload({ ...ctx, files: { ...ctx.files, write } }, PIZZA);
    assert.deepEqual(seen, [true, true, true, true]);
    assert.deepEqual(new Set(files().map((path) => path.split('/')[1])), new Set([hashOf(await pizza())]));
    assert.equal(files().length, 4);
  });

  it('keeps its files when the same picture comes again', async () => {
    await upload(PIZZA, await aPhoto());
    const before = files();
    await upload(PIZZA, await aPhoto());
    assert.deepEqual(files(), before);
  });

  it('that a later one overtakes leaves the later one shown, with all of its files', async () => {
    const { ctx } = backend;
    let first = true;
    const write: typeof ctx.files.write = async (path, bytes, options) => {
      if (first) {
        first = false;
        await upload(
          'menu-photos/rosa/pizza.png',
          await sharp(await aPhoto('#33a'))
            .png()
            .toBuffer(),
        );
      }
      await ctx.files.write(path, bytes, options);
    };
    backend.files.upload(PIZZA, await aPhoto());
    await onUpload({ ...ctx, files: { ...ctx.files, write } }, PIZZA);
    assert.equal((await pizza())?.status, 'ready');
    assert.deepEqual(
      files().map((path) => path.split('/')[1]),
      Array(4).fill(hashOf(await pizza())),
    );
  });

  it('of one user is deleted with that user; the same picture of another user stays', async () => {
    const bytes = await aPhoto();
    await upload('profile-photos/carla/face.jpg', bytes);
    await upload(PIZZA, bytes);
    assert.equal(files().length, 8);
    await backend.call('deleteMyAccount', 'carla', {});
    await backend.advance(MINUTE);
    assert.deepEqual(new Set(files().map((path) => path.split('/')[1])), new Set([hashOf(await pizza())]));
  });

  it('is handled by the nightly run where its trigger was lost', async () => {
    backend.files.upload(PIZZA, await aPhoto());
    await runNightlyJobs(backend.ctx);
    assert.equal((await pizza())?.status, 'ready');
  });

  it('keeps its files as long as its document, within sixteen nights', async () => {
    await upload(PIZZA, await aPhoto());
    await upload('menu-photos/rosa/pasta.jpg', await aPhoto('#3a3'));
    await paths.restaurantPhotos(backend.db, 'rosa').doc('pasta').delete();
    for (let night = 0; night < 16; night += 1) {
      await deleteOrphanedFiles(backend.ctx);
      backend.nowMs += DAY;
    }
    assert.equal(files().length, 4);
    assert.ok(files()[0]?.includes(hashOf(await pizza())));
  });
});

describe('documents of an application', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const OF_COURIERS = ['courier-documents/nina/identity-1.pdf', 'courier-documents/nora/identity-1.pdf'] as const;
  const OF_MERCHANTS = ['draft', 'submitted', 'rejected', 'approved'].map(
    (status) => `merchant-documents/${status}/mia/identity.pdf`,
  );
  const NOWHERE = 'merchant-documents/gone/mia/identity.pdf';
  const venture = {
    name: 'Mia',
    legalName: 'Mia GmbH',
    country: 'AT',
    cuisines: [],
    zoneId: 'centre',
    timeZone: 'Europe/Vienna',
    location: { lat: 48, lng: 16 },
    addressLine: 'Here',
  };
  const prepare = async () => {
    for (const path of [...OF_COURIERS, ...OF_MERCHANTS, NOWHERE]) backend.files.upload(path, Buffer.from('%PDF-1.4'));
    const application = {
      name: 'Nora',
      zoneId: 'centre',
      vehicle: 'foot',
      papers: [],
      status: 'submitted',
      createdAtMs: backend.nowMs,
      review: null,
    };
    await backend.db.doc('courierApplications/nora').set(application);
    for (const path of OF_MERCHANTS) {
      const [, id = ''] = path.split('/');
      const documents = [{ kind: 'identity', path }];
      await backend.db.doc(`merchantApplications/${id}`).set({
        ownerId: 'mia',
        ownerName: 'Mia',
        venture,
        documents,
        status: id,
        createdAtMs: backend.nowMs,
        review: null,
      });
    }
  };
  const sixteenNights = async () => {
    for (let night = 0; night < 16; night += 1) {
      await runNightlyJobs(backend.ctx);
      backend.nowMs += DAY;
    }
  };
  const left = () => [...backend.files.paths].toSorted();

  it('are kept for 30 days, and then deleted where they were never submitted', async () => {
    await prepare();
    await sixteenNights();
    assert.equal(left().length, 7);
    backend.nowMs += 14 * DAY;
    await sixteenNights();
    assert.deepEqual(left(), [OF_COURIERS[1], ...OF_MERCHANTS.slice(1)].toSorted());
  });

  it('are kept where the application was submitted on the last day, and later ones have their own 30 days', async () => {
    await prepare();
    backend.nowMs += 30 * DAY;
    await backend.db.doc('merchantApplications/draft').update({ status: 'submitted' });
    const later = 'courier-documents/nina/licence-1.pdf';
    backend.files.upload(later, Buffer.from('%PDF-1.4'));
    await sixteenNights();
    assert.deepEqual(left(), [later, OF_COURIERS[1], ...OF_MERCHANTS].toSorted());
  });

  it('are deleted 180 days after a rejection, and kept where the application was submitted again', async () => {
    await prepare();
    const reject = (id: string, status: string) =>
      backend.db
        .doc(id)
        .update({ status, review: { by: 'olga', atMs: backend.nowMs + 10 * DAY, reason: 'unreadable' } });
    await reject('courierApplications/nora', 'rejected');
    await reject('merchantApplications/rejected', 'rejected');
    await reject('merchantApplications/submitted', 'submitted');
    const ofRejected = [OF_COURIERS[1], ...OF_MERCHANTS.slice(2, 3)];
    backend.nowMs += 174 * DAY;
    await sixteenNights();
    assert.deepEqual(left(), [OF_COURIERS[1], ...OF_MERCHANTS.slice(1)].toSorted());
    await sixteenNights();
    assert.deepEqual(
      left(),
      OF_MERCHANTS.slice(1)
        .filter((path) => !ofRejected.includes(path))
        .toSorted(),
    );
  });

  it('in a folder that cannot be deleted do not prevent the deletion of others', async () => {
    await prepare();
    backend.nowMs += 30 * DAY;
    const remove = backend.ctx.files.remove;
    backend.ctx.files.remove = (path) => (path === OF_COURIERS[0] ? Promise.reject(new Error('down')) : remove(path));
    await sixteenNights();
    assert.deepEqual(left(), [...OF_COURIERS, ...OF_MERCHANTS.slice(1)].toSorted());
  });
});
