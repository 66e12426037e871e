import type { Attempt } from './support/attempt.js';
import { itAllows, itRefuses } from './support/expectations.js';

const list = (path: string, limit: number | null): Attempt => ({ as: 'customer', op: 'list', path, query: { limit } });

describe('rules: zones', () => {
  itAllows('a page of 50 zones', list('zones', 50));
  itRefuses('51 zones', list('zones', 51));
  itRefuses('all zones', list('zones', null));
  itRefuses('the promotions of a zone, which hold its codes', list('zones/centre/promotions', 50));
  itRefuses('the promotions of all zones', {
    as: 'operator',
    op: 'list',
    path: 'promotions',
    query: { isGroup: true },
  });
  itRefuses('a surge that a customer sets', {
    as: 'customer',
    op: 'update',
    path: 'zones/centre',
    data: { pricing: {} },
  });
});
