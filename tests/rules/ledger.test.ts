import type { Attempt, Persona } from './support/attempt.js';
import { itAllows, itRefuses } from './support/expectations.js';

const list = (as: Persona, limit: number | null): Attempt => ({ as, op: 'list', path: 'ledger', query: { limit } });

describe('rules: ledger', () => {
  itAllows('an operator a page of 50 journals', list('operator', 50));
  itRefuses('an operator 51 journals', list('operator', 51));
  itRefuses('an operator all journals', list('operator', null));
  itRefuses('an owner the journals', list('owner', 50));
  itRefuses('a journal corrected by an operator', {
    as: 'operator',
    op: 'update',
    path: 'ledger/delivery-delivered-1',
    data: { entries: [] },
  });
  itRefuses('a journal deleted by an operator', { as: 'operator', op: 'delete', path: 'ledger/delivery-delivered-1' });
  itRefuses('a journal made by an owner', { as: 'owner', op: 'create', path: 'ledger/mine', data: { entries: [] } });
});
