import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Contention } from '#emulator/limit-warnings/contention.js';
import { HotSpots } from '#emulator/limit-warnings/hot-spots.js';
import { findSizeWarnings } from '#emulator/limit-warnings/sizes.js';
import { type LimitWarning, Warnings } from '#emulator/limit-warnings/warnings.js';
import { WriteRates } from '#emulator/limit-warnings/write-rate.js';
import { type Change } from '#emulator/store/document.js';
import { type Fields, integerValue, stringValue } from '#emulator/values/value.js';
import { aDocument, DATABASE } from '../arbitraries.js';

function change(path: string, fields: Fields, before?: Fields): Change {
  const name = `${DATABASE.name}/documents/${path}`;
  return { name, segments: path.split('/'), before: before && aDocument(path, before), after: aDocument(path, fields) };
}

const text = (length: number): Fields => new Map([['t', stringValue('x'.repeat(length))]]);

describe('the limit of writes to a document', () => {
  /** Warnings when a document is written every so many milliseconds for a minute. */
  const warningsAt = (everyMs: number, documents = 1): number => {
    const rates = new WriteRates();
    let warned = 0;
    for (let n = 0; n * everyMs < 60_000; n++)
      if (rates.record(change(`c/${n % documents}`, new Map()), n * everyMs)) warned++;
    return warned;
  };

  it('warns of more than one write per second over some time', () => {
    assert.ok(warningsAt(800) > 0);
    assert.equal(warningsAt(1000), 0);
  });

  it('counts each document separately', () => assert.equal(warningsAt(100, 20), 0));

  it('accepts a burst of ten and warns of eleven', () => {
    const rates = new WriteRates();
    for (let n = 0; n < 10; n++) assert.equal(rates.record(change('c/a', new Map()), n), undefined);
    assert.equal(rates.record(change('c/a', new Map()), 10)?.figure, 1.1);
  });
});

describe('the limits of sizes', () => {
  const kinds = (changes: Change[]): string[] => findSizeWarnings(changes).map(({ kind, place }) => `${kind} ${place}`);

  it('warn of a document over 80 % of 1 MiB', () => {
    assert.deepEqual(kinds([change('c/a', text(838_000))]), []);
    assert.deepEqual(kinds([change('c/a', text(839_000))]), ['documentSize c/a']);
  });

  it('warn of a commit over 10 MiB, for any size of its documents', () => {
    const commit = (documents: number): Change[] =>
      Array.from({ length: documents }, (_, i) => change(`c/${i}`, text(104_000)));
    assert.deepEqual(kinds(commit(100)), []);
    assert.deepEqual(kinds(commit(101)), ['commitSize c/0']);
  });
});

describe('the limit of transactions', () => {
  it('warns of ten waits for one document within 10 s, and of no fewer', () => {
    const contention = new Contention();
    for (let n = 0; n < 9; n++) assert.equal(contention.recordWait('c/a', n), undefined);
    assert.equal(contention.recordWait('c/b', 9), undefined);
    assert.equal(contention.recordWait('c/a', 9)?.figure, 10);
    assert.equal(contention.recordWait('c/a', 10_000), undefined);
  });

  it('warns of every abort', () => assert.equal(new Contention().recordAbort('c/a').place, 'c/a'));
});

describe('the hot spots of indexes', () => {
  /** The places warned of when so many documents are written, one each so many milliseconds. */
  function hot(
    fieldsOf: (n: number) => Fields,
    { count = 100, everyMs = 5, id = (n: number) => `${(n * 7919) % 1009}`, isIndexed = true, old = false } = {},
  ): string[] {
    const spots = new HotSpots(() => isIndexed);
    const places = new Set<string>();
    for (let n = 0; n < count; n++) {
      const written = change(`c/${id(n)}`, fieldsOf(n), old ? fieldsOf(n) : undefined);
      for (const { place } of spots.record(written, n * everyMs)) places.add(place);
    }
    return [...places];
  }
  const rising = (n: number): Fields => new Map([['at', integerValue(BigInt(n))]]);
  const mixed = (n: number): Fields => new Map([['at', integerValue(BigInt((n * 7919) % 1009))]]);

  it('are fields whose values only rise, or only fall, when written fast', () => {
    assert.deepEqual(hot(rising), ['c at']);
    assert.deepEqual(
      hot((n) => rising(-n)),
      ['c at'],
    );
    assert.deepEqual(hot(rising, { everyMs: 25 }), []);
  });

  it('are not fields whose values have no order', () => assert.deepEqual(hot(mixed), []));

  it('are not fields without an index', () => assert.deepEqual(hot(rising, { isIndexed: false }), []));

  it('are not fields that a write leaves as they were', () => assert.deepEqual(hot(rising, { old: true }), []));

  it('are ids in sequence, padded or not', () => {
    assert.deepEqual(hot(mixed, { id: (n) => `order-${n}` }), ['c __name__']);
    assert.deepEqual(hot(mixed, { id: (n) => `order-${String(n).padStart(6, '0')}` }), ['c __name__']);
  });

  it('are found in maps', () => {
    const nested = (n: number): Fields => new Map([['m', { kind: 'map', fields: rising(n) }]]);
    assert.deepEqual(hot(nested), ['c m.at']);
  });

  it('are never values in random order', () => {
    const shuffles = fc.shuffledSubarray(
      Array.from({ length: 100 }, (_, i) => BigInt(i)),
      { minLength: 100 },
    );
    fc.assert(
      fc.property(shuffles, (values) => hot((n) => new Map([['at', integerValue(values[n] ?? 0n)]])).length === 0),
      { seed: 7 },
    );
  });
});

describe('the warnings of a project', () => {
  const warning = (place: string, figure: number): LimitWarning => ({
    kind: 'writeRate',
    place,
    figure,
    text: `${place} ${figure}`,
  });

  it('are reported once for each place, and kept with the worst figure', () => {
    const told: string[] = [];
    const warnings = new Warnings((line) => told.push(line));
    for (const one of [warning('a', 2), warning('b', 1), warning('a', 5), warning('a', 3)]) warnings.add(one);
    assert.deepEqual(told, ['a 2', 'b 1']);
    assert.deepEqual(warnings.toJson().warnings, [warning('a', 5), warning('b', 1)]);
  });

  it('are reported again after a reset', () => {
    const told: string[] = [];
    const warnings = new Warnings((line) => told.push(line));
    warnings.add(warning('a', 2));
    warnings.reset();
    assert.deepEqual(warnings.toJson().warnings, []);
    warnings.add(warning('a', 2));
    assert.deepEqual(told, ['a 2', 'a 2']);
  });
});
