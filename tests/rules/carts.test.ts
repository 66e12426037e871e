import { aCartLine } from '#fixtures/documents/restaurants.js';
import { SERVER_TIME, type Attempt, type Fields } from './support/attempt.js';
import { fieldsOf } from './support/city.js';
import { itAllows, itDraws, itRefuses, without } from './support/expectations.js';

const line = fieldsOf(aCartLine());
const cart: Fields = { restaurantId: 'luigi', lines: [line], itemIds: ['margherita'], updatedAt: SERVER_TIME };
const create: Attempt = { as: 'customer', op: 'create', path: 'carts/ana', data: cart };

describe('rules: carts', () => {
  itDraws({
    allows: 'a cart',
    attempt: create,
    refuses: {
      'a restaurant id with a slash': { restaurantId: 'a/b' },
      'a restaurant id that Firestore reserves': { restaurantId: '__x__' },
      'a restaurant id that is no text': { restaurantId: 7 },
      'lines that are no list': { lines: 'margherita' },
      'ids that are no list': { itemIds: 'margherita' },
      '201 ids': { itemIds: Array.from({ length: 201 }, () => 'x') },
      'ids longer than any': { itemIds: ['x'.repeat(12_801)] },
      '51 lines': { lines: Array.from({ length: 51 }, () => line) },
      "the phone's own time": { updatedAt: new Date() },
      'a total from the phone': { totalMinor: 1 },
    },
  });
  itAllows('50 lines', { ...create, data: { ...cart, lines: Array.from({ length: 50 }, () => line) } });
  itAllows('200 ids as long as ids are', {
    ...create,
    data: { ...cart, itemIds: Array.from({ length: 200 }, () => 'x'.repeat(64)) },
  });
  itAllows('a cart without ids', { ...create, data: without(cart, 'itemIds') });
  for (const name of ['restaurantId', 'lines', 'updatedAt'])
    itRefuses(`a cart without its ${name}`, { ...create, data: without(cart, name) });
  itRefuses('a cart in the name of another customer', { ...create, path: 'carts/kim' });
  itAllows('a change of lines', {
    as: 'otherCustomer',
    op: 'update',
    path: 'carts/otto',
    data: { lines: [], updatedAt: SERVER_TIME },
  });
  itRefuses('a change without the time of it', {
    as: 'otherCustomer',
    op: 'update',
    path: 'carts/otto',
    data: { lines: [] },
  });
  itRefuses('a change that adds a price', {
    as: 'otherCustomer',
    op: 'update',
    path: 'carts/otto',
    data: { priceMinor: 1, updatedAt: SERVER_TIME },
  });
});
