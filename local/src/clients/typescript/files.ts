import type { Contract } from '../model/contract.js';
import { renderCalls } from './render-calls.js';
import { renderCurrencies } from './render-currencies.js';
import { renderErrors } from './render-errors.js';
import { renderReads } from './render-reads.js';
import { renderShapes } from './render-shapes.js';
import { renderTypes } from './render-types.js';

/** The generated files of the TypeScript package, by their paths within `clients/`. */
export const renderTypeScript = (contract: Contract): Readonly<Record<string, string>> => ({
  'typescript/src/generated/types.ts': renderTypes(contract),
  'typescript/src/generated/shapes.ts': renderShapes(contract),
  'typescript/src/generated/calls.ts': renderCalls(contract),
  'typescript/src/generated/errors.ts': renderErrors(contract),
  'typescript/src/generated/currencies.ts': renderCurrencies(),
  'typescript/src/generated/reads.ts': renderReads(contract),
});
