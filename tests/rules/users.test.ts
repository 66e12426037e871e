import { aDevice, anAddress, aUser, somePreferences } from '#fixtures/documents/accounts.js';
import { REMOVED, SERVER_TIME, type Attempt } from './support/attempt.js';
import { inside, itAllows, itDraws, itRefuses, without } from './support/expectations.js';

const at = (path: string, op: Attempt['op'], data?: Attempt['data']): Attempt => ({
  as: 'customer',
  op,
  path,
  ...(data && { data }),
});

describe('rules: users', () => {
  itRefuses('a profile that its owner makes', {
    as: 'newcomer',
    op: 'create',
    path: 'users/nina',
    data: { ...aUser() },
  });
  itRefuses('a role that its owner gives herself', at('users/ana', 'update', { role: 'operator' }));
  itRefuses('a newer version of the claims from an app', at('users/ana', 'update', { claimsVersion: 2 }));
  itRefuses('a profile that its owner deletes', at('users/ana', 'delete'));
});

describe('rules: devices', () => {
  const device = at('users/ana/devices/tablet', 'create', { ...aDevice() });
  itDraws({
    allows: 'a device with a token and a platform',
    attempt: device,
    refuses: {
      'an empty token': { token: '' },
      'a token that is no text': { token: 7 },
      'a token of 4,097 characters': { token: 'x'.repeat(4097) },
      'an unknown platform': { platform: 'symbian' },
      'a token that is a list': { token: ['fcm-token'] },
      'a platform that is no text': { platform: null },
      'another field': { uid: 'ana' },
    },
  });
  const ofMario: Attempt = { ...device, as: 'manager', path: 'users/mario/devices/phone' };
  itAllows('a device of a session that has not been revoked', ofMario);
  itRefuses('a device of a session from before a sign-out everywhere', {
    ...device,
    as: 'otherCustomer',
    path: 'users/otto/devices/phone',
  });
  itRefuses('a device of a user without a profile', { ...device, as: 'owner', path: 'users/olga/devices/phone' });
  itAllows('a token of 4,096 characters', { ...device, data: { ...aDevice(), token: 'x'.repeat(4096) } });
  for (const platform of ['ios', 'web'])
    itAllows(`a device of ${platform}`, { ...device, data: { ...aDevice(), platform } });
  for (const name of ['token', 'platform'])
    itRefuses(`a device without a ${name}`, { ...device, data: without({ ...aDevice() }, name) });
  itRefuses('a device id with a dot', { ...device, path: 'users/ana/devices/a.b' });
  itRefuses('a device id of 65 characters', { ...device, path: `users/ana/devices/${'a'.repeat(65)}` });
  itRefuses('a device among those of another customer', { ...device, path: 'users/otto/devices/tablet' });
  itAllows('a new token of a device', at('users/ana/devices/phone', 'update', { token: 'new' }));
  itRefuses('an update that is weaker than a create', at('users/ana/devices/phone', 'update', { platform: 'symbian' }));
  itRefuses('an update that takes the token away', at('users/ana/devices/phone', 'update', { token: REMOVED }));
  itRefuses('an update that adds a field', at('users/ana/devices/phone', 'update', { role: 'operator' }));
  itRefuses('a list of all devices at once', { ...at('users/ana/devices', 'list'), query: { limit: null } });
  itRefuses('a list of 51 devices', { ...at('users/ana/devices', 'list'), query: { limit: 51 } });
});

describe('rules: notification settings of a phone', () => {
  const { quietHours } = somePreferences();
  const told = at('users/ana/devices/tablet', 'create', { ...aDevice(), ...somePreferences() });
  itDraws({
    allows: 'a language, topics that are switched off and quiet hours',
    attempt: told,
    refuses: {
      'a language of one letter': { locale: 'e' },
      'a language of 36 letters': { locale: 'e'.repeat(36) },
      'a language that is a number': { locale: 12 },
      'orders switched off': { muted: ['orders'] },
      'offers among what is switched off': { muted: ['cart', 'offers'] },
      'five topics': { muted: ['cart', 'cart', 'cart', 'cart', 'cart'] },
      'topics that are a text': { muted: 'cart' },
      'quiet hours from minute 1440': { quietHours: inside(quietHours, { fromMinute: 1440 }) },
      'quiet hours from minute -1': { quietHours: inside(quietHours, { fromMinute: -1 }) },
      'quiet hours to minute 1440': { quietHours: inside(quietHours, { toMinute: 1440 }) },
      'quiet hours to minute -1': { quietHours: inside(quietHours, { toMinute: -1 }) },
      'quiet hours to half a minute': { quietHours: inside(quietHours, { toMinute: 1.5 }) },
      'quiet hours of a zone of 61 letters': { quietHours: inside(quietHours, { timeZone: 'x'.repeat(61) }) },
      'quiet hours with another field': { quietHours: inside(quietHours, { days: [1] }) },
      'quiet hours without an end': { quietHours: without(quietHours, 'toMinute') },
    },
  });
  for (const [fromMinute, toMinute] of [
    [0, 1439],
    [1439, 0],
  ] as const)
    itAllows(`quiet hours from minute ${fromMinute} to ${toMinute}, in a zone of 60 letters`, {
      ...told,
      data: { ...told.data, quietHours: { fromMinute, toMinute, timeZone: 'x'.repeat(60) } },
    });
  itAllows('all four topics switched off', {
    ...told,
    data: { ...told.data, muted: ['chat', 'cart', 'money', 'reviews'] },
  });
});

