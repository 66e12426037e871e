import type { Contract } from './model/contract.js';
import type { Case, Declaration, Field, Json, Shape, Type, Union } from './model/types.js';

/** A property that no version of the contract has: readers of a language with fixed types drop it. */
const EXTRA = 'addedLater';

const ABOUT = [
  'Values as the server stores or returns them, and what every client package reads from them.',
  'stored: what the Firebase SDK returns; {"$timestamp": n} is a Firestore Timestamp, n milliseconds since 1970.',
  'read: the value as JSON. Times are milliseconds, absent properties with a default have it, an unknown case of a ' +
    'union is {TAG: "unknown", "raw": the stored value}.',
  `Properties called ${EXTRA} are those of a newer server: read leaves them out, also where a package keeps them.`,
  'carts: what a package lists as the itemIds of a cart that it saves.',
  'A language without the difference may read an absent property as null and compare without the nulls.',
];

const CHEESE = { optionId: 'cheese', quantity: 1, modifiers: [{ optionId: 'melted', quantity: 2 }] };
/** Carts with what `saveCart` lists: the ids of items and options, each once and in this order. */
const CARTS = [
  { lines: [], itemIds: [] },
  {
    lines: [
      { itemId: 'pizza', quantity: 1, modifiers: [{ optionId: 'large', quantity: 1 }, CHEESE] },
      { itemId: 'pizza', quantity: 2, modifiers: [CHEESE] },
      { itemId: 'water', quantity: 1 },
    ],
    itemIds: ['pizza', 'large', 'cheese', 'melted', 'water'],
  },
];

/** The largest integer that all languages hold exactly: 2^53 - 1. */
const LARGEST = 9_007_199_254_740_991;
const TEXTS = { all: '🍛 Größe ライス عربي "\\" \u{1F468}\u200D\u{1F373}', absent: 'text', newer: '' };
const TIMES = { all: 1_772_475_300_123, absent: -1, newer: 0 };
const DECIMALS = { all: 0.1, absent: -1234.5, newer: 3 };

/**
 * The kinds of cases. `all`: every property is present, and numbers are the largest. `absent`: what may be absent is
 * absent, and numbers are negative. `newer`: a server sends texts, cases and properties that the package does not know.
 */
type Kind = 'all' | 'absent' | 'newer';

/** A value as it is stored, and as a client reads it. */
interface Sample {
  readonly stored: Json;
  readonly read: Json;
}

interface GoldenCase extends Sample {
  readonly type: string;
  readonly case: string;
}

/** Renders the table of golden documents, which the tests of all client packages read: a line for each case. */
export function renderGolden(contract: Contract): Readonly<Record<string, string>> {
  const lines = new Samples(contract.declarations).cases().map((one) => `    ${JSON.stringify(one)}`);
  const head = `  "about": ${JSON.stringify(ABOUT)},\n  "extra": ${JSON.stringify(EXTRA)},\n`;
  const carts = CARTS.map((one) => `    ${JSON.stringify(one)}`).join(',\n');
  return { 'golden.json': `{\n${head}  "carts": [\n${carts}\n  ],\n  "cases": [\n${lines.join(',\n')}\n  ]\n}\n` };
}

class Samples {
  constructor(readonly declarations: ReadonlyMap<string, Declaration>) {}

  cases(): GoldenCase[] {
    return [...this.declarations.values()].flatMap((one) => {
      if (one.kind === 'enumeration' || one.direction === 'send') return [];
      return one.kind === 'record' ? this.#recordCases(one) : this.#unionCases(one);
    });
  }

