import { itRefuses } from './support/expectations.js';

describe('rules: quotes', () => {
  itRefuses('a quote read by the customer who requested it', {
    as: 'customer',
    op: 'get',
    path: 'quotes/delivery-placed',
  });
  itRefuses('quotes listed by their customer', {
    as: 'customer',
    op: 'list',
    path: 'quotes',
    query: { where: [['customerId', '==', 'ana']] },
  });
  itRefuses('a quote with a price set by the app', {
    as: 'customer',
    op: 'create',
    path: 'quotes/mine',
    data: { customerId: 'ana', pricing: { totals: { totalMinor: 1 } } },
  });
  itRefuses('another tip in a quote', {
    as: 'customer',
    op: 'update',
    path: 'quotes/delivery-placed',
    data: { tipPpm: 0 },
  });
});
