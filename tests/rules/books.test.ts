import { toAccountId } from '#functions/ledger/model/account-id.js';
import type { Attempt, Persona } from './support/attempt.js';
import { itAllows, itRefuses } from './support/expectations.js';

const list = (as: Persona, path: string, limit: number | null): Attempt => ({ as, op: 'list', path, query: { limit } });

const CORAS = `ledgerAccounts/${toAccountId('cora')}`;
const SUSIS = `ledgerAccounts/${toAccountId('susi')}`;

describe('rules: daily ledgers', () => {
  itAllows('a manager a page of 50 days', list('manager', 'restaurants/luigi/days', 50));
  itRefuses('a manager 51 days', list('manager', 'restaurants/luigi/days', 51));
  itRefuses('a manager all days', list('manager', 'restaurants/luigi/days', null));
  itRefuses('the kitchen the days', list('kitchen', 'restaurants/luigi/days', 50));
  itRefuses('the manager of another restaurant the days', list('otherManager', 'restaurants/luigi/days', 50));

  itAllows('a courier a page of her 50 days', list('courier', `${CORAS}/days`, 50));
  itRefuses('a courier 51 of her days', list('courier', `${CORAS}/days`, 51));
  itRefuses('a courier the days of another', list('courier', `${SUSIS}/days`, 50));
  itAllows('a courier a day of hers', { as: 'courier', op: 'get', path: `${CORAS}/days/2025-10-09` });
  itRefuses('a courier who lost the role a day', {
    as: 'suspendedCourier',
    op: 'get',
    path: `${SUSIS}/days/2025-10-09`,
  });
  itRefuses('a courier who lost the role the days', list('suspendedCourier', `${SUSIS}/days`, 50));

  itAllows('an operator whose account it is', { as: 'operator', op: 'get', path: CORAS });
  itRefuses('a courier whose account it is, her own', { as: 'courier', op: 'get', path: CORAS });
  itRefuses('an operator 51 accounts', list('operator', 'ledgerAccounts', 51));

  itAllows('an operator a page of the platform', list('operator', 'books/platform/days', 50));
  itRefuses('an operator 51 days of the platform', list('operator', 'books/platform/days', 51));
  itRefuses('an owner the platform', list('owner', 'books/platform/days', 50));
  itRefuses('each user the days of all owners', {
    as: 'manager',
    op: 'list',
    path: 'days',
    query: { limit: 50, isGroup: true },
  });
});

describe('rules: reconciliations', () => {
  itAllows('an operator a page of 50 reports', list('operator', 'reconciliations', 50));
  itRefuses('an operator 51 reports', list('operator', 'reconciliations', 51));
  itRefuses('an owner the reports', list('owner', 'reconciliations', 50));
});
