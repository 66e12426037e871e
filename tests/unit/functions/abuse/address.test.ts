import assert from 'node:assert/strict';
import { toAddressKey } from '#functions/abuse/model/address.js';

describe('toAddressKey', () => {
  const SAME: Readonly<Record<string, readonly string[]>> = {
    '203.0.113.7': [
      '203.0.113.7',
      ' 203.0.113.7 ',
      '::ffff:203.0.113.7',
      '::FFFF:cb00:7107',
      '0:0:0:0:0:ffff:203.0.113.7',
      '0000:0000:0000:0000:0000:FFFF:CB00:7107',
      '[::ffff:203.0.113.7]',
      '64:ff9b::203.0.113.7',
      '64:ff9b::cb00:7107',
    ],
    '2001:db8:7:9::/64': [
      '2001:db8:7:9::1',
      '2001:DB8:7:9:ffff:ffff:ffff:ffff',
      '2001:0db8:0007:0009:0000:0000:0000:0001',
      '2001:db8:7:9::',
      '2001:db8:7:9:0:0:192.0.2.1',
      '[2001:db8:7:9::1]',
      '2001:db8:7:9::1%eth0',
    ],
    '2001:db8:0:0::/64': ['2001:db8::1', '2001:db8::', '2001:db8:0::5:6', '2001:db8:0:0:1:2:3:4'],
    '0:0:0:0::/64': ['::1', '::', '0:0:0:0:0:0:0:1'],
    'fe80:0:0:0::/64': ['fe80::1%en0', 'FE80::1'],
  };
  for (const [key, spellings] of Object.entries(SAME))
    for (const spelling of spellings)
      it(`counts ${spelling} as ${key}`, () => assert.equal(toAddressKey(spelling), key));

  it('distinguishes neighbouring networks', () => {
    assert.notEqual(toAddressKey('2001:db8:7:9::1'), toAddressKey('2001:db8:7:a::1'));
    assert.notEqual(toAddressKey('203.0.113.7'), toAddressKey('203.0.113.8'));
    assert.notEqual(toAddressKey('::ffff:203.0.113.7'), toAddressKey('::ffff:203.0.113.8'));
  });

  for (const text of [
    '',
    'unknown',
    '203.0.113',
    '203.0.113.256',
    '1:2:3',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':::',
    '12345::',
    'g::1',
    '1:2:3:4:5:6:7:8::',
  ])
    it(`leaves a text that is no address unchanged: '${text}'`, () => assert.equal(toAddressKey(text), text));
});
