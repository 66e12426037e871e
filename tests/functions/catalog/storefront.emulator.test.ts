import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import type { Inputs } from '#functions/calls/callables.js';
import type { Restaurant } from '#functions/contract/restaurants.js';
import { deleteUnusedFiles } from '#functions/media/drop-unused.js';
import { onUpload } from '#functions/media/on-upload.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { KITCHEN_AT, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';

type Changes = Inputs['updateStore']['changes'];

describe('the storefront of a restaurant', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    backend.identity.add('kim', { role: 'customer', merchant: { rosa: 'kitchen' } });
    await backend.db.doc('restaurants/rosa/members/kim').set({ role: 'kitchen', displayName: 'Kim', addedAtMs: 0 });
  });
  afterEach(() => backend.close());

  const store = async (): Promise<Restaurant> => {
    const read = (await paths.restaurant(backend.db, 'rosa').get()).data();
    assert.ok(read);
    return read;
  };
  const update = (changes: Changes, uid = 'mario') =>
    backend.call('updateStore', uid, { restaurantId: 'rosa', changes });
  const quote = (cart: object = {}) => backend.call('quote', 'carla', aCart(cart));
  const discover = async (wish: object = {}) =>
    (await backend.call('discover', 'carla', { place: KITCHEN_AT, zoneId: 'centre', ...wish })).restaurants;
  const aPhoto = (background: string) =>
    sharp({ create: { width: 64, height: 48, channels: 3, background } })
      .png()
      .toBuffer();
  /** Uploads a photo of a restaurant, and returns its hash. */
  const upload = async (photoId: string, background = '#a33', restaurantId = 'rosa'): Promise<string> => {
    const path = `menu-photos/${restaurantId}/${photoId}.png`;
    backend.files.upload(path, await aPhoto(background));
    await onUpload(backend.ctx, path);
    const photo = (await paths.restaurantPhotos(backend.db, restaurantId).doc(photoId).get()).data();
    assert.ok(photo?.status === 'ready');
    return photo.hash;
  };
  const filesOf = (hash: string) => [...backend.files.paths].filter((path) => path.startsWith(`media/${hash}/`)).length;

  it('has neither photos nor texts, and offers both kinds, in a document of an earlier version', async () => {
    const { logo, cover, description, phone, kinds } = await store();
    assert.deepEqual([logo, cover, description, phone, kinds], [null, null, null, null, ['delivery', 'pickup']]);
    const [card] = await discover();
    assert.deepEqual([card?.logo, card?.cover, card?.kinds], [null, null, ['delivery', 'pickup']]);
  });

  it('is set by a manager, not by the kitchen, and shown in lists', async () => {
    const [logo, cover] = [await upload('logo'), await upload('cover', '#3a3')];
    const changes = { logo, cover, description: 'Dough of two days.\nOpen fire.', phone: '+431234567' };
    await assert.rejects(update(changes, 'kim'), { reason: 'ROLE_NOT_ALLOWED' });
    await update(changes);
    const { name: _, ...after } = await store();
    assert.deepEqual({ ...after, ...changes }, after);
    const [card] = await discover();
    assert.deepEqual([card?.logo, card?.cover], [logo, cover]);
    await update({ logo: null, phone: null });
    const { logo: gone, cover: kept, phone } = await store();
    assert.deepEqual([gone, kept, phone], [null, cover, null]);
  });

  it('masks contacts in the description, and takes a telephone number in its own field only', async () => {
    await update({ description: 'Order at +43 660 1234567 for less' });
    assert.doesNotMatch((await store()).description ?? '', /1234567/);
    await assert.rejects(update({ phone: '0660 1234567' }), { reason: 'INPUT_INVALID' });
    await update({ phone: '+436601234567' });
  });

  it('shows photos of the restaurant that are ready, and no others', async () => {
    const logo = await upload('logo');
    const elsewhere = async () => {
      await paths.restaurant(backend.db, 'other').set(await store());
      return upload('logo', '#a33', 'other');
    };
    for (const photo of ['0'.repeat(32), await elsewhere()])
      await assert.rejects(update({ logo: photo }), { reason: 'PHOTO_NOT_FOUND', details: { photo } });
    await paths.restaurantPhotos(backend.db, 'rosa').doc('logo').update({ status: 'processing' });
    await assert.rejects(update({ cover: logo }), { reason: 'PHOTO_NOT_FOUND' });
    await paths.restaurantPhotos(backend.db, 'rosa').doc('logo').update({ status: 'ready' });
    await update({ cover: logo });
  });

  it('keeps the files of its photos when the upload is replaced or deleted, until it shows others', async () => {
    const [logo, cover, other] = [await upload('logo'), await upload('cover', '#3a3'), await upload('other', '#33a')];
    await update({ logo, cover });
    await upload('logo', '#aaa');
    for (const photoId of ['cover', 'other']) await paths.restaurantPhotos(backend.db, 'rosa').doc(photoId).delete();
    for (const hash of [logo, cover, other]) await deleteUnusedFiles(backend.ctx, hash);
    assert.deepEqual([logo, cover, other].map(filesOf), [4, 4, 0]);
    await update({ logo: null });
    for (const hash of [logo, cover]) await deleteUnusedFiles(backend.ctx, hash);
    assert.deepEqual([logo, cover].map(filesOf), [0, 4]);
  });

  it('is set by an operator as by a manager', async () => {
    const logo = await upload('logo');
    const act = (photo: string) =>
      backend.call('actForStore', 'olga', {
        restaurantId: 'rosa',
        act: { type: 'settings', changes: { logo: photo, kinds: ['delivery'] } },
        reason: 'asked by telephone',
      });
    await assert.rejects(act('0'.repeat(32)), { reason: 'PHOTO_NOT_FOUND' });
    await act(logo);
    const { logo: shown, kinds } = await store();
    assert.deepEqual([shown, kinds], [logo, ['delivery']]);
  });

  it('offers the kinds of orders that it names: other quotes are refused, and lists for them leave it out', async () => {
    const pickup = { kind: 'pickup', tipPpm: 0 };
    const slots = async () =>
      (await backend.call('slots', 'carla', { restaurantId: 'rosa', day: '2026-03-03', kind: 'pickup' })).slots.length;
    await quote(pickup);
    assert.ok((await slots()) > 0);
    await update({ kinds: ['delivery'] });
    await assert.rejects(quote(pickup), { reason: 'KIND_NOT_OFFERED', details: { kind: 'pickup' } });
    await assert.rejects(quote({ ...pickup, scheduledForMs: START_MS + 120 * MINUTE }), { reason: 'KIND_NOT_OFFERED' });
    await quote();
    assert.equal(await slots(), 0);
    assert.equal((await discover({ kind: 'delivery' })).length, 1);
    assert.equal((await discover({ kind: 'pickup' })).length, 0);
    // An app that has it in its list learns that it left.
    const [left] = await discover({ kind: 'pickup', changedSinceMs: backend.nowMs - MINUTE });
    assert.deepEqual([left?.isOpen, left?.kinds], [false, ['delivery']]);
    const wrong: NonNullable<Changes['kinds']>[] = [[], ['pickup', 'pickup']];
    for (const kinds of wrong) await assert.rejects(update({ kinds }), { reason: 'INPUT_INVALID' });
  });

  it('refuses to place an order of a kind that it no longer offers', async () => {
    const { quoteId, totals } = await quote({ kind: 'pickup', tipPpm: 0 });
    const place = () =>
      backend.call('placeOrder', 'carla', {
        quoteId,
        idempotencyKey: 'place-pickup',
        confirmedTotalMinor: totals.totalMinor,
        paymentMethodId: 'pm_card_visa',
      });
    await update({ kinds: ['delivery'] });
    await assert.rejects(place(), { reason: 'KIND_NOT_OFFERED' });
    await update({ kinds: ['delivery', 'pickup'] });
    assert.equal((await place()).outcome, 'placed');
  });
});
