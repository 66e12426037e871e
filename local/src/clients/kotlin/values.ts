import type { Declaration, Field, Json, Scalar, Type } from '../model/types.js';
import { toFullName, toKotlinLiteral, toKotlinName } from './text.js';

const SCALARS: Readonly<Record<Scalar, string>> = {
  text: 'String',
  integer: 'Long',
  decimal: 'Double',
  boolean: 'Boolean',
  minor: 'Minor',
  time: 'EpochMs',
  json: 'Any?',
};

/** Renders types in Kotlin, and the expressions that read and write their values. */
export class KotlinValues {
  /** @param hidden the nested classes of the union that is rendered, which hide the classes of these names */
  constructor(
    private readonly declarations: ReadonlyMap<string, Declaration>,
    private readonly hidden: ReadonlySet<string> = new Set(),
  ) {}

  withHidden(names: Iterable<string>): KotlinValues {
    return new KotlinValues(this.declarations, new Set(names));
  }

  type(type: Type): string {
    switch (type.kind) {
      case 'named':
        return this.#nameOf(type.name);
      case 'list':
        return `List<${this.type(type.of)}>`;
      case 'map':
        return `Map<String, ${this.type(type.of)}>`;
      case 'nullable':
        return toNullable(this.type(type.of));
      default:
        return SCALARS[type.kind];
    }
  }

  /** The type of a property. What may be absent is null; what may be null as well has three states. */
  fieldType({ type, optional }: Field): string {
    if (optional && type.kind === 'nullable') return `OrNull<${this.type(type.of)}>?`;
    return optional ? toNullable(this.type(type)) : this.type(type);
  }

  /** The expression that reads a property of `from`. */
  read({ name, type, optional, fallback }: Field): string {
    const key = toKotlinLiteral(name);
    if (optional && type.kind === 'nullable') return `from.findOrNull(${key}) { it${this.#reading(type.of)} }`;
    const isNull = optional || type.kind === 'nullable' || (type.kind === 'json' && fallback === undefined);
    const of = type.kind === 'nullable' ? type.of : type;
    if (fallback !== undefined && fallback !== null) return `from.or(${key}, ${toPlain(fallback)})${this.#reading(of)}`;
    return isNull ? `from.find(${key})?${this.#reading(of)}` : `from[${key}]${this.#reading(of)}`;
  }

  /** The statement of a map builder that writes a property. */
  write({ name, type, optional }: Field): string {
    const property = toKotlinName(name);
    const key = toKotlinLiteral(name);
    if (!optional) return `put(${key}, ${this.#writing(type, property)})`;
    const value = type.kind === 'nullable' ? `${property}.value` : property;
    return `if (${property} != null) put(${key}, ${this.#writing(type, value)})`;
  }

  #nameOf(name: string): string {
    return this.hidden.has(name) ? toFullName(name) : name;
  }

  #reading(type: Type): string {
    switch (type.kind) {
      case 'named':
        return this.#isEnumeration(type.name)
          ? `.enumeration { ${this.#nameOf(type.name)}(it) }`
          : `.record(${this.#nameOf(type.name)})`;
      case 'list':
      case 'map':
        return `.${type.kind} { ${this.#readingOfElement(type.of)} }`;
      case 'nullable':
        throw new Error('a nullable type is read as its inner type, or null');
      default:
        return `.${type.kind}()`;
    }
  }

  #readingOfElement(type: Type): string {
    return type.kind === 'nullable' ? `it.orNull()?${this.#reading(type.of)}` : `it${this.#reading(type)}`;
  }

  #writing(type: Type, value: string): string {
    switch (type.kind) {
      case 'named':
        return `${value}.${this.#isEnumeration(type.name) ? 'text' : 'toMap()'}`;
      case 'minor':
        return `${value}.amount`;
      case 'time':
        return `${value}.ms`;
      case 'nullable':
        return this.#writingOfNullable(type.of, value);
      case 'list':
        return this.#isPlain(type.of) ? value : `${value}.map { ${this.#writing(type.of, 'it')} }`;
      case 'map':
        return this.#isPlain(type.of) ? value : `${value}.mapValues { (_, one) -> ${this.#writing(type.of, 'one')} }`;
      default:
        return value;
    }
  }

  #writingOfNullable(of: Type, value: string): string {
    return this.#isPlain(of) ? value : `${value}?.let { ${this.#writing(of, 'it')} }`;
  }

  /** True where a value is written as it is. */
  #isPlain(type: Type): boolean {
    if ('of' in type) return this.#isPlain(type.of);
    return ['text', 'integer', 'decimal', 'boolean', 'json'].includes(type.kind);
  }

  #isEnumeration(name: string): boolean {
    return this.declarations.get(name)?.kind === 'enumeration';
  }
}

const toNullable = (type: string): string => (type.endsWith('?') ? type : `${type}?`);

/** A value of JSON as a Kotlin expression. */
function toPlain(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}L` : String(value);
  if (typeof value === 'string') return toKotlinLiteral(value);
  if (isList(value)) return value.length > 0 ? `listOf(${value.map(toPlain).join(', ')})` : 'emptyList<Any?>()';
  const entries = Object.entries(value).map(([key, one]) => `${toKotlinLiteral(key)} to ${toPlain(one)}`);
  return entries.length > 0 ? `mapOf(${entries.join(', ')})` : 'emptyMap<String, Any?>()';
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
