import type { MenuTextsDraft } from '../../../functions/src/contract/menu-texts.js';
import type { CartLine, Menu } from '../../../functions/src/contract/restaurants.js';
import { Random } from '../random.js';
import { drawMenu } from './menus.js';
import { layStreets, place, type Place, type Streets } from './streets.js';

export const ZONE_ID = 'demoville';
export const PASSWORD = 'demo1234';

export interface Person {
  uid: string;
  name: string;
  email: string;
}
export interface Customer extends Person {
  home: Place;
  addressLine: string;
}
export interface Courier extends Person {
  vehicle: 'bicycle' | 'scooter' | 'car';
  /** The crossing where the shift begins. */
  start: number;
}
export interface RestaurantDraft {
  id: string;
  name: string;
  cuisine: string;
  description: string;
  /** E.164. */
  phone: string;
  location: Place;
  addressLine: string;
  prepMinutes: number;
  owner: Person;
  menu: Menu;
  /** The menu's texts in other languages. */
  texts?: Readonly<Record<string, MenuTextsDraft>>;
  /** It promises preparation times that were learned from its orders of the last weeks. */
  isExperienced?: true;
  /** Limits of a kitchen that counts: orders per quarter of an hour, and portions by item. */
  inventory?: { slotCapacity: number; portions: Record<string, number> };
}
export interface City {
  seed: number;
  streets: Streets;
  restaurants: RestaurantDraft[];
  couriers: Courier[];
  customers: Customer[];
  operator: Person;
  /** Decides the appeals, which the operator who decided first may not. */
  secondOperator: Person;
  /** Opens a restaurant when the city is already running. */
  newcomer: Omit<RestaurantDraft, 'id'>;
}

export interface CitySize {
  restaurants: number;
  couriers: number;
  customers: number;
}
const DEMO_SIZE: CitySize = { restaurants: 12, couriers: 16, customers: 24 };

const FIRST = [
  'Ada',
  'Ben',
  'Chen',
  'Dilek',
  'Emil',
  'Fatou',
  'Grace',
  'Hugo',
  'Ines',
  'Jonas',
  'Kira',
  'Luis',
  'Mina',
  'Noah',
  'Olga',
  'Priya',
  'Quinn',
  'Rosa',
  'Sami',
  'Tara',
];
const LAST = [
  'Abel',
  'Baker',
  'Costa',
  'Duarte',
  'Ekström',
  'Fischer',
  'Gupta',
  'Haddad',
  'Ito',
  'Jansen',
  'Kowalski',
  'Lopez',
  'Moreau',
  'Novak',
  'Okafor',
  'Park',
];
const STREETS = [
  'Lindengasse',
  'Mill Lane',
  'Rue des Halles',
  'Harbour Street',
  'Station Road',
  'Orchard Way',
  'Rosenweg',
  'Canal Street',
];

/** Draws the demo city of a seed. The same seed gives the same streets, people, menus and prices. */
export function drawCity(seed: number, size: CitySize = DEMO_SIZE): City {
  const random = new Random(seed);
  const streets = layStreets(random.fork('streets'));
  const people = random.fork('people');
  const anywhere = () => place(streets.crossings, people.between(0, streets.crossings.length - 1));
  const city = {
    seed,
    streets,
    restaurants: many(size.restaurants, (index) => drawRestaurant(people, index, anywhere())),
    couriers: many(size.couriers, (index) => ({
      ...person(people, 'courier', index),
      vehicle: people.pick(['bicycle', 'scooter', 'car'] as const),
      start: people.between(0, streets.crossings.length - 1),
    })),
    customers: many(size.customers, (index) => ({
      ...person(people, 'customer', index),
      home: anywhere(),
      addressLine: drawAddress(people),
    })),
    operator: { uid: 'operator-1', name: 'Olivia Ops', email: 'ops@demo.test' },
    secondOperator: { uid: 'operator-2', name: 'Oskar Ops', email: 'ops2@demo.test' },
  };
  // Drawn last, so that the draws for the others do not depend on it.
  const newcomer = drawRestaurant(people, size.restaurants, anywhere());
  return { ...city, newcomer: { ...newcomer, inventory: chooseInventory(newcomer) } };
}

/** Low enough that the orders of a run reach the limits. */
function chooseInventory({ menu }: RestaurantDraft): NonNullable<RestaurantDraft['inventory']> {
  const portions = Object.fromEntries(menu.items.slice(0, 2).map(({ id }) => [id, 10]));
  return { slotCapacity: 6, portions };
}

function drawRestaurant(random: Random, index: number, location: Place): RestaurantDraft {
  const { name, cuisine, description, menu, texts } = drawMenu(random, index, 'EUR');
  return {
    id: `restaurant-${index + 1}`,
    name,
    cuisine,
    description,
    ...(texts && { texts }),
    phone: `+4317${String(100_000 + index)}`,
    menu,
    location,
    addressLine: drawAddress(random),
    prepMinutes: random.between(5, 9),
    owner: person(random, 'merchant', index),
    ...(index < EXPERIENCED && { isExperienced: true as const }),
  };
}

/** So many restaurants have enough orders behind them to learn from. */
const EXPERIENCED = 4;

function person(random: Random, kind: string, index: number): Person {
  const name = `${random.pick(FIRST)} ${random.pick(LAST)}`;
  return { uid: `${kind}-${index + 1}`, name, email: `${kind}${index + 1}@demo.test` };
}

const drawAddress = (random: Random) => `${random.pick(STREETS)} ${random.between(1, 120)}`;
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A dish that alone reaches the zone's minimum order. */
const MAIN_MINOR = 800;

/** What a cart is drawn from: of a menu as the server or an app has it. */
interface MenuChoices {
  readonly items: readonly {
    readonly id: string;
    readonly priceMinor: number;
    readonly groupIds: readonly string[];
    readonly ageLimit?: number | undefined;
  }[];
  readonly groups: readonly {
    readonly id: string;
    readonly min: number;
    readonly options: readonly { readonly id: string; readonly groupIds: readonly string[] }[];
  }[];
}

/** Draws a cart: a main dish, up to two more items for people of any age, the required choices and some optional ones. */
export function drawCart(random: Random, menu: MenuChoices): CartLine[] {
  const [main, ...rest] = random
    .shuffle(menu.items.filter(({ ageLimit }) => ageLimit === undefined))
    .toSorted((a, b) => Number(b.priceMinor >= MAIN_MINOR) - Number(a.priceMinor >= MAIN_MINOR));
  const dishes = [...(main ? [main] : []), ...random.shuffle(rest).slice(0, random.between(0, 2))];
  return dishes.map((item) => ({
    itemId: item.id,
    quantity: random.chance(0.75) ? 1 : 2,
    modifiers: item.groupIds.flatMap((groupId) => drawModifiers(random, menu, groupId)),
  }));
}

function drawModifiers(random: Random, menu: MenuChoices, groupId: string): CartLine['modifiers'] {
  const group = menu.groups.find((one) => one.id === groupId);
  if (!group || (group.min === 0 && random.chance(0.5))) return [];
  const option = random.pick(group.options);
  const nested = option.groupIds.flatMap((id) => drawModifiers(random, menu, id));
  return [
    { optionId: option.id, quantity: 1, modifiers: nested.map(({ optionId, quantity }) => ({ optionId, quantity })) },
  ];
}
