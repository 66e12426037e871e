import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { PublishMenuInput, PublishMenuOutput } from '../calls/catalog.js';
import type { MenuTexts } from '../contract/menu-texts.js';
import { Menu, MenuDraft } from '../contract/restaurants.js';
import { computeDiets } from './model/diets.js';
import { computeSearchTokens } from './model/search-tokens.js';
import { MANAGERS, requireStaff } from '../authority/staff.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { toPlain, update } from '../platform/stored.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { checkMenu } from './model/check-menu.js';
import type { RecordChange } from './store-settings.js';

/**
 * Makes the draft the next published version, with every document that names the version, in one commit. A repeated
 * call returns the same result; a draft made from an older version is refused, since another manager has published
 * first.
 */
export async function publishMenu(
  ctx: Context,
  caller: Caller,
  input: z.infer<typeof PublishMenuInput>,
): Promise<z.infer<typeof PublishMenuOutput>> {
  await requireStaff(ctx, caller, input.restaurantId, MANAGERS);
  return publishDraft(ctx, input, await readDraft(ctx, input.restaurantId));
}

/** Publishes a draft. Throws MENU_INVALID, MENU_TOO_LARGE, MENU_CHANGED or RESTAURANT_NOT_FOUND. */
export async function publishDraft(
  ctx: Context,
  { restaurantId, basedOnVersion }: z.infer<typeof PublishMenuInput>,
  draft: MenuDraft,
  record: RecordChange = () => undefined,
): Promise<z.infer<typeof PublishMenuOutput>> {
  const ref = paths.menu(ctx.db, restaurantId);
  const version = basedOnVersion + 1;
  return ctx.db.runTransaction(async (tx) => {
    const store = (await tx.get(paths.restaurant(ctx.db, restaurantId))).data();
    if (!store) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
    const { currency, menuVersion, zoneId } = store;
    const { taxes } = (await getZone(ctx, zoneId)).pricing;
    const { menu, texts, bytes } = unwrap(checkMenu(draft, { path: ref.path, currency, version, taxes }));
    if (menuVersion === version && (await isPublished(ctx, tx, restaurantId, menu, texts))) return { version, bytes };
    if (menuVersion !== basedOnVersion) throw new Refusal('MENU_CHANGED', { menuVersion });
    const former = await readLanguages(ctx, tx, restaurantId);
    record(tx, store);
    tx.set(ref, menu);
    for (const [language, one] of texts) tx.set(paths.menuTexts(ctx.db, restaurantId, language), one);
    for (const language of former.filter((one) => !texts.has(one)))
      tx.delete(paths.menuTexts(ctx.db, restaurantId, language));
    update(tx, paths.restaurant(ctx.db, restaurantId), { menuVersion: version, diets: computeDiets(menu) });
    tx.set(paths.searchEntry(ctx.db, restaurantId), {
      zoneId,
      tokens: computeSearchTokens(store, menu, [...texts.values()]),
    });
    return { version, bytes };
  });
}

/** True where a repeated call finds its own menu, with its texts. */
async function isPublished(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
  menu: Menu,
  texts: ReadonlyMap<string, MenuTexts>,
): Promise<boolean> {
  if (!isDeepStrictEqual((await tx.get(paths.menu(ctx.db, restaurantId))).data(), menu)) return false;
  const stored = await readMenuTexts(ctx, tx, restaurantId, menu);
  return isDeepStrictEqual(
    stored,
    [...texts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
  );
}

/** Reads the languages of the published menu, which may be of another version of this backend. */
async function readLanguages(ctx: Context, tx: Transaction, restaurantId: string): Promise<string[]> {
  const stored: unknown = (await tx.get(ctx.db.doc(paths.menu(ctx.db, restaurantId).path))).get('languages');
  return Menu.shape.languages.safeParse(stored).data ?? [];
}

/** Reads the texts of a published menu in its other languages, in their order; none for a menu without. */
export async function readMenuTexts(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
  { languages = [] }: Pick<Menu, 'languages'>,
): Promise<MenuTexts[]> {
  const stored = await Promise.all(languages.map((one) => tx.get(paths.menuTexts(ctx.db, restaurantId, one))));
  return stored.flatMap((one) => one.data() ?? []);
}

/**
 * Reads the draft. Rules let managers write drafts without checking each item: content that violates the schema is
 * refused here, with its path.
 */
async function readDraft(ctx: Context, restaurantId: string): Promise<MenuDraft> {
  const stored = await ctx.db.doc(paths.menuDraft(ctx.db, restaurantId).path).get();
  const parsed = MenuDraft.safeParse(toPlain(stored.data()));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Refusal('MENU_INVALID', {
    problem: issue?.message ?? '',
    id: issue?.path.join('.') ?? '',
    flaws: parsed.error.issues.length,
  });
}
