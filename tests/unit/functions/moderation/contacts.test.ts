import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toOrderCode } from '#functions/orders/model/build-order.js';
import { filterText, hasContacts } from '#functions/moderation/filter.js';

const two = (value: number): string => String(value).padStart(2, '0');
const int = (min: number, max: number) => fc.integer({ min, max });
const oneOf = (...texts: string[]) => fc.constantFrom(...texts);
const joined = (one: fc.Arbitrary<string>, between: fc.Arbitrary<string>, maxLength = 4) =>
  fc.tuple(fc.array(one, { minLength: 1, maxLength }), between).map(([all, by]) => all.join(by));

const price = fc
  .tuple(int(0, 9999), int(0, 99), oneOf('.', ','))
  .map(([whole, cents, point]) => `${whole}${point}${two(cents)}`);
const prices = joined(price, oneOf(' / ', ' | ', ' - ', '; ', ' · '));
const amount = fc
  .tuple(
    int(1, 999),
    fc.array(int(0, 999), { minLength: 1, maxLength: 2 }),
    oneOf('.', ','),
    oneOf('Rp %', '₩%', '% Ft', '% IDR'),
  )
  .map(([first, groups, by, form]) =>
    form.replace('%', [first, ...groups.map((one) => String(one).padStart(3, '0'))].join(by)),
  );
const time = fc
  .tuple(int(0, 23), int(0, 59), oneOf('.', ':'))
  .map(([hour, minute, by]) => `${two(hour)}${by}${two(minute)}`);
const hours = joined(
  fc.tuple(time, oneOf('-', ' - ', '–', ' – '), time).map((all) => all.join('')),
  oneOf(', ', ' / ', ' & ', ' ', '; '),
);
const date = fc
  .tuple(int(1, 28), int(1, 12), int(2000, 2099), oneOf('iso', '.', '/', '-'))
  .map(([day, month, year, form]) =>
    form === 'iso' ? `${year}-${two(month)}-${two(day)}` : [two(day), two(month), year].join(form),
  );
const moment = fc.oneof(
  date,
  fc.tuple(date, time).map(([day, at]) => `${day} ${at}`),
  fc.tuple(date, time).map(([day, at]) => `${day}, ${at}`),
  fc.tuple(date, hours).map(([day, open]) => `${day}: ${open}`),
  joined(date, oneOf(' - ', ', ', ' / ')),
);
const house = fc
  .tuple(int(1, 999), int(1, 99), int(1, 99), oneOf('', 'a', 'B'))
  .map(([number, stair, door, letter]) => `${number}${letter}/${stair}/${door}`);
const range = fc.tuple(int(1, 99), int(1, 99), int(1, 9)).map(([from, to, door]) => `${from}-${to}/${door}`);
const code = fc.uuid().map((id) => `#${toOrderCode(id)}`);
const harmless = fc.oneof(prices, amount, hours, moment, house, range, code);
const around = fc.constantFrom<[string, string]>(
  ['', ''],
  ['from ', ' on'],
  ['Pizza (', ')'],
  ['Mo-Fr ', ' Uhr'],
  ['Lindenstraße ', ', 1010 Wien'],
  ['Preis: ', '.'],
  ['€ ', '!'],
);

const digits = (length: number) => fc.array(int(0, 9), { minLength: length, maxLength: length });
const number = fc
  .tuple(oneOf('+43', '0043', '0', '+1'), digits(2), digits(3), digits(4))
  .map(([prefix, ...groups]) => [`${prefix}6${groups[0].join('')}`, groups[1].join(''), groups[2].join('')]);
const separator = oneOf(
  '',
  ' ',
  '-',
  '/',
  '.',
  '\\',
  '·',
  '•',
  '●',
  '][',
  ' ... ',
  ' # ',
  '|',
  ' – ',
  '_',
  '~',
  '"',
  ' * ',
  '،',
  '🍕',
  '\u200b',
);
const label = oneOf('rosa', 'max-24', 'meine.pizza', 'Pizzeria');
const at = oneOf('@', ' @ ', '(at)', ' (at) ', '[at]', '{at}', '＠', '<at>');
const dot = oneOf('.', '(dot)', ' (dot) ', '[punkt]', ' . ', '。', '．', '｡');
const suffix = oneOf('com', 'net', 'de', 'org');

