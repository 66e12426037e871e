import assert from 'node:assert/strict';
import { z } from 'zod';
import { inputLeaves, type Leaf } from './leaves.js';

/**
 * A zero-width space, a direction override, a NUL, half a surrogate pair, CRLF and a letter with its accent beside it.
 */
const HOSTILE = 'x\u200by\u202ee\u0301\r\nz\u0000\ud800w';
const AS_LINE = 'xyé zw';
const AS_TEXT = 'xyé\nzw';

/** Texts that are not normalised: each is compared or looked up, and never shown. */
const OPAQUE = ['createProfile.deviceId', 'discover.cursor'];

const leaves = inputLeaves();
const isText = ({ schema }: Leaf): boolean => schema instanceof z.ZodString || schema instanceof z.ZodStringFormat;
const accepted = ({ schema }: Leaf, value: unknown): unknown => {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
};

describe('the inputs of all callables', () => {
  it('are visited to their last fields', () => {
    const kinds = new Set(leaves.map(({ schema }) => schema.constructor.name));
    assert.deepEqual(
      [...kinds].filter((kind) => /Object|Array|Record|Union|Optional|Nullable|Default/.test(kind)),
      [],
    );
    for (const path of [
      'quote.lines.*.note',
      'moveOrder.move.reason',
      'saveZone.zone.pricing.taxes.{key}',
      'quote.dropOff.doorCode',
    ])
      assert.ok(
        leaves.some((leaf) => leaf.path === path),
        path,
      );
  });

  it('accept no invisible characters in texts: a pattern refuses them, or they are normalised', () => {
    const raw = leaves.filter(isText).filter((leaf) => {
      const value = accepted(leaf, HOSTILE);
      return value !== undefined && value !== AS_LINE && value !== AS_TEXT;
    });
    assert.deepEqual(raw.map(({ path }) => path).toSorted(), OPAQUE);
  });

  it('count the length of a text after normalisation', () => {
    const free = leaves.filter(isText).filter((leaf) => accepted(leaf, HOSTILE) === AS_LINE);
    assert.ok(free.length >= 20);
    for (const leaf of free) assert.equal(accepted(leaf, `a${'\u200b'.repeat(5_000)}`), 'a', leaf.path);
  });

  it('refuse a text that fills a request before it is searched or composed, each of which took a minute', () => {
    const free = leaves.filter(isText).filter((leaf) => accepted(leaf, HOSTILE) === AS_LINE);
    for (const leaf of free) {
      assert.equal(accepted(leaf, 'a-'), 'a-', leaf.path);
      for (const unit of ['a-', 'a.', '\u0301\u0316'])
        assert.equal(accepted(leaf, unit.repeat(50_000)), undefined, leaf.path);
    }
  });

  it('count a text as it is when it is composed: letters that NFC splits, and letters that it joins', () => {
    const name = leaves.find(({ path }) => path === 'createProfile.displayName');
    assert.ok(name);
    assert.equal(accepted(name, '\ufb2c'.repeat(33)), '\u05e9\u05bc\u05c1'.repeat(33));
    assert.equal(accepted(name, '\ufb2c'.repeat(34)), undefined);
    assert.equal(accepted(name, '\u03b1\u0313\u0300\u0345'.repeat(100)), '\u1f82'.repeat(100));
    assert.equal(accepted(name, '\u03b1\u0313\u0300\u0345'.repeat(101)), undefined);
  });

  it('accept no id that Firestore reserves, and no path', () => {
    const ids = leaves.filter(({ path }) => /(?:Id|Ids\.\*|ids\.\*|Key|uid|userId)$/i.test(path));
    assert.ok(ids.length >= 60);
    for (const leaf of ids.filter(({ path }) => !OPAQUE.includes(path)))
      for (const id of ['__x__', '__reserved__', '.', '..', 'a/b', '', 'a\u0000'])
        assert.equal(accepted(leaf, id), undefined, `${leaf.path}: ${id}`);
  });

  it('accept no time outside of the range of Date', () => {
    const times = leaves.filter(({ path }) => /Ms$/.test(path));
    assert.ok(times.length >= 8);
    for (const leaf of times) {
      for (const ms of [8_640_000_000_000_001, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER])
        assert.equal(accepted(leaf, ms), undefined, `${leaf.path}: ${ms}`);
    }
  });

  it('accept no number that JavaScript does not represent exactly', () => {
    const numbers = leaves.filter(({ schema }) => schema instanceof z.ZodNumber || schema instanceof z.ZodNumberFormat);
    for (const leaf of numbers)
      for (const value of [2 ** 53, Number.POSITIVE_INFINITY])
        assert.equal(accepted(leaf, value), undefined, leaf.path);
  });
});
