import { z } from 'zod';
import { CALLABLES, type CallableName } from '#functions/calls/callables.js';

export interface Leaf {
  /** `quote.lines.*.note` */
  path: string;
  schema: z.ZodType;
}

/** Every field of every callable's input that holds no other, each by its path. */
export function inputLeaves(): Leaf[] {
  const names = Object.keys(CALLABLES) as CallableName[];
  return names.flatMap((name) => leavesOf(name, CALLABLES[name].input));
}

/** Every field of a schema that holds no other, each by its path. */
export function leavesOf(path: string, schema: z.ZodType): Leaf[] {
  if (schema instanceof z.ZodObject)
    return Object.entries<unknown>(schema.shape).flatMap(([key, field]) => inside(`${path}.${key}`, field));
  if (schema instanceof z.ZodArray) return inside(`${path}.*`, schema.element);
  if (schema instanceof z.ZodRecord)
    return [...inside(`${path}.{key}`, schema.keyType), ...inside(`${path}.*`, schema.valueType)];
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option: unknown) => inside(path, option));
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return inside(path, schema.unwrap());
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return inside(path, schema.unwrap());
  return [{ path, schema }];
}

function inside(path: string, schema: unknown): Leaf[] {
  if (!(schema instanceof z.ZodType)) throw new Error(`${path}: no schema`);
  return leavesOf(path, schema);
}
