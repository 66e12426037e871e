import type { Attempt, Persona } from './support/attempt.js';
import { itAllows, itRefuses } from './support/expectations.js';

const list = (as: Persona, limit: number | null): Attempt => ({
  as,
  op: 'list',
  path: 'operatorTasks',
  query: { limit },
});

describe('rules: operatorTasks', () => {
  itAllows('an operator a page of 50 tasks', list('operator', 50));
  itRefuses('an operator 51 tasks', list('operator', 51));
  itRefuses('an operator all tasks', list('operator', null));
  itRefuses('a courier the tasks', list('courier', 50));
  itRefuses('a task closed without the server', {
    as: 'operator',
    op: 'update',
    path: 'operatorTasks/no-courier-1',
    data: { open: false },
  });
  itRefuses('a task deleted by an operator', { as: 'operator', op: 'delete', path: 'operatorTasks/no-courier-1' });
});
