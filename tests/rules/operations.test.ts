import type { Attempt, Persona } from './support/attempt.js';
import { itAllows, itRefuses } from './support/expectations.js';

const list = (as: Persona, path: string, limit: number | null = 50): Attempt => ({
  as,
  op: 'list',
  path,
  query: { limit },
});

describe('rules: audit, boards, versions and photos', () => {
  for (const path of [
    'audit',
    'boards',
    'privacyReports',
    'blockedDevices',
    'zones/centre/versions',
    'flags/tips/versions',
  ]) {
    itAllows(`an operator a page of ${path}`, list('operator', path));
    itRefuses(`an operator 51 of ${path}`, list('operator', path, 51));
    itRefuses(`an operator all of ${path}`, list('operator', path, null));
    itRefuses(`an owner a page of ${path}`, list('owner', path));
  }
  for (const [as, path] of [
    ['customer', 'users/ana/photos'],
    ['manager', 'restaurants/luigi/photos'],
  ] as const) {
    itAllows(`a page of ${path} to its ${as}`, list(as, path));
    itRefuses(`51 of ${path} to its ${as}`, list(as, path, 51));
    itRefuses(`all of ${path} to its ${as}`, list(as, path, null));
  }
  itAllows('every signed-in user a page of flags', list('newcomer', 'flags'));
  itRefuses('a signed-in user 51 flags', list('newcomer', 'flags', 51));
  itRefuses('an unauthenticated client the flags', list('anonymous', 'flags'));
  itRefuses('an operator to change what was done', {
    as: 'operator',
    op: 'update',
    path: 'audit/entry-1',
    data: { reason: 'other' },
  });
  itRefuses('an operator to delete what was done', { as: 'operator', op: 'delete', path: 'audit/entry-1' });
  itRefuses('an operator to write a zone past the server', {
    as: 'operator',
    op: 'update',
    path: 'zones/centre',
    data: { version: 9 },
  });
});
