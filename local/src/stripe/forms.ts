import { invalidParameter } from './errors.js';
import type { Metadata } from './types.js';

/** A decoded form. Arrays are trees whose keys are their indexes. */
export interface FormTree {
  [key: string]: FormTree | string;
}

/** Decodes `a=1&metadata[order]=7&expand[]=x&items[0][id]=y`. */
export function decodeForm(body: string): FormTree {
  const root = emptyTree();
  for (const [name, value] of new URLSearchParams(body)) {
    const keys = name.replaceAll(']', '').split('[');
    const leaf = keys.pop() ?? '';
    let tree = root;
    for (const key of keys) tree = branch(tree, key);
    tree[leaf === '' ? String(Object.keys(tree).length) : leaf] = value;
  }
  return root;
}

/** Creates a tree without a prototype, so that a parameter named `__proto__` is an ordinary parameter. */
function emptyTree(): FormTree {
  return Object.assign(Object.create(null), {});
}

function branch(tree: FormTree, key: string): FormTree {
  const existing = tree[key];
  if (typeof existing === 'object') return existing;
  const created = emptyTree();
  tree[key] = created;
  return created;
}

/** Typed access to a request's parameters. Every getter throws Stripe's 400 for a value of the wrong form. */
export class Params {
  constructor(
    private readonly tree: FormTree,
    private readonly prefix = '',
  ) {}

  /** Throws `parameter_unknown` for the first parameter that is not listed. */
  accept(names: readonly string[]): void {
    const unknown = Object.keys(this.tree).find((name) => !names.includes(name));
    if (unknown) throw invalidParameter(`Received unknown parameter: ${unknown}`, unknown, 'parameter_unknown');
  }

  has(name: string): boolean {
    return this.tree[name] !== undefined;
  }

  /** Reads a text. An empty string means "unset" in Stripe's forms and is read as undefined. */
  text(name: string): string | undefined {
    const value = this.tree[name];
    if (typeof value === 'object') throw this.invalid(name, `Invalid string: ${this.named(name)}`);
    return value === '' ? undefined : value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw this.absent(name);
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) throw this.invalid(name, `Invalid integer: ${value}`, 'parameter_invalid_integer');
    return Number(value);
  }

  /** Reads an amount of money: an integer above 0. */
  amount(name: string): number | undefined {
    const value = this.integer(name);
    if (value !== undefined && value < 1) {
      throw this.invalid(name, 'This value must be greater than or equal to 1.', 'parameter_invalid_integer');
    }
    return value;
  }

  requiredAmount(name: string): number {
    const value = this.amount(name);
    if (value === undefined) throw this.absent(name);
    return value;
  }

  flag(name: string): boolean {
    const value = this.text(name);
    if (value === undefined) return false;
    if (value !== 'true' && value !== 'false') throw this.invalid(name, `Invalid boolean: ${value}`);
    return value === 'true';
  }

  choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = values.find((candidate) => candidate === text);
    if (!value) throw this.invalid(name, `Invalid ${this.named(name)}: must be one of ${values.join(', ')}`);
    return value;
  }

  texts(name: string): string[] {
    const value = this.tree[name];
    if (value === undefined || value === '') return [];
    if (typeof value === 'string') return [value];
    return Object.values(value).filter((item) => typeof item === 'string');
  }

  child(name: string): Params | undefined {
    const value = this.tree[name];
    return typeof value === 'object' ? new Params(value, this.named(name)) : undefined;
  }

  keys(): string[] {
    return Object.keys(this.tree);
  }

  /** Merges metadata as Stripe does: an empty value removes its key, an empty `metadata` removes all. */
  metadata(current: Metadata = {}): Metadata {
    if (this.tree['metadata'] === '') return {};
    const given = this.child('metadata');
    const merged = { ...current };
    for (const key of given?.keys() ?? []) {
      const value = given?.text(key);
      if (value === undefined) delete merged[key];
      else merged[key] = value;
    }
    return merged;
  }

  private named(name: string): string {
    return this.prefix ? `${this.prefix}[${name}]` : name;
  }

  private absent(name: string): Error {
    return invalidParameter(`Missing required param: ${this.named(name)}.`, this.named(name), 'parameter_missing');
  }

  private invalid(name: string, message: string, code?: string): Error {
    return invalidParameter(message, this.named(name), code);
  }
}
