import { z } from 'zod';

/** Source: Regulation (EU) No 1169/2011, Annex II. */
export const ALLERGENS = [
  'gluten',
  'crustaceans',
  'eggs',
  'fish',
  'peanuts',
  'soybeans',
  'milk',
  'nuts',
  'celery',
  'mustard',
  'sesame',
  'sulphites',
  'lupin',
  'molluscs',
] as const;
/** The allergens of a dish. An empty list says that it has none; an absent one says nothing. */
export const Allergens = z.array(z.enum(ALLERGENS)).max(ALLERGENS.length);

export const DIETS = ['vegetarian', 'vegan', 'halal', 'kosher', 'glutenFree', 'lactoseFree', 'nutFree'] as const;
export const Diet = z.enum(DIETS);
export type Diet = z.infer<typeof Diet>;
/** The diets that a dish is suited for. */
export const Diets = z.array(Diet).max(DIETS.length);

/** E numbers as on a label: E150d, E322, E1442, E160a(ii). Source: Regulation (EC) No 1333/2008, Annex II. */
export const Additives = z.array(z.string().regex(/^E[1-9]\d{2,3}[a-j]?(?:\([ivx]{1,5}\))?$/)).max(40);

/** The age in years from which a person may buy something. */
export const AgeLimit = z.int().min(1).max(25);