describe('rules: the inbox', () => {
  const read = at('users/ana/inbox/refund-1', 'update', { readAt: SERVER_TIME });
  itDraws({
    allows: 'a message marked as read now',
    attempt: read,
    refuses: {
      'a reading dated by the phone': { readAt: new Date(0) },
      'a new title with it': { title: 'You won' },
      'a later end with it': { expireAt: SERVER_TIME },
    },
  });
  itRefuses('a message read a second time', { ...read, path: 'users/ana/inbox/read-1' });
  itRefuses('a message that its owner writes', {
    ...at('users/ana/inbox/fresh', 'create', { title: 'You won', readAt: null }),
  });
  itRefuses('a list of 51 messages', { ...at('users/ana/inbox', 'list'), query: { limit: 51 } });
  itRefuses('an inbox listed whole', { ...at('users/ana/inbox', 'list'), query: { limit: null } });
});

describe('rules: addresses', () => {
  const address = at('users/ana/addresses/work', 'create', anAddress());
  itDraws({
    allows: 'an address',
    attempt: address,
    refuses: {
      'an empty label': { label: '' },
      'a label of 101 characters': { label: 'x'.repeat(101) },
      'a label that is no text': { label: 1 },
      'a latitude beyond the pole': { lat: 90.1 },
      'a latitude below the other pole': { lat: -90.1 },
      'a latitude that is text': { lat: '52.5' },
      'a latitude that is no number': { lat: NaN },
      'a longitude beyond the date line': { lng: 180.1 },
      'a longitude below the date line': { lng: -180.1 },
      'a longitude that is text': { lng: '13.4' },
      'an empty address line': { addressLine: '' },
      'an address line of 201 characters': { addressLine: 'x'.repeat(201) },
      'a door code of 41 characters': { doorCode: 'x'.repeat(41) },
      'a door code that is no text': { doorCode: 12 },
      'a note of 281 characters': { note: 'x'.repeat(281) },
      'a note that is no text': { note: null },
      'another field': { phone: '+4930123456' },
    },
  });
  itAllows('every text at its full length', {
    ...address,
    data: {
      ...anAddress(),
      label: 'x'.repeat(100),
      addressLine: 'x'.repeat(200),
      doorCode: 'x'.repeat(40),
      note: 'x'.repeat(280),
    },
  });
  itAllows('an address at the edge of the map', { ...address, data: { ...anAddress(), lat: -90, lng: 180 } });
  itAllows('an address at the other edge of the map', { ...address, data: { ...anAddress(), lat: 90, lng: -180 } });
  itAllows('an address without door code and note', { ...address, data: without(anAddress(), 'doorCode', 'note') });
  itAllows('an address whose owner wants to be met', { ...address, data: { ...anAddress(), handover: 'meet' } });
  itAllows('an address at whose door food is left', { ...address, data: { ...anAddress(), handover: 'leave' } });
  itRefuses('an address with another wish', { ...address, data: { ...anAddress(), handover: 'throw' } });
  for (const name of ['label', 'lat', 'lng', 'addressLine'])
    itRefuses(`an address without its ${name}`, { ...address, data: without(anAddress(), name) });
  itRefuses('an address id with a dot', { ...address, path: 'users/ana/addresses/a.b' });
  for (const id of ['other-0', 'other-9', 'other-19'])
    itAllows(`an address under ${id}`, { ...address, path: `users/ana/addresses/${id}` });
  for (const id of ['other-20', 'other-01', 'other-190', 'anything', 'home2'])
    itRefuses(`an address under ${id}: they are twenty-two at most`, { ...address, path: `users/ana/addresses/${id}` });
  itRefuses('an address among those of another customer', { ...address, path: 'users/otto/addresses/work' });
  itAllows('another label', at('users/ana/addresses/home', 'update', { label: 'Ours' }));
  itRefuses('an update to a label too long', at('users/ana/addresses/home', 'update', { label: 'x'.repeat(101) }));
  itRefuses('a list of all addresses at once', { ...at('users/ana/addresses', 'list'), query: { limit: null } });
  itRefuses('a list of 51 addresses', { ...at('users/ana/addresses', 'list'), query: { limit: 51 } });
});

describe('rules: favourites', () => {
  const favourite = at('users/ana/favourites/sakura', 'create', { addedAt: SERVER_TIME });
  itDraws({
    allows: 'a favourite',
    attempt: favourite,
    refuses: { "the phone's own time": { addedAt: new Date() }, 'another field': { stars: 5 } },
  });
  itRefuses('a favourite without its time', { ...favourite, data: {} });
  itRefuses('a restaurant that does not exist', { ...favourite, path: 'users/ana/favourites/no-such' });
  itRefuses('a restaurant id with a dot', { ...favourite, path: 'users/ana/favourites/a.b' });
  itRefuses('a favourite of another customer', { ...favourite, path: 'users/otto/favourites/sakura' });
  itRefuses('51 favourites', { ...at('users/ana/favourites', 'list'), query: { limit: 51 } });
});

describe('rules: applications of merchants', () => {
  const list = (as: Attempt['as'], query: Attempt['query'] = {}): Attempt => ({
    as,
    op: 'list',
    path: 'merchantApplications',
    query,
  });
  itAllows('operators all that wait', list('operator', { where: [['status', '==', 'submitted']] }));
  itRefuses('operators 51 at once', list('operator', { limit: 51 }));
  itRefuses('an applicant those of others', list('customer', { where: [['status', '==', 'submitted']] }));
});
