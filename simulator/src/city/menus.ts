import type { MenuTextsDraft } from '../../../functions/src/contract/menu-texts.js';
import type { Menu, MenuItem } from '../../../functions/src/contract/restaurants.js';
import type { Random } from '../random.js';

interface Kitchen {
  cuisine: string;
  description: string;
  names: readonly string[];
  /** Name, description, category, price in cents, groups. */
  dishes: readonly (readonly [string, string, string, number, readonly string[]])[];
}

const KITCHENS: readonly Kitchen[] = [
  {
    cuisine: 'Pizza',
    description: 'Pizza from the wood-fired oven, with dough that rests for two days.',
    names: ['Forno Lento', 'Trattoria Aurora', 'Pizzeria Vesuvio'],
    dishes: [
      ['Margherita', 'Tomato, fior di latte, basil', 'Pizza', 1090, ['size', 'toppings']],
      ['Diavola', 'Spicy salami, chilli, mozzarella', 'Pizza', 1290, ['size', 'toppings']],
      ['Funghi', 'Mushrooms, thyme, garlic', 'Pizza', 1240, ['size', 'toppings']],
      ['Burrata', 'Cherry tomatoes, pesto', 'Starters', 990, []],
      ['Tiramisù', 'Mascarpone, espresso', 'Desserts', 620, []],
      ['Sparkling water', '0.5 l', 'Drinks', 310, []],
      ['House white', '0.25 l, Grüner Veltliner', 'Drinks', 590, []],
    ],
  },
  {
    cuisine: 'Indian',
    description: 'Dosas from the griddle, curries with spices that are ground every morning.',
    names: ['Tiffin House', 'Madras Lane', 'Spice Route'],
    dishes: [
      ['Masala dosa', 'Rice crêpe, potato, sambar', 'Mains', 1150, ['spice']],
      ['Butter chicken', 'Tomato, cream, fenugreek', 'Mains', 1490, ['spice', 'side']],
      ['Chana masala', 'Chickpeas, ginger, coriander', 'Mains', 1190, ['spice', 'side']],
      ['Samosas', 'Two, with tamarind chutney', 'Starters', 590, []],
      ['Garlic naan', 'From the tandoor', 'Sides', 390, []],
      ['Mango lassi', '0.3 l', 'Drinks', 450, []],
    ],
  },
  {
    cuisine: 'Japanese',
    description: 'Ramen with broth of eighteen hours, and bento boxes for the office.',
    names: ['Kaze Ramen', 'Umi Bento', 'Sakura Donburi'],
    dishes: [
      ['Tonkotsu ramen', 'Pork broth, egg, spring onion', 'Ramen', 1480, ['toppings']],
      ['Miso ramen', 'Miso, corn, butter', 'Ramen', 1390, ['toppings']],
      ['Salmon bento', 'Rice, pickles, salad', 'Bento', 1690, []],
      ['Gyoza', 'Six pieces', 'Starters', 790, []],
      ['Edamame', 'Sea salt', 'Starters', 490, []],
      ['Hojicha', 'Roasted green tea', 'Drinks', 390, []],
      ['Junmai sake', '0.1 l, warm', 'Drinks', 690, []],
    ],
  },
  {
    cuisine: 'Burgers',
    description: 'Burgers, smashed to order, and fries that are fried twice.',
    names: ['Corner Grill', 'Patty & Sons', 'Smash Yard'],
    dishes: [
      ['Cheeseburger', 'Beef, cheddar, pickles', 'Burgers', 1150, ['toppings', 'side']],
      ['Bean burger', 'Black beans, avocado', 'Burgers', 1090, ['toppings', 'side']],
      ['Chicken burger', 'Buttermilk, slaw', 'Burgers', 1190, ['toppings', 'side']],
      ['Fries', 'Twice fried', 'Sides', 390, []],
      ['Onion rings', 'Beer batter', 'Sides', 450, []],
      ['Lemonade', 'House made', 'Drinks', 420, []],
      ['Craft lager', '0.33 l', 'Drinks', 480, []],
    ],
  },
];

type Facts = Pick<MenuItem, 'allergens' | 'diets' | 'additives' | 'ageLimit'>;
const [VEGETARIAN, VEGAN]: Facts['diets'][] = [['vegetarian'], ['vegetarian', 'vegan']];

