import { z } from 'zod';
import type { Docstrings } from './docstrings.js';
import { checkProperties, checkTexts, toElementName, toPascal } from './names.js';
import type { Case, Declaration, Direction, Field, Json, Scalar, Shape, Type } from './types.js';

type Schema = z.core.$ZodType;

/** Where a schema was found: the path of its comment in the sources, and the name that a declaration gets there. */
interface Place {
  readonly path: string;
  readonly name: string;
  readonly direction: Direction;
}

/** What the reader knows of the contract's sources. */
export interface Sources {
  /** The exported schemas by their names. */
  readonly exported: ReadonlyMap<Schema, string>;
  readonly scalars: ReadonlyMap<Schema, Scalar>;
  /** Schemas of which documents store a Firestore Timestamp. */
  readonly isStamp: (schema: Schema) => boolean;
  readonly docs: Docstrings;
}

/**
 * Converts zod schemas to declarations without a language. A schema that reads and sends differently has two:
 * `CartLine` and `CartLineToSend`. Throws for a schema that has no form in the clients.
 */
export class SchemaReader {
  readonly declarations = new Map<string, Declaration>();
  /** The names of what was declared, per direction. */
  readonly #known: Readonly<Record<Direction, Map<Schema, string>>> = { read: new Map(), send: new Map() };
  readonly #enumerations = new Map<string, string>();

  constructor(readonly sources: Sources) {
    for (const [schema, name] of sources.exported)
      if (schema instanceof z.ZodEnum) this.#declareEnumeration(schema.options, name, name);
  }

  /** Returns the type of a schema and declares everything in it. `name` is for a schema that is not exported. */
  read(schema: Schema, name: string, direction: Direction): Type {
    return this.#type(schema, { path: this.sources.exported.get(schema) ?? name, name, direction });
  }

  #type(schema: Schema, place: Place): Type {
    const scalar = this.sources.scalars.get(schema);
    if (scalar) return { kind: scalar };
    if (schema instanceof z.ZodNullable) return { kind: 'nullable', of: this.#type(schema.unwrap(), place) };
    const inner = unwrap(schema, place.direction);
    if (inner) return this.#type(inner, place);
    if (schema instanceof z.ZodArray)
      return { kind: 'list', of: this.#type(schema.element, { ...place, name: toElementName(place.name) }) };
    if (schema instanceof z.ZodRecord)
      return { kind: 'map', of: this.#type(schema.valueType, { ...place, name: toElementName(place.name) }) };
    if (schema instanceof z.ZodEnum) return this.#enumeration(schema.options.map(String), schema, place);
    if (schema instanceof z.ZodObject) return this.#declare(schema, place, (own) => this.#shape(schema, own));
    if (schema instanceof z.ZodUnion) return this.#union(schema, place);
    return this.#plain(schema, place);
  }

  #plain(schema: Schema, place: Place): Type {
    if (schema instanceof z.ZodLiteral) return this.#literal([...schema.values], place);
    if (schema instanceof z.ZodNumberFormat) return { kind: place.name.endsWith('Minor') ? 'minor' : 'integer' };
    if (schema instanceof z.ZodNumber) return { kind: 'decimal' };
    if (schema instanceof z.ZodBoolean) return { kind: 'boolean' };
    if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return { kind: 'text' };
    if (schema instanceof z.ZodUnknown || schema instanceof z.ZodNull) return { kind: 'json' };
    throw new Error(`${place.path}: a client has no type for zod's ${schema._zod.def.type}`);
  }

  #literal(values: readonly unknown[], place: Place): Type {
    if (values.every((value) => typeof value === 'string')) return this.#enumeration(values, undefined, place);
    if (values.every((value) => typeof value === 'boolean')) return { kind: 'boolean' };
    if (values.every((value) => Number.isSafeInteger(value))) return { kind: 'integer' };
    throw new Error(`${place.path}: a client has no type for the literals ${values.map(String).join(', ')}`);
  }

  #enumeration(values: readonly string[], schema: Schema | undefined, place: Place): Type {
    const exported = schema && this.sources.exported.get(schema);
    return { kind: 'named', name: exported ?? this.#declareEnumeration(values, place.name, place.path) };
  }

