/** The contract of the backend without any language: what the generators of the client packages read. */

/** A value that JSON holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The type of a value in the contract. */
export type Type =
  | { readonly kind: Scalar }
  | { readonly kind: 'list' | 'map' | 'nullable'; readonly of: Type }
  /** An enumeration, a record or a union, by the name of its declaration. */
  | { readonly kind: 'named'; readonly name: string };

/**
 * `minor` is an amount in a currency's minor unit, `time` milliseconds since 1970, `json` a value without a declared
 * type. Integers have 64 bits.
 */
export type Scalar = 'text' | 'integer' | 'decimal' | 'boolean' | 'minor' | 'time' | 'json';

/** A property of a record. */
export interface Field {
  readonly name: string;
  readonly doc: string;
  readonly type: Type;
  /** True where the property may be absent. */
  readonly optional: boolean;
  /** What an absent property stands for. */
  readonly fallback?: Json;
  /** True where the document stores a Firestore Timestamp. */
  readonly stamp: boolean;
}

/** A fixed set of texts. A newer server may send others. */
interface Enumeration {
  readonly kind: 'enumeration';
  readonly name: string;
  readonly doc: string;
  readonly values: readonly string[];
}

/** Which way a value goes: `read` is what the server writes or answers, `send` what an app sends. */
export type Direction = 'read' | 'send';

/** An object with known properties. */
export interface Shape {
  readonly kind: 'record';
  readonly direction: Direction;
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly Field[];
}

/** One of several records, told apart by the text in one property. A newer server may send other cases. */
export interface Union {
  readonly kind: 'union';
  readonly direction: Direction;
  readonly name: string;
  readonly doc: string;
  /** The property whose text tells the cases apart. */
  readonly tag: string;
  readonly cases: readonly Case[];
}

export interface Case {
  /** The texts of the tag that mean this case. */
  readonly values: readonly string[];
  /** The record with the other properties. */
  readonly shape: Shape;
}

export type Declaration = Enumeration | Shape | Union;