  #recordCases(shape: Shape): GoldenCase[] {
    return this.#kindsOf(shape).map((kind) => ({ type: shape.name, case: kind, ...this.#record(shape, kind) }));
  }

  #unionCases(union: Union): GoldenCase[] {
    const known = union.cases.flatMap((one) =>
      one.values.flatMap((value) =>
        this.#kindsOf(one.shape).map((kind) => ({
          type: union.name,
          case: `${value}, ${kind}`,
          ...this.#case(union, one, value, kind),
        })),
      ),
    );
    return [...known, { type: union.name, case: 'unknown', ...this.#unknownCase(union) }];
  }

  /** Leaves out the kinds in which a record would be the same. */
  #kindsOf({ fields }: Shape): Kind[] {
    const mayBeAbsent = fields.some(
      ({ type, optional, fallback }) => optional || fallback !== undefined || canBeNegative(type),
    );
    const isOpen = fields.some(({ type }) => this.#isOpen(type));
    return ['all', ...(mayBeAbsent ? (['absent'] as const) : []), ...(isOpen ? (['newer'] as const) : [])];
  }

  #case({ tag }: Union, { shape }: Case, value: string, kind: Kind): Sample {
    const { stored, read } = this.#fields(shape, kind);
    return { stored: { [tag]: value, ...stored }, read: { [tag]: value, ...read } };
  }

  #unknownCase({ tag }: Union): Sample {
    const stored = { [tag]: 'later', [EXTRA]: { deep: [1, null, { emoji: '🛵' }] } };
    return { stored, read: { [tag]: 'unknown', raw: stored } };
  }

  #record(shape: Shape, kind: Kind): Sample {
    const { stored, read } = this.#fields(shape, kind);
    return kind === 'absent' ? { stored, read } : { stored: { ...stored, [EXTRA]: [kind] }, read };
  }

  #fields({ fields }: Shape, kind: Kind): { stored: Record<string, Json>; read: Record<string, Json> } {
    const stored: Record<string, Json> = {};
    const read: Record<string, Json> = {};
    for (const field of fields) {
      const sample = this.#field(field, kind);
      if (sample.stored !== undefined) stored[field.name] = sample.stored;
      if (sample.read !== undefined) read[field.name] = sample.read;
    }
    return { stored, read };
  }

  #field({ type, optional, fallback, stamp }: Field, kind: Kind): Partial<Sample> {
    if (kind !== 'absent') return stamp ? toStamp(TIMES[kind]) : this.#value(type, kind);
    if (fallback !== undefined) return { read: this.#withDefaults(type, fallback) };
    if (optional) return {};
    return stamp && type.kind !== 'nullable' ? toStamp(TIMES.absent) : this.#value(type, kind);
  }

  /** Values inside of values are the shortest that are complete; what they contain has cases of its own. */
  #value(type: Type, kind: Kind): Sample {
    switch (type.kind) {
      case 'named':
        return this.#named(type.name, kind);
      case 'list':
        return inEach([this.#value(type.of, kind)], kind);
      case 'map': {
        const { stored, read } = this.#value(type.of, kind);
        return kind === 'absent' ? same({}) : { stored: { 'ключ 🔑': stored }, read: { 'ключ 🔑': read } };
      }
      case 'nullable':
        return kind === 'absent' ? same(null) : this.#value(type.of, kind);
      case 'text':
        return same(TEXTS[kind]);
      case 'integer':
      case 'minor':
        return same({ all: LARGEST, absent: -LARGEST, newer: 0 }[kind]);
      case 'time':
        return same(TIMES[kind]);
      case 'decimal':
        return same(DECIMALS[kind]);
      case 'boolean':
        return same(kind === 'all');
      case 'json':
        return same(kind === 'all' ? { any: [1, 'x', null, { deep: true }] } : null);
    }
  }

  #named(name: string, kind: Kind): Sample {
    const declaration = this.#declaration(name);
    if (declaration.kind === 'enumeration') return same(kind === 'newer' ? 'later 🆕' : (declaration.values[0] ?? ''));
    if (declaration.kind === 'record') return this.#fields(declaration, 'absent');
    if (kind === 'newer') return this.#unknownCase(declaration);
    const [first] = declaration.cases;
    const [value] = first?.values ?? [];
    if (!first || value === undefined) throw new Error(`${name} has no case`);
    return this.#case(declaration, first, value, 'absent');
  }

  /** A default may leave out properties that have defaults of their own. */
  #withDefaults(type: Type, value: Json): Json {
    if (type.kind === 'nullable') return value === null ? null : this.#withDefaults(type.of, value);
    if (type.kind !== 'named' || typeof value !== 'object' || value === null) return value;
    const declaration = this.#declaration(type.name);
    if (declaration.kind !== 'record') return value;
    return {
      ...this.#fields({ ...declaration, fields: declaration.fields.filter(isDefaulted) }, 'absent').read,
      ...value,
    };
  }

  /** True for texts and cases of which a newer server may send others. */
  #isOpen(type: Type): boolean {
    if ('of' in type) return this.#isOpen(type.of);
    return type.kind === 'named' && this.#declaration(type.name).kind !== 'record';
  }

  #declaration(name: string): Declaration {
    const declaration = this.declarations.get(name);
    if (!declaration) throw new Error(`${name} is not declared`);
    return declaration;
  }
}

const same = (value: Json): Sample => ({ stored: value, read: value });
const toStamp = (ms: number): Sample => ({ stored: { $timestamp: ms }, read: ms });
const isDefaulted = ({ fallback }: Field): boolean => fallback !== undefined;

const inEach = (samples: readonly Sample[], kind: Kind): Sample =>
  kind === 'absent' ? same([]) : { stored: samples.map(({ stored }) => stored), read: samples.map(({ read }) => read) };

const canBeNegative = (type: Type): boolean =>
  'of' in type || ['integer', 'decimal', 'minor', 'time'].includes(type.kind);
