import type { RestaurantDraft } from '../city/population.js';
import type { Events } from '../events.js';
import type { App } from './app.js';
import { doorPhoto } from './photos.js';

/** Uploads a logo and a cover photo of a restaurant, and shows them with its description and telephone number. */
export async function showStorefront(
  app: App,
  { id, description, phone }: Pick<RestaurantDraft, 'id' | 'description' | 'phone'>,
  events: Events,
): Promise<void> {
  const [logo, cover] = [await addPhoto(app, id, 'logo'), await addPhoto(app, id, 'cover')];
  const changes = { logo, cover, description, phone, kinds: ['delivery', 'pickup'] as const };
  await app.call('updateStore', { restaurantId: id, changes });
  const shown = await app.tiffin.get('restaurant', { restaurantId: id });
  if (shown?.logo !== logo || shown.phone !== phone) throw new Error(`customers do not see the storefront of ${id}`);
  events.emit({ type: 'happened', what: 'storefrontShown' });
}

/** Uploads a photo of a restaurant, and returns its hash once it is ready. */
async function addPhoto(app: App, restaurantId: string, photoId: string): Promise<string> {
  await app.upload(`menu-photos/${restaurantId}/${photoId}.png`, doorPhoto(`${restaurantId} ${photoId}`), 'image/png');
  return new Promise((resolve, reject) => {
    const stop = app.tiffin.listenAll(
      'menuPhotos',
      { restaurantId },
      (photos) => {
        const photo = photos.find(({ id }) => id === photoId)?.data;
        if (!photo || photo.status === 'processing') return;
        // The first snapshot can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
        if (photo.status === 'ready') resolve(photo.hash);
        else reject(new Error(`the photo ${photoId} of ${restaurantId} is refused`));
      },
      reject,
    );
  });
}
