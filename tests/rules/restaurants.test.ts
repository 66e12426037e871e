import { toStaffKey } from '#functions/core/staff-key.js';
import { aDraftDocument, anInvitation } from '#fixtures/documents/restaurants.js';
import { SERVER_TIME, type Attempt, type Fields, type Persona } from './support/attempt.js';
import { fieldsOf } from './support/city.js';
import { itAllows, itDraws, itRefuses, without } from './support/expectations.js';

const change = (as: Persona, data: Fields): Attempt => ({ as, op: 'update', path: 'restaurants/luigi', data });
const list = (path: string, limit: number | null): Attempt => ({ as: 'owner', op: 'list', path, query: { limit } });

describe('rules: restaurants, their switches', () => {
  const switches: readonly (readonly [string, Fields])[] = [
    ['going online', { availability: 'online', pausedUntilMs: null }],
    ['another acceptance', { acceptance: 'auto' }],
    ['items sold out', { soldOut: { margherita: 9_000_000_000_000 } }],
    ['leave to go online', { canGoOnline: true }],
    ['another menu version', { menuVersion: 2 }],
  ];
  for (const [title, data] of switches)
    for (const as of ['owner', 'kitchen', 'operator'] as const)
      itRefuses(`${title}, written by the ${as} past the server`, change(as, data));
});

const draft: Fields = fieldsOf(aDraftDocument());
const item = { id: 'x' };
const save: Attempt = { as: 'manager', op: 'create', path: 'restaurants/sakura/menus/draft', data: draft };
const savedBy = (as: Persona): Attempt => ({ ...save, as });

describe('rules: drafts of menus', () => {
  itDraws({
    allows: 'a draft',
    attempt: { ...save, as: 'otherManager' },
    refuses: {
      'a version': { version: 2 },
      'a currency in small letters': { currency: 'eur' },
      'a currency that is a number': { currency: 978 },
      'items that are no list': { items: 'margherita' },
      '501 items': { items: Array.from({ length: 501 }, () => item) },
      'groups that are no list': { groups: {} },
      '301 groups': { groups: Array.from({ length: 301 }, () => item) },
      'a language that is no text': { language: 1 },
      'texts that are no map': { texts: [] },
      'texts in six languages': { texts: { de: {}, fr: {}, it: {}, es: {}, ja: {}, ar: {} } },
      'dayparts that are no list': { dayparts: 'lunch' },
      '21 dayparts': { dayparts: Array.from({ length: 21 }, () => item) },
    },
  });
  const full = {
    items: Array.from({ length: 500 }, () => item),
    groups: Array.from({ length: 300 }, () => item),
    dayparts: Array.from({ length: 20 }, () => item),
  };
  itAllows('a draft as long as it may be', { ...savedBy('otherManager'), data: { ...draft, ...full } });
  itAllows('a draft in two languages', {
    ...savedBy('otherManager'),
    data: { ...draft, language: 'en', texts: { de: { items: {} } } },
  });
  itAllows('a draft without dayparts', { ...savedBy('otherOwner'), data: without(draft, 'dayparts') });
  for (const name of ['currency', 'items', 'groups'])
    itRefuses(`a draft without ${name}`, { ...savedBy('otherOwner'), data: without(draft, name) });
  itRefuses('a draft of the kitchen', savedBy('otherKitchen'));
  itRefuses("a draft of another restaurant's manager", savedBy('manager'));
  itRefuses('a draft under another name', { ...savedBy('otherManager'), path: 'restaurants/sakura/menus/spring' });
  itRefuses('a published menu', { ...savedBy('otherManager'), path: 'restaurants/sakura/menus/published' });
});

describe('rules: staff, by the membership document', () => {
  const deletions = [
    ['a draft', 'restaurants/luigi/menus/draft'],
    ['a photo', 'restaurants/luigi/photos/pizza'],
    ['an invitation', 'restaurants/luigi/invitations/invitation-1'],
  ] as const;
  for (const [title, path] of deletions) {
    itAllows(`a manager to delete ${title}`, { as: 'manager', op: 'delete', path });
    itRefuses(`a dismissed manager with an old token to delete ${title}`, {
      as: 'dismissedManager',
      op: 'delete',
      path,
    });
    itRefuses(`a blocked manager with an old token to delete ${title}`, { as: 'blockedManager', op: 'delete', path });
  }
  const strikes = (as: Persona): Attempt => ({ as, op: 'get', path: 'restaurants/luigi/stats/strikes' });
  itAllows('a manager the cancelled orders', strikes('manager'));
  itRefuses('the kitchen the cancelled orders', strikes('kitchen'));
  itRefuses('a dismissed manager with an old token the cancelled orders', strikes('dismissedManager'));
  itRefuses('the manager of another restaurant the cancelled orders', strikes('otherManager'));
  const promotions = (as: Persona): Attempt => ({ as, op: 'get', path: 'restaurants/luigi/settings/promotions' });
  itAllows('a manager the own promotions, with their codes', promotions('manager'));
  itAllows('an operator the own promotions', promotions('operator'));
  itRefuses('the kitchen the own promotions', promotions('kitchen'));
  itRefuses('a customer the own promotions', promotions('customer'));
  itRefuses('the manager of another restaurant the own promotions', promotions('otherManager'));
  itRefuses('a manager to write them', {
    as: 'manager',
    op: 'update',
    path: 'restaurants/luigi/settings/promotions',
    data: { promotions: {} },
  });
  for (const name of ['members', 'invitations', 'photos', 'days']) {
    const listed = (as: Persona): Attempt => ({ as, op: 'list', path: `restaurants/luigi/${name}`, query: {} });
    itAllows(`a manager to list ${name}`, listed('manager'));
    itRefuses(`a dismissed manager with an old token to list ${name}`, listed('dismissedManager'));
    itRefuses(`a blocked manager with an old token to list ${name}`, listed('blockedManager'));
  }
});

