import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { IntlMessageFormat } from 'intl-messageformat';
import { formatMessage, type Values } from '#functions/notifications/model/format.js';
import { getMessageKind, MESSAGES, ORDER_FACTS, type MessageKey } from '#functions/notifications/model/messages.js';
import { LANGUAGE_NAMES, render, loadTexts } from '#functions/notifications/render.js';

/** Without the marks that keep directions apart, and with plain spaces. */
const plain = (text: string) => text.replaceAll(/[\u2066-\u2069\u200e\u200f]/g, '').replaceAll(/[\u00a0\u202f]/g, ' ');
const keys = Object.keys(MESSAGES).filter((key): key is MessageKey => Object.hasOwn(MESSAGES, key));

type Part = ReturnType<IntlMessageFormat['getAst']>[number];

const partsOf = (source: string): Part[] =>
  new IntlMessageFormat(source, 'en', undefined, { ignoreTag: true }).getAst();

/** The parts of a message and of every case in it. */
const allParts = (source: string): Part[] => {
  const inner = (parts: readonly Part[]): Part[] =>
    parts.flatMap((part) =>
      ['options' in part ? Object.values(part.options).flatMap(({ value }) => inner(value)) : [], part].flat(),
    );
  return inner(partsOf(source));
};

/** The values that a message of this kind gets. */
const valuesOf = (key: MessageKey): string[] => {
  const { values = [], about } = getMessageKind(key);
  return [...(about === 'restaurant' ? ['restaurant'] : ORDER_FACTS), ...values];
};

/** The arguments that the text of a message uses without getting them. */
const missingIn = (key: MessageKey, text: string): string[] =>
  argumentsOf(text).filter((name) => !valuesOf(key).includes(name));

/** The arguments that a message needs, each once. */
const argumentsOf = (source: string): string[] =>
  [...new Set(allParts(source).flatMap((part) => ('value' in part && part.type !== 0 ? [part.value] : [])))].toSorted();

describe('a message in ICU form', () => {
  const english = (source: string, values: Values) => formatMessage('en', source, values);

  it('replaces values by name', () =>
    assert.equal(english('{restaurant}: {code}', { restaurant: 'Da Rosa', code: 'ABCD' }), 'Da Rosa: ABCD'));

  it('selects the plural by the language, an exact number before it, and prints the number for #', () => {
    const source = '{n, plural, =0 {nothing} one {# item} other {# items}}!';
    const said = [0, 1, 2, 1234].map((n) => english(source, { n }));
    assert.deepEqual(said, ['nothing!', '1 item!', '2 items!', '1,234 items!']);
  });

  it('has six plurals in Arabic', () => {
    const source = '{n, plural, zero {zero} one {one} two {two} few {few} many {many} other {other}}';
    const said = [0, 1, 2, 3, 11, 100].map((n) => formatMessage('ar', source, { n }));
    assert.deepEqual(said, ['zero', 'one', 'two', 'few', 'many', 'other']);
  });

  it('selects, with plurals inside, and falls back to other', () => {
    const source = '{from, select, courier {Courier: {n, plural, one {one} other {#}}} other {Kitchen}}';
    const said = [english(source, { from: 'courier', n: 2 }), english(source, { from: 'x', n: 2 })];
    assert.deepEqual(said, ['Courier: 2', 'Kitchen']);
  });

  it('quotes by apostrophes, and keeps those that quote nothing', () => {
    const said = ["it's", "it''s", "'{'{a}'}'", "{n, plural, other {'#'#}}"].map((source) =>
      english(source, { a: 'x', n: 1 }),
    );
    assert.deepEqual(said, ["it's", "it's", '{x}', '#1']);
  });

  it('is refused where it is invalid, and where a value is missing', () => {
    for (const source of ['{', '{a', '{a,', '{n, plural, one {x}}', '{n, plural, other}', '{}'])
      assert.throws(() => english(source, { a: 'x', n: 1 }), SyntaxError, source);
    assert.throws(() => english('{a}', {}), /variable "a" was not provided/);
  });

  it('never parses a value: every name is printed unchanged', () => {
    fc.assert(
      fc.property(fc.string(), (name) => assert.equal(plain(english('<{name}>', { name })), plain(`<${name}>`))),
    );
  });

  it('formats amounts and times as the language does', () => {
    const amount = { amountMinor: 123456, currency: 'EUR' };
    const at = { atMs: Date.UTC(2026, 0, 1, 18, 5), timeZone: 'Europe/Vienna' };
    const said = ['en', 'de', 'es', 'ja'].map((locale) =>
      plain(formatMessage(locale, '{amount} {at}', { amount, at })),
    );
    assert.deepEqual(said, ['€1,234.56 7:05 PM', '1.234,56 € 19:05', '1234,56 € 19:05', '€1,234.56 19:05']);
    const yen = formatMessage('en', '{a}', { a: { amountMinor: 1500, currency: 'JPY' } });
    const dinar = formatMessage('en', '{a}', { a: { amountMinor: 1500, currency: 'KWD' } });
    assert.deepEqual([plain(yen), plain(dinar)], ['¥1,500', 'KWD 1.500']);
  });

  it('isolates names and codes of the other direction', () => {
    const said = formatMessage('ar', 'طلبك {code} من {restaurant}', { code: 'A-7', restaurant: 'Pizza 24' });
    assert.equal(said, 'طلبك \u2068A-7\u2069 من \u2068Pizza 24\u2069');
    assert.equal(english('From {restaurant}.', { restaurant: 'مطعم 24' }), 'From \u2068مطعم 24\u2069.');
    assert.equal(english('From {restaurant}.', { restaurant: 'Da Rosa' }), 'From Da Rosa.');
  });
});

