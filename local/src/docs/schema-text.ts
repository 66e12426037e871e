import type { z } from 'zod';

/** JSON Schema, as zod generates it. */
type JsonSchema = z.core.JSONSchema.BaseSchema;
type Part = z.core.JSONSchema._JSONSchema;

const LARGEST = 2 ** 53 - 1;

/** Formats a schema as a TypeScript type, with the bounds that an app needs: `integer 1…99`. */
export function typeText(schema: Part, indent = ''): string {
  if (typeof schema === 'boolean') return 'unknown';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choiceText(choices, indent);
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  if (schema.type === 'array')
    return `${wrapped(typeText(Array.isArray(schema.items) ? true : (schema.items ?? true), indent))}[]${range(schema.minItems, schema.maxItems)}`;
  if (schema.type === 'object') return objectText(schema, indent);
  if (schema.type === 'integer' || schema.type === 'number') return numberText(schema);
  if (schema.type === 'string') return `string${range(schema.minLength, schema.maxLength)}`;
  return schema.type === undefined ? 'unknown' : String(schema.type);
}

function choiceText(choices: readonly Part[], indent: string): string {
  const isShort = choices.every((one) => typeof one === 'boolean' || !one.properties);
  const texts = choices.map((one) => typeText(one, isShort ? indent : `${indent}  `));
  return isShort ? texts.join(' | ') : texts.map((one) => `\n${indent}  | ${one}`).join('');
}

const wrapped = (text: string): string => (text.includes(' | ') && !text.startsWith('{') ? `(${text})` : text);

function objectText({ properties, required = [], additionalProperties }: JsonSchema, indent: string): string {
  if (!properties) {
    const values = typeof additionalProperties === 'object' ? typeText(additionalProperties, indent) : 'unknown';
    return additionalProperties ? `{ [key: string]: ${values} }` : '{}';
  }
  const entries = Object.entries(properties);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([name, schema]) => {
    const isRequired = required.includes(name) && defaultText(schema) === '';
    return `${indent}  ${name}${isRequired ? '' : '?'}: ${typeText(schema, `${indent}  `)};${defaultText(schema)}`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

const defaultText = (schema: Part): string =>
  typeof schema === 'boolean' || schema.default === undefined ? '' : ` // default ${JSON.stringify(schema.default)}`;

function numberText({ type, minimum, maximum }: JsonSchema): string {
  const isBounded = maximum !== undefined && maximum < LARGEST && maximum < 8_640_000_000_000_000;
  const from = minimum !== undefined && minimum > -LARGEST ? minimum : undefined;
  return `${type === 'integer' ? 'integer' : 'number'}${range(from, isBounded ? maximum : undefined)}`;
}

function range(from: number | undefined, to: number | undefined): string {
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return from === 0 ? '' : ` /* at least ${from} */`;
  return from === undefined || from === 0 ? ` /* at most ${to} */` : ` /* ${from} to ${to} */`;
}
