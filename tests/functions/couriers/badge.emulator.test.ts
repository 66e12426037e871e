import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import { onUpload } from '#functions/media/on-upload.js';
import { doorPhoto } from '#simulator/people/photos.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

/** The smallest photo that is accepted has 64 pixels a side. */
const aPhoto = (): Promise<Buffer> =>
  sharp({ create: { width: 100, height: 100, channels: 3, background: '#804020' } })
    .jpeg()
    .toBuffer();
const PLATE = 'W-123 AB';

describe('plate and photo of a courier', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => {
    backend = await aCity({ couriers: 2 });
    await backend.db.doc('couriers/omar').update({ plate: PLATE });
    journey = new Journey(backend);
  });
  afterEach(() => backend.close());

  const badge = async () => (await backend.order(journey.orderId)).courierBadge;
  const upload = async (uid: string) => {
    await backend.call('createProfile', uid, { displayName: uid, locale: 'en' });
    const path = `profile-photos/${uid}/me.jpg`;
    backend.files.upload(path, await aPhoto());
    await onUpload(backend.ctx, path);
    return String((await backend.db.doc(`users/${uid}/photos/me`).get()).get('hash'));
  };

  it('are in the order from the acceptance to the end of the ride', async () => {
    const photo = await upload('omar');
    await journey.reach('preparing');
    assert.equal(await badge(), undefined);
    await journey.assign();
    assert.deepEqual(await badge(), { plate: PLATE, photo });
    await journey.reach('picked_up');
    assert.deepEqual(await badge(), { plate: PLATE, photo });
    await journey.reach('delivered');
    assert.equal(await badge(), undefined);
  });

  it('are removed when the courier returns the order', async () => {
    await journey.reach('preparing');
    await journey.assign();
    await journey.move('omar', { action: 'unassign', reason: 'flat tyre' });
    assert.equal(await badge(), undefined);
  });

  it('are absent for a courier who has neither', async () => {
    await backend.db.doc('couriers/omar').set({ ...(await backend.courier('omar-2')), displayName: 'omar' });
    await journey.reach('picked_up');
    assert.equal(await badge(), undefined);
  });

  it('come from an application, once it is approved', async () => {
    const path = 'courier-documents/nina/identity-1.jpg';
    backend.files.upload(path, doorPhoto('badge'));
    const papers = [{ kind: 'identity' as const, path }];
    await backend.ask('applyAsCourier', 'nina', { zoneId: 'centre', vehicle: 'bicycle', plate: PLATE, papers });
    await backend.ask('reviewCourier', 'olga', { uid: 'nina', version: 1, decision: 'approve', reason: 'complete' });
    assert.equal((await backend.courier('nina')).plate, PLATE);
  });

  it('are not stored for a user who is no courier', async () => {
    await upload('carla');
    assert.equal((await backend.db.doc('couriers/carla').get()).exists, false);
  });
});