/** What the kitchens state about their dishes; the others state nothing. */
const FACTS: Readonly<Record<string, Facts>> = {
  Margherita: { allergens: ['gluten', 'milk'], diets: VEGETARIAN },
  Diavola: { allergens: ['gluten', 'milk'], additives: ['E250', 'E301'] },
  Funghi: { allergens: ['gluten', 'milk'], diets: VEGETARIAN },
  Burrata: { allergens: ['milk', 'nuts'], diets: VEGETARIAN },
  Tiramisù: { allergens: ['gluten', 'eggs', 'milk', 'sulphites'] },
  'Sparkling water': { allergens: [], diets: VEGAN },
  'Masala dosa': { allergens: ['mustard'], diets: VEGAN },
  'Butter chicken': { allergens: ['milk', 'nuts'], diets: ['halal'] },
  'Chana masala': { allergens: [], diets: VEGAN },
  Samosas: { allergens: ['gluten'], diets: VEGAN },
  'House white': { allergens: ['sulphites'], diets: VEGAN, ageLimit: 16 },
  'Junmai sake': { allergens: [], ageLimit: 18 },
  'Craft lager': { allergens: ['gluten'], diets: VEGAN, ageLimit: 16 },
  'Mango lassi': { allergens: ['milk'], diets: VEGETARIAN },
  'Tonkotsu ramen': { allergens: ['gluten', 'eggs', 'soybeans', 'sesame'], additives: ['E621'] },
  'Salmon bento': { allergens: ['fish', 'soybeans'] },
  Edamame: { allergens: ['soybeans'], diets: VEGAN },
  Cheeseburger: { allergens: ['gluten', 'milk', 'sesame', 'mustard'], additives: ['E160a', 'E330'] },
  'Bean burger': { allergens: ['gluten', 'sesame'], diets: VEGAN },
  Fries: { allergens: [], diets: VEGAN },
  Lemonade: { additives: ['E300', 'E330'], diets: VEGAN },
};

const GROUPS: Menu['groups'] = [
  {
    id: 'size',
    name: 'Size',
    min: 1,
    max: 1,
    free: 0,
    options: [{ ...option('regular', 'Regular', 0), preselected: 1 }, option('large', 'Large', 350)],
  },
  {
    id: 'toppings',
    name: 'Extras',
    min: 0,
    max: 4,
    maxDistinct: 3,
    free: 1,
    options: [
      { ...option('cheese', 'Extra cheese', 120, 2), allergens: ['milk'] },
      { ...option('egg', 'Egg', 150), allergens: ['eggs'] },
      option('chilli', 'Chilli', 80),
      option('herbs', 'Fresh herbs', 60),
    ],
  },
  {
    id: 'spice',
    name: 'Heat',
    min: 1,
    max: 1,
    free: 0,
    options: [option('mild', 'Mild', 0), { ...option('medium', 'Medium', 0), preselected: 1 }, option('hot', 'Hot', 0)],
  },
  {
    id: 'side',
    name: 'Side',
    min: 0,
    max: 1,
    free: 0,
    options: [option('rice', 'Rice', 250), { ...option('salad', 'Salad', 320), groupIds: ['dressing'] }],
  },
  {
    id: 'dressing',
    name: 'Dressing',
    min: 1,
    max: 1,
    free: 0,
    options: [option('vinaigrette', 'Vinaigrette', 0), option('tahini', 'Tahini', 50)],
  },
];

function option(
  id: string,
  name: string,
  priceMinor: number,
  maxQuantity = 1,
): Menu['groups'][number]['options'][number] {
  return { id, name, priceMinor, maxQuantity, groupIds: [] };
}

/** The texts of the pizzerias in German: the descriptions of most dishes stay as they are. */
const GERMAN: MenuTextsDraft = {
  items: {
    'pizza-1': { description: 'Tomaten, Fior di latte, Basilikum' },
    'pizza-3': { name: 'Pilze', description: 'Champignons, Thymian, Knoblauch' },
    'pizza-6': { name: 'Mineralwasser', category: 'Getränke' },
    'pizza-7': { name: 'Weißer Hauswein', category: 'Getränke' },
  },
  groups: { size: 'Größe', toppings: 'Dazu' },
  options: { regular: 'Normal', large: 'Groß', cheese: 'Mehr Käse' },
  dayparts: {},
};

export interface MenuDraft {
  name: string;
  cuisine: string;
  description: string;
  menu: Menu;
  /** In other languages. */
  texts?: Readonly<Record<string, MenuTextsDraft>>;
}

/** Draws a restaurant's name, cuisine and menu. Prices differ a little between restaurants. */
export function drawMenu(random: Random, index: number, currency: string): MenuDraft {
  const kitchen = KITCHENS[index % KITCHENS.length] ?? random.pick(KITCHENS);
  const round = Math.floor(index / KITCHENS.length);
  const name = kitchen.names[round % kitchen.names.length] ?? kitchen.cuisine;
  const level = 0.9 + random.next() * 0.25;
  const items = kitchen.dishes.map(([dish, description, category, priceMinor, groupIds], place) => ({
    id: `${kitchen.cuisine.toLowerCase()}-${place + 1}`,
    name: dish,
    description,
    category,
    priceMinor: Math.round((priceMinor * level) / 10) * 10,
    taxCategory: category === 'Drinks' ? 'drinks' : 'food',
    groupIds: [...groupIds],
    ...FACTS[dish],
  }));
  const used = new Set(items.flatMap((item) => item.groupIds));
  if (used.has('side')) used.add('dressing');
  const suffix = round >= kitchen.names.length ? ` ${Math.floor(round / kitchen.names.length) + 1}` : '';
  return {
    name: name + suffix,
    cuisine: kitchen.cuisine,
    description: kitchen.description,
    menu: { version: 1, currency, language: 'en', items, groups: GROUPS.filter((group) => used.has(group.id)) },
    ...(kitchen.cuisine === 'Pizza' && { texts: { de: GERMAN } }),
  };
}