describe('texts without a contact', () => {
  it('keep prices, opening hours, house numbers, dates and the codes of orders', () => {
    fc.assert(
      fc.property(harmless, around, (text, [before, after]) => {
        const whole = `${before}${text}${after}`;
        assert.deepEqual(filterText(whole), { text: whole, contacts: 0, words: 0 });
      }),
      { numRuns: 2000 },
    );
  });

  for (const fine of [
    'open 11.30-14.30, 17.30-22.00',
    'Mo-So 1130-1430',
    'offen 09.00-14.00, 1010 Wien',
    'seit 1998 - 2024',
    'gilt am 24.12.2026 von 10.00-14.00 und am 31.12.2026',
    '01.12.2026 18:00 - 23:00',
    '2 Portionen am 01.12.2026 12 Uhr',
    '6 / 12 / 18 / 24 / 30 Stück',
    'Allergene 1, 2, 3, 4, 5, 6, 7',
    'Allergene (1/2/3/7/8/9/10)',
    'Lindengasse 12-14/3/16',
    'Rp 1.250.000',
    'Ø 26 / 32 / 40 cm, 12,50 / 14,50 / 18,90',
    'I am @ home. is it cold?',
    'wait at the dot on the map',
    'polka dot shop',
    'Wir sind da . Das ist gut',
    'おいしいです。また来ます。',
    'meet me at home.is it ok',
    'Pizza <at> 12',
  ])
    it(`keep "${fine}"`, () => assert.deepEqual(filterText(fine), { text: fine, contacts: 0, words: 0 }));
});

describe('contacts', () => {
  it('are masked in telephone numbers with any separators', () => {
    fc.assert(
      fc.property(number, separator, separator, ([a = '', b = '', c = ''], first, second) => {
        const { text, contacts } = filterText(`call ${a}${first}${b}${second}${c} now`);
        assert.deepEqual([text, contacts], ['call •••••••• now', 1]);
      }),
      { numRuns: 1000 },
    );
  });

  it('are masked in e-mail addresses with disguised signs', () => {
    fc.assert(
      fc.property(label, at, oneOf('gmail', 'gmx', 'pizza-rosa'), dot, suffix, (name, by, host, point, end) => {
        const address = `${name}${by}${host}${point}${end}`;
        const { text, contacts } = filterText(`write ${address}`);
        assert.ok(contacts >= 1 && !text.includes(host), `${address}: ${text}`);
      }),
      { numRuns: 1000 },
    );
  });

  for (const text of [
    'max(at)gmail(dot)com',
    'max at gmail dot com',
    'max@gmail。com',
    'max @ gmail . com',
    'max@gmail. com',
    'order at my-shop。de',
    'my-shop (dot) de',
    'pizzarosa [punkt] at',
    'rosa . com',
    '0660\\123\\4567',
    '0660[123]4567',
    '660[123]4567',
    '0660 ... 123 ... 4567',
    '0660 # 123 # 4567',
    '0660•123•4567',
    'seit 2026: 0660 123 45 67',
    '30.11.2026 0660 1234567',
    '0660 12.11.25',
    '+45 12.34 56.78',
    '06.12.34.56.78',
    '24.12.2026, 0660 12 34 56',
    '212-555/123/4',
    '676/123/45/67',
    '43/676/123/456',
    'max at gmail com',
    'max@gmail,com',
    'www darosa de',
    'save 10 % at darosa.pizza',
    'darosa.wien',
  ])
    it(`are masked: ${text}`, () => {
      assert.equal(hasContacts(text), true);
      assert.equal(hasContacts(filterText(text).text), false);
    });

  for (const text of [
    'Veltliner 0,125 / 0,25 / 0,75 l',
    'Partyplatte 1000 / 1500 / 2000 g',
    'Bottle 750 ml / 1500 ml',
    '1000/1500 g',
    'Bordeaux 2018 / 2019 / 2020',
    'Lindenstraße 12-14/3/161',
  ])
    it(`are not in: ${text}`, () => assert.equal(hasContacts(text), false));
});
