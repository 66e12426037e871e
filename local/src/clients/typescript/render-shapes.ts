import type { Contract } from '../model/contract.js';
import type { Declaration, Field, Json, Shape, Type } from '../model/types.js';
import { HEADER } from './text.js';

/** A step of reading one value: see reading.ts of the package. */
type Rule = { readonly [key: string]: Json };

/**
 * Renders the tables by which the package reads what the server sends: where a Timestamp, a default or a union is.
 * Everything else is passed on as it is, so the tables name only what leads to one of these.
 */
export function renderShapes({ declarations }: Contract): string {
  const shapes = new ShapeTables(declarations);
  const tables = Object.fromEntries([...declarations.keys()].flatMap((name) => shapes.table(name)));
  return `${HEADER}import type { ShapeTable } from '../reading.js';\n\nexport const SHAPES: Readonly<Record<string, ShapeTable>> = ${JSON.stringify(tables, null, 2)};\n`;
}

class ShapeTables {
  readonly #needed = new Map<string, boolean>();

  constructor(readonly declarations: ReadonlyMap<string, Declaration>) {}

  /** Returns the entry of a declaration; none where values are passed on as they are. */
  table(name: string): [string, Json][] {
    const declaration = this.declarations.get(name);
    if (!declaration || declaration.kind === 'enumeration' || declaration.direction === 'send') return [];
    if (!this.#isNeeded(name)) return [];
    if (declaration.kind === 'record') return [[name, { fields: this.#fields(declaration) }]];
    const cases = declaration.cases.flatMap(({ values, shape }) => values.map((value) => [value, this.#fields(shape)]));
    return [[name, { tag: declaration.tag, cases: Object.fromEntries(cases) }]];
  }

  #fields({ fields }: Shape): Json {
    return Object.fromEntries(
      fields.flatMap((field) => {
        const rule = this.#rule(field);
        return rule ? [[field.name, rule]] : [];
      }),
    );
  }

  #rule({ type, stamp, fallback }: Field): Rule | undefined {
    const read = stamp ? { stamp: true } : this.#typeRule(type);
    if (fallback === undefined) return read;
    return { ...read, fallback };
  }

  #typeRule(type: Type): Rule | undefined {
    if (type.kind === 'nullable') return this.#typeRule(type.of);
    if (type.kind === 'named') return this.#isNeeded(type.name) ? { shape: type.name } : undefined;
    if (type.kind !== 'list' && type.kind !== 'map') return undefined;
    const of = this.#typeRule(type.of);
    return of && { [type.kind]: of };
  }

  #isNeeded(name: string): boolean {
    const known = this.#needed.get(name);
    if (known !== undefined) return known;
    // A record inside of itself needs no reading because of itself.
    this.#needed.set(name, false);
    const declaration = this.declarations.get(name);
    const isNeeded =
      declaration?.kind === 'union' ||
      (declaration?.kind === 'record' && declaration.fields.some((field) => this.#rule(field) !== undefined));
    this.#needed.set(name, isNeeded);
    return isNeeded;
  }
}
