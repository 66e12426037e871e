import { fail, type Outcome } from '../outcome.js';
import { compileRegex, type Regex, TooCostly } from '../regex/index.js';
import { bool, bytes, int, list, str } from '../values.js';
import { overload, type Overloads } from './overload.js';

/** The upper and lower case of ASCII letters only, as the emulator has it. */
const asciiCase = (text: string, to: 'toUpperCase' | 'toLowerCase'): string =>
  text.replace(/[A-Za-z]+/g, (letters) => letters[to]());

export const invalidPattern = (pattern: string): string => `Invalid regular expression pattern. Pattern: ${pattern}.`;

function withRegex(pattern: string, use: (regex: Regex) => Outcome): Outcome {
  const regex = compileRegex(pattern);
  if (!regex) return fail(invalidPattern(pattern));
  try {
    return use(regex);
  } catch (fault) {
    if (fault instanceof TooCostly) return fail(`Regular expression takes too long. Pattern: ${pattern}.`);
    throw fault;
  }
}

function replace(text: string, pattern: string, replacement: string): Outcome {
  return withRegex(pattern, (regex) => {
    const replaced = regex.replace(text, replacement);
    return replaced === undefined ? fail(`Invalid replacement. Replacement: ${replacement}.`) : str(replaced);
  });
}

export const STRING_METHODS: Overloads = {
  size: [overload(['string'], (self) => int(self.value.length))],
  lower: [overload(['string'], (self) => str(asciiCase(self.value, 'toLowerCase')))],
  upper: [overload(['string'], (self) => str(asciiCase(self.value, 'toUpperCase')))],
  trim: [overload(['string'], (self) => str(self.value.trim()))],
  matches: [
    overload(['string', 'string'], (self, re) => withRegex(re.value, (regex) => bool(regex.matches(self.value)))),
  ],
  split: [
    overload(['string', 'string'], (self, re) =>
      withRegex(re.value, (regex) => list(regex.split(self.value).map(str))),
    ),
  ],
  replace: [overload(['string', 'string', 'string'], (self, re, by) => replace(self.value, re.value, by.value))],
  toUtf8: [overload(['string'], (self) => bytes(Buffer.from(self.value, 'utf8')))],
};
