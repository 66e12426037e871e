import type { StepBudget } from '../evaluation-budget.js';
import { fail, type Outcome } from '../outcome.js';
import { compileRegex, type Regex } from '../regex/index.js';
import { bool, bytes, int, list, str } from '../values.js';
import { overload, type Overloads } from './overload.js';

/** Converts the case of ASCII letters only, as the official emulator does. */
const asciiCase = (text: string, to: 'toUpperCase' | 'toLowerCase'): string =>
  text.replace(/[A-Za-z]+/g, (letters) => letters[to]());

export const invalidPattern = (pattern: string): string => `Invalid regular expression pattern. Pattern: ${pattern}.`;

function withRegex(pattern: string, budget: StepBudget, use: (regex: Regex) => Outcome): Outcome {
  budget.spend(pattern.length);
  const regex = compileRegex(pattern);
  return regex ? use(regex) : fail(invalidPattern(pattern));
}

function replace(text: string, pattern: string, replacement: string, budget: StepBudget): Outcome {
  return withRegex(pattern, budget, (regex) => {
    const replaced = regex.replace(text, replacement, budget);
    return replaced === undefined ? fail(`Invalid replacement. Replacement: ${replacement}.`) : str(replaced);
  });
}

export const STRING_METHODS: Overloads = {
  size: [overload(['string'], (self) => int(self.value.length))],
  lower: [overload(['string'], (self) => str(asciiCase(self.value, 'toLowerCase')))],
  upper: [overload(['string'], (self) => str(asciiCase(self.value, 'toUpperCase')))],
  trim: [overload(['string'], (self) => str(self.value.trim()))],
  matches: [
    overload(['string', 'string'], (self, re, budget) =>
      withRegex(re.value, budget, (regex) => bool(regex.matches(self.value, budget))),
    ),
  ],
  split: [
    overload(['string', 'string'], (self, re, budget) =>
      withRegex(re.value, budget, (regex) => list(regex.split(self.value, budget).map(str))),
    ),
  ],
  replace: [
    overload(['string', 'string', 'string'], (self, re, by, budget) => replace(self.value, re.value, by.value, budget)),
  ],
  toUtf8: [overload(['string'], (self) => bytes(Buffer.from(self.value, 'utf8')))],
};
