import { DIETS, type Diet } from '../../contract/food-facts.js';
import type { Menu } from '../../contract/restaurants.js';

/** So many dishes make a choice for a guest with a diet. */
const MIN_DISHES = 3;

/** Lists the diets for which at least three items of a menu are suited. */
export function computeDiets({ items }: Pick<Menu, 'items'>): Diet[] {
  return DIETS.filter((diet) => items.filter(({ diets = [] }) => diets.includes(diet)).length >= MIN_DISHES);
}