describe('rules: staff of more restaurants than the claims name', () => {
  const ended = {
    where: [
      ['restaurantId', '==', 'luigi'],
      ['status', 'in', ['delivered', 'completed']],
    ],
    orderBy: 'createdAtMs',
  } as const;
  const open = {
    where: [
      ['restaurantId', '==', 'luigi'],
      ['staffKeys', 'array-contains', toStaffKey('chiara')],
      ['status', 'in', ['placed', 'ready']],
    ],
    orderBy: 'createdAtMs',
  } as const;
  const read = (as: Persona): Attempt => ({ as, op: 'get', path: 'orders/delivery-placed' });
  itAllows('the owner of a chain an order of a restaurant that is not named', read('chainOwner'));
  itAllows('the owner of a chain a list of such orders', { as: 'chainOwner', op: 'list', path: 'orders', query: open });
  itAllows('the owner of a chain a list of ended orders', {
    as: 'chainOwner',
    op: 'list',
    path: 'orders',
    query: ended,
  });
  itAllows('the owner of a chain the position of her order', {
    as: 'chainOwner',
    op: 'get',
    path: 'couriers/cora/live/delivery-picked_up',
  });
  itRefuses('the owner of another chain the position of another courier', {
    as: 'otherChainOwner',
    op: 'get',
    path: 'couriers/lars/live/delivery-picked_up',
  });
  itRefuses("the owner of a chain a position for another restaurant's customer", {
    as: 'chainOwner',
    op: 'get',
    path: 'couriers/fred/live/order-of-otto',
  });
  itRefuses('the owner of another chain the same order', read('otherChainOwner'));
  itRefuses('the owner of another chain a list of such orders', {
    as: 'otherChainOwner',
    op: 'list',
    path: 'orders',
    query: ended,
  });
  itRefuses('the owner of another chain the position', {
    as: 'otherChainOwner',
    op: 'get',
    path: 'couriers/cora/live/delivery-picked_up',
  });
});

describe('rules: invitations', () => {
  const path = 'restaurants/luigi/invitations/invitation-1';
  itRefuses('reading one as its addressee: the link goes to the server', { as: 'otherCustomer', op: 'get', path });
  itRefuses('one that an owner writes without the server', {
    as: 'owner',
    op: 'create',
    path: `${path}0`,
    data: fieldsOf(anInvitation()),
  });
  itRefuses('51 of them', list('restaurants/luigi/invitations', 51));
});

describe('rules: tickets of a kitchen', () => {
  const path = 'restaurants/luigi/tickets/delivery-accepted-3';
  const print = (as: Persona, data: Fields): Attempt => ({ as, op: 'update', path, data });
  itAllows('a member of the kitchen to mark one as printed', print('kitchen', { printedAt: SERVER_TIME }));
  itRefuses('another restaurant the same', print('otherOwner', { printedAt: SERVER_TIME }));
  itRefuses('an operator the same', print('operator', { printedAt: SERVER_TIME }));
  itRefuses('a time of the phone', print('kitchen', { printedAt: new Date(1_760_000_000_000) }));
  itRefuses('another text', print('kitchen', { printedAt: SERVER_TIME, text: 'Nothing' }));
  itAllows('the queue of the printer', {
    as: 'kitchen',
    op: 'list',
    path: 'restaurants/luigi/tickets',
    query: { orderBy: 'createdAtMs', limit: 20 },
  });
  itRefuses('51 of them', list('restaurants/luigi/tickets', 51));
});

describe('rules: restaurants, reading', () => {
  itAllows('a page of 50 restaurants', list('restaurants', 50));
  itRefuses('51 restaurants', list('restaurants', 51));
  itRefuses('all restaurants', list('restaurants', null));
  itRefuses('restaurants to an unauthenticated client', { ...list('restaurants', 50), as: 'anonymous' });
  itRefuses('51 members', list('restaurants/luigi/members', 51));
  itRefuses('all members', list('restaurants/luigi/members', null));
  itRefuses('the members of all restaurants', { as: 'owner', op: 'list', path: 'members', query: { isGroup: true } });
  itRefuses('the terms of all restaurants', { as: 'operator', op: 'list', path: 'private', query: { isGroup: true } });
  itRefuses('a member who promotes herself', {
    as: 'kitchen',
    op: 'update',
    path: 'restaurants/luigi/members/kim',
    data: { role: 'owner' },
  });
  itRefuses('an owner who makes a member without the server', {
    as: 'owner',
    op: 'create',
    path: 'restaurants/luigi/members/otto',
    data: { role: 'manager' },
  });
});
