import type { Attempt, Persona, Query } from './support/attempt.js';
import { itAllows, itRefuses } from './support/expectations.js';

const ORDER = 'orders/delivery-delivered';
const get = (as: Persona, path: string): Attempt => ({ as, op: 'get', path });
const list = (as: Persona, path: string, query: Query): Attempt => ({ as, op: 'list', path, query });
const of = (field: string, value: string): Query => ({ where: [[field, '==', value]] });

describe('rules: refunds', () => {
  const refunds = `${ORDER}/refunds`;
  itAllows('a customer her refund', get('customer', `${refunds}/refund-1`));
  itRefuses('another customer the refund', get('otherCustomer', `${refunds}/refund-1`));
  itAllows('a kitchen the refund of its food', get('kitchen', `${refunds}/refund-1`));
  itRefuses('another kitchen the refund', get('otherKitchen', `${refunds}/refund-1`));
  itRefuses('the courier the refund', get('courier', `${refunds}/refund-1`));
  itAllows('a customer her refunds', list('customer', refunds, of('customerId', 'ana')));
  itRefuses('a customer 51 of her refunds', list('customer', refunds, { ...of('customerId', 'ana'), limit: 51 }));
  itRefuses('a customer her refunds at once', list('customer', refunds, { ...of('customerId', 'ana'), limit: null }));
  itRefuses("a customer another's refunds", list('customer', refunds, of('customerId', 'otto')));
  itRefuses('a customer refunds without a filter', list('customer', refunds, {}));
  itAllows('a kitchen the refunds of its food', list('kitchen', refunds, of('restaurantId', 'luigi')));
  itRefuses("a kitchen another's refunds", list('kitchen', refunds, of('restaurantId', 'sakura')));
  itRefuses('a refund that does not exist', get('customer', `${refunds}/unknown`));
});

describe('rules: reviews', () => {
  const reviews = 'restaurants/luigi/reviews';
  const shown = (limit: number | null): Query => ({ where: [['state', '==', 'shown']], limit });
  itAllows('a newcomer a page of reviews', list('newcomer', reviews, shown(50)));
  itRefuses('a newcomer 51 reviews', list('newcomer', reviews, shown(51)));
  itRefuses('a newcomer all reviews', list('newcomer', reviews, shown(null)));
  itRefuses('an unauthenticated client the reviews', list('anonymous', reviews, shown(50)));
  itRefuses('a customer the reviews that are held', list('customer', reviews, of('state', 'held')));
  itAllows('an operator the reviews that are held', list('operator', reviews, of('state', 'held')));
  itRefuses('a review in the name of its order', {
    as: 'customer',
    op: 'create',
    path: `${reviews}/delivery-collected`,
    data: { stars: 5 },
  });
  itRefuses('the reviews of all restaurants', {
    as: 'customer',
    op: 'list',
    path: 'reviews',
    query: { ...shown(50), isGroup: true },
  });
  itRefuses('a courier her own reviews', list('courier', 'couriers/cora/reviews', shown(50)));
  itRefuses('an operator 51 reviews of a courier', list('operator', 'couriers/cora/reviews', { limit: 51 }));
  itRefuses('an operator 51 reports', list('operator', 'reports', { limit: 51 }));
  itRefuses('the author the report', get('customer', 'reports/restaurantReview-delivery-delivered'));
});

describe('rules: claims', () => {
  const claims = `${ORDER}/claims`;
  itAllows('a customer her claim', get('customer', `${claims}/claim-1`));
  itRefuses('the kitchen the claim', get('owner', `${claims}/claim-1`));
  itRefuses('another customer the claim', get('otherCustomer', `${claims}/claim-1`));
  itAllows('a customer her claims', list('customer', claims, of('customerId', 'ana')));
  itRefuses('a customer 51 of her claims', list('customer', claims, { ...of('customerId', 'ana'), limit: 51 }));
  itRefuses('a customer claims without a filter', list('customer', claims, {}));
});

describe('rules: tips', () => {
  const tips = `${ORDER}/tips`;
  itAllows('a courier her tip', get('courier', `${tips}/paid-tip-1`));
  itRefuses('a courier a tip that is not paid', get('courier', `${tips}/pending-tip-1`));
  itRefuses('a courier who is suspended her tip', get('suspendedCourier', `${tips}/paid-to-susi`));
  itRefuses('another courier the tip', get('otherCourier', `${tips}/paid-tip-1`));
  itAllows('a customer her tip that is not paid', get('customer', `${tips}/pending-tip-1`));
  itRefuses('the kitchen the tip', get('owner', `${tips}/paid-tip-1`));
  itAllows('a customer her tips', list('customer', tips, of('customerId', 'ana')));
  itRefuses('a customer 51 of her tips', list('customer', tips, { ...of('customerId', 'ana'), limit: 51 }));
  itRefuses("a customer another's tips", list('customer', tips, of('customerId', 'otto')));
});

describe('rules: disputes', () => {
  itAllows('an operator a page of 50 disputes', list('operator', 'disputes', { limit: 50 }));
  itRefuses('an operator 51 disputes', list('operator', 'disputes', { limit: 51 }));
  itRefuses('an owner the disputes', list('owner', 'disputes', { limit: 50 }));
  itRefuses('the customer who disputes', get('customer', 'disputes/dp_1'));
});