  /** The same values are the same enumeration, wherever they are written. */
  #declareEnumeration(values: readonly unknown[], name: string, path: string): string {
    const texts = values.map(String);
    checkTexts(path, texts);
    const key = texts.toSorted().join();
    const known = this.#enumerations.get(key);
    if (known !== undefined && this.sources.docs.get(name) === undefined && name === path) return known;
    if (known !== undefined && name !== path) return known;
    this.#enumerations.set(key, known ?? name);
    this.#add({ kind: 'enumeration', name, doc: this.sources.docs.get(path) ?? '', values: texts });
    return name;
  }

  /** Declares a record or a union once per direction; both share a declaration where they are equal. */
  #declare(schema: Schema, place: Place, create: (place: Place) => Declaration): Type {
    const { direction } = place;
    const known = this.#known[direction].get(schema);
    if (known !== undefined) return { kind: 'named', name: known };
    const exported = this.sources.exported.get(schema);
    const base = exported ?? place.name;
    const read = this.#known.read.get(schema);
    if (direction === 'send' && read !== undefined && !differs(schema)) return { kind: 'named', name: read };
    const name = direction === 'send' && read !== undefined ? `${base}ToSend` : base;
    this.#known[direction].set(schema, name);
    this.#add(create({ ...place, path: exported ?? place.path, name }));
    return { kind: 'named', name };
  }

  #shape(schema: z.ZodObject, place: Place, tag?: string): Shape {
    const names = Object.keys(schema.shape).filter((name) => name !== tag);
    checkProperties(place.path, names);
    return {
      kind: 'record',
      direction: place.direction,
      name: place.name,
      doc: this.#doc(place.path),
      fields: names.map((name) => this.#field(name, schema.shape[name], place)),
    };
  }

  #field(name: string, schema: Schema | undefined, place: Place): Field {
    if (!schema) throw new Error(`${place.path} has no property ${name}`);
    const path = `${place.path}.${name}`;
    const fallback = fallbackOf(schema);
    return {
      name,
      doc: this.#doc(path),
      type: this.#type(schema, { ...place, path, name: `${place.name.replace(/ToSend$/, '')}${toPascal(name)}` }),
      optional: isOptional(schema) || (fallback !== undefined && place.direction === 'send'),
      ...(fallback !== undefined && { fallback }),
      stamp: this.sources.isStamp(schema),
    };
  }

  /** Texts of several patterns are a text, several sets of values one enumeration; what has no tag is any JSON. */
  #union(schema: z.ZodUnion, place: Place): Type {
    if (schema instanceof z.ZodDiscriminatedUnion) {
      const tag = schema.def.discriminator;
      return this.#declare(schema, place, (own) => ({
        kind: 'union',
        direction: own.direction,
        name: own.name,
        doc: this.#doc(own.path),
        tag,
        cases: checkCases(
          own.path,
          casesOf(schema).map((one) => this.#case(one, tag, own)),
        ),
      }));
    }
    const values = schema.options.map(valuesOf);
    if (values.every((some) => some !== undefined)) return this.#enumeration(values.flat(), undefined, place);
    if (schema.options.filter((option) => option instanceof z.ZodObject).length > 1)
      throw new Error(`${place.path}: a union of records needs a tag, by which the clients tell them apart`);
    const types = schema.options.map((option) => option instanceof z.ZodString);
    return { kind: types.every(Boolean) ? 'text' : 'json' };
  }

  #case(schema: z.ZodObject, tag: string, place: Place): Case {
    const tagged: Schema | undefined = schema.shape[tag];
    const values = tagged && valuesOf(tagged);
    if (!values) throw new Error(`${place.path}: a case has no text in ${tag}`);
    const base = place.name.replace(/ToSend$/, '');
    const suffix = place.name.endsWith('ToSend') ? 'ToSend' : '';
    const name = `${base}${values.map(toPascal).join('Or')}${suffix}`;
    const path = this.sources.exported.get(schema) ?? place.path;
    const own = `${path}(${values.join()})`;
    const shape = this.#shape(schema, { ...place, path: this.sources.docs.has(own) ? own : path, name }, tag);
    return { values, shape: { ...shape, doc: this.#doc(path) } };
  }

  #doc(path: string): string {
    return this.sources.docs.get(path) ?? '';
  }

  #add(declaration: Declaration): void {
    const { name } = declaration;
    if (this.declarations.has(name)) throw new Error(`two declarations are called ${name}: export one of the schemas`);
    this.declarations.set(name, declaration);
  }
}

/** Throws where texts of a union's tag have the same name, or the name of what stands for the cases of a newer server. */
function checkCases(path: string, cases: Case[]): Case[] {
  const texts = cases.flatMap(({ values }) => values);
  checkTexts(path, texts);
  return cases;
}

/** Returns the schema inside of one that only adds a rule, a default or a conversion. */
function unwrap(schema: Schema, direction: Direction): Schema | undefined {
  if (schema instanceof z.ZodOptional || hasDefault(schema)) return schema.def.innerType;
  if (!(schema instanceof z.ZodPipe)) return undefined;
  // What a function returns is not described: the input is the nearest description.
  return direction === 'read' && !(schema.out instanceof z.ZodTransform) ? schema.out : schema.in;
}

const hasDefault = (schema: Schema): schema is z.ZodDefault | z.ZodPrefault =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;

const isOptional = (schema: Schema): boolean =>
  schema instanceof z.ZodOptional || (schema instanceof z.ZodNullable && isOptional(schema.unwrap()));

function fallbackOf(schema: Schema): Json | undefined {
  if (!hasDefault(schema)) return undefined;
  const value: Json = JSON.parse(JSON.stringify(schema.def.defaultValue));
  return value;
}

/** A union in a union adds its cases to it. */
function casesOf(schema: z.ZodUnion): z.ZodObject[] {
  return schema.options.flatMap((option) => {
    if (option instanceof z.ZodObject) return [option];
    if (option instanceof z.ZodUnion) return casesOf(option);
    throw new Error('a case of a tagged union is an object');
  });
}

function valuesOf(schema: Schema): string[] | undefined {
  const values =
    schema instanceof z.ZodLiteral ? [...schema.values] : schema instanceof z.ZodEnum ? schema.options : [];
  return values.length > 0 && values.every((value) => typeof value === 'string') ? values : undefined;
}

/** True where an app sends another type than it reads: it may leave out defaults and never sends unknown cases. */
function differs(schema: Schema): boolean {
  if (hasDefault(schema) || schema instanceof z.ZodEnum || schema instanceof z.ZodUnion) return true;
  if (schema instanceof z.ZodLiteral) return valuesOf(schema) !== undefined;
  if (schema instanceof z.ZodObject) return Object.values(schema.shape).some((field: Schema) => differs(field));
  if (schema instanceof z.ZodArray) return differs(schema.element);
  if (schema instanceof z.ZodRecord) return differs(schema.valueType);
  const inner = schema instanceof z.ZodNullable ? schema.unwrap() : unwrap(schema, 'send');
  return inner !== undefined && differs(inner);
}