describe('the texts of notifications', () => {
  for (const language of LANGUAGE_NAMES) {
    it(`have all messages of English, with the same values: ${language}`, async () => {
      const [texts, english] = [await loadTexts(language), await loadTexts('en')];
      assert.deepEqual(Object.keys(texts).toSorted(), keys.toSorted());
      for (const key of keys) {
        const needs = ({ title, body }: { title: string; body: string }) => argumentsOf(title + body);
        assert.deepEqual(needs(texts[key]), needs(english[key]), key);
      }
    });
  }

  for (const language of LANGUAGE_NAMES) {
    it(`use only the values that they get, and all of those that the sender gives: ${language}`, async () => {
      const texts = await loadTexts(language);
      const used = keys.map((key) => [key, argumentsOf(texts[key].title + texts[key].body)] as const);
      for (const [key, names] of used) {
        assert.deepEqual(missingIn(key, texts[key].title + texts[key].body), [], key);
        const given = getMessageKind(key).values ?? [];
        assert.deepEqual(
          [...given].toSorted(),
          names.filter((name) => given.includes(name)),
          key,
        );
      }
      // Every order has the facts: each is in some text.
      const all = new Set(used.flatMap(([, names]) => names));
      assert.deepEqual(
        ORDER_FACTS.filter((fact) => !all.has(fact)),
        [],
      );
    });
  }

  it('are found with a misspelled value, also in a case of a plural or a choice', async () => {
    const { title, body } = (await loadTexts('en')).order_placed;
    assert.deepEqual(missingIn('order_placed', title + body), []);
    assert.deepEqual(missingIn('order_placed', title.replace('{code}', '{kode}') + body), ['kode']);
    assert.deepEqual(missingIn('order_placed', title + body.replace('# items', '{itens}')), ['itens']);
    assert.deepEqual(missingIn('chat_message', '{from, select, courier {{restorant}} other {{text}}}'), ['restorant']);
    assert.deepEqual(missingIn('cart_sold_out', '{restaurant} {code}'), ['code']);
  });

  it('have in each language the plurals that it has', async () => {
    for (const language of LANGUAGE_NAMES) {
      const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const { title, body } of Object.values(await loadTexts(language))) {
        for (const part of allParts(title + body)) {
          if (!('pluralType' in part)) continue;
          // Spanish says "un millón de" with "many", which no order has.
          const missing = wanted.filter((category) => category !== 'other' && !(category in part.options));
          assert.deepEqual(missing, language === 'es' ? ['many'] : [], `${language}: ${body}`);
        }
      }
    }
  });

  it('are in Arabic except for their values', async () => {
    for (const [key, { title, body }] of Object.entries(await loadTexts('ar')))
      for (const text of [title, body])
        assert.doesNotMatch(
          text.replaceAll(
            /\{(\w+(, (plural|select),)?|)|(zero|one|two|few|many|other|customer|courier|merchant|approved|rejected|=\d+) \{/g,
            '',
          ),
          /[A-Za-z]/,
          key,
        );
  });

  it("are in the phone's language and its region's form, else in English", async () => {
    const values = { restaurant: 'Da Rosa', code: 'A7', amount: { amountMinor: 1050, currency: 'CHF' } };
    const said = async (locale: string) => plain((await render(locale, 'order_refunded', values)).body);
    assert.equal(await said('de-CH'), 'Du bekommst CHF 10.50 für deine Bestellung A7 zurück.');
    assert.equal(await said('de_DE'), 'Du bekommst 10,50 CHF für deine Bestellung A7 zurück.');
    assert.equal(await said('de-x-nonsense-%%'), 'Du bekommst 10,50 CHF für deine Bestellung A7 zurück.');
    assert.equal(await said('tlh'), 'You get CHF 10.50 back for your order A7.');
    assert.equal(await said('constructor'), 'You get CHF 10.50 back for your order A7.');
  });

  it('ignore extensions, and regions that do not exist, of which a user can invent any number', async () => {
    const values = { restaurant: 'Da Rosa', code: 'A7', amount: { amountMinor: 1050, currency: 'CHF' } };
    const said = async (locale: string) => (await render(locale, 'order_refunded', values)).body;
    const locales = ['de', 'de-x-00000001', 'de-ZZ', 'de-u-nu-arab'];
    assert.equal(new Set(await Promise.all(locales.map(said))).size, 1);
  });
});
