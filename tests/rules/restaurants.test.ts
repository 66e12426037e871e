import { REMOVED, type Attempt, type Fields } from './support/attempt.js';
import { itAllows, itDraws, itRefuses } from './support/expectations.js';

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
const change = (data: Fields): Attempt => ({ as: 'manager', op: 'update', path: 'restaurants/luigi', data });
const list = (path: string, limit: number | null): Attempt => ({ as: 'owner', op: 'list', path, query: { limit } });

describe('rules: restaurants, their switches', () => {
  itDraws({
    allows: 'all switches at once',
    attempt: change({
      availability: 'paused',
      pausedUntilMs: Date.now() + 30 * MINUTE_MS,
      acceptance: 'auto',
      prepMinutes: 40,
    }),
    refuses: {
      'a pause without an end': { pausedUntilMs: null },
      'a pause that ended before it began': { pausedUntilMs: Date.now() - MINUTE_MS },
      'a pause of more than a day': { pausedUntilMs: Date.now() + 2 * DAY_MS },
      'a pause until a time that is text': { pausedUntilMs: '2030-01-01' },
      'a pause until a time with a fraction': { pausedUntilMs: Date.now() + 0.5 },
      'no time where the pause ends': { pausedUntilMs: REMOVED },
      'an unknown availability': { availability: 'haunted', pausedUntilMs: null },
      'no availability': { availability: REMOVED, pausedUntilMs: null },
      'a closed store with an end of its pause': { availability: 'offline' },
      'an open store with an end of its pause': { availability: 'online' },
      'an unknown acceptance': { acceptance: 'never' },
      'preparation in no time': { prepMinutes: 0 },
      'preparation of more than three hours': { prepMinutes: 181 },
      'preparation in half minutes': { prepMinutes: 12.5 },
      'preparation as text': { prepMinutes: '12' },
      'another menu version': { menuVersion: 2 },
      'another name': { name: 'Da Mario' },
      'another currency': { currency: 'JPY' },
      'another zone': { zoneId: 'elsewhere' },
      'items sold out for ever': { soldOut: { margherita: 9_000_000_000_000 } },
      'a rating': { rating: 5 },
    },
  });
  itAllows('going offline until further notice', change({ availability: 'offline', pausedUntilMs: null }));
  itAllows('going online', change({ availability: 'online', pausedUntilMs: null }));
  const waking = (data: Fields): Attempt => ({ as: 'otherManager', op: 'update', path: 'restaurants/sakura', data });
  itAllows('another preparation time after a pause that ran out', waking({ prepMinutes: 30 }));
  itAllows('the end of a pause', waking({ availability: 'online', pausedUntilMs: null }));
  itRefuses('an open store that keeps the end of its pause', waking({ availability: 'online' }));
  itRefuses('a pause whose end alone goes', waking({ pausedUntilMs: null }));
  itAllows('one minute of preparation', change({ prepMinutes: 1 }));
  itAllows('three hours of preparation', change({ prepMinutes: 180 }));
  itAllows(
    'a pause of nearly a day',
    change({ availability: 'paused', pausedUntilMs: Date.now() + DAY_MS - MINUTE_MS }),
  );
  itRefuses('switches set by the kitchen', { ...change({ prepMinutes: 20 }), as: 'kitchen' });
  itRefuses("switches set by another restaurant's owner", { ...change({ prepMinutes: 20 }), as: 'otherOwner' });
});

describe('rules: restaurants, reading', () => {
  itAllows('a page of 50 restaurants', list('restaurants', 50));
  itRefuses('51 restaurants', list('restaurants', 51));
  itRefuses('all restaurants', list('restaurants', null));
  itRefuses('restaurants to anybody who is not signed in', { ...list('restaurants', 50), as: 'anonymous' });
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
