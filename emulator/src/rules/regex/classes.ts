/** Character classes of RE2 syntax, each as a test of one code point. */

export type CharTest = (codePoint: number) => boolean;

export const between =
  (low: number, high: number): CharTest =>
  (c) =>
    c >= low && c <= high;
export const not =
  (test: CharTest): CharTest =>
  (c) =>
    !test(c);
export const matchAny =
  (tests: readonly CharTest[]): CharTest =>
  (c) =>
    tests.some((test) => test(c));

/** Creates a test from a JavaScript character class. It tests a single character, in constant time. */
const toCharTest = (source: string): CharTest => {
  const expression = new RegExp(`^${source}$`, 'u');
  return (c) => expression.test(String.fromCodePoint(c));
};

/** `\d \s \w` are ASCII in RE2, and `\s` does not include the vertical tab. */
const PERL: Record<string, CharTest> = {
  d: toCharTest('[0-9]'),
  s: toCharTest('[\\t\\n\\f\\r ]'),
  w: toCharTest('[0-9A-Za-z_]'),
};

const POSIX: Record<string, CharTest> = {
  alnum: toCharTest('[0-9A-Za-z]'),
  alpha: toCharTest('[A-Za-z]'),
  ascii: between(0, 0x7f),
  blank: toCharTest('[\\t ]'),
  cntrl: (c) => c < 0x20 || c === 0x7f,
  digit: toCharTest('[0-9]'),
  graph: between(0x21, 0x7e),
  lower: toCharTest('[a-z]'),
  print: between(0x20, 0x7e),
  punct: toCharTest('[!-\\/:-@\\[-`\\{-~]'),
  space: toCharTest('[\\t-\\r ]'),
  upper: toCharTest('[A-Z]'),
  word: toCharTest('[0-9A-Za-z_]'),
  xdigit: toCharTest('[0-9A-Fa-f]'),
};

/** Returns the class of `\d` and similar escapes, which a capital letter negates; undefined for other letters. */
export function perlClass(letter: string): CharTest | undefined {
  const test = PERL[letter.toLowerCase()];
  return test && letter !== letter.toLowerCase() ? not(test) : test;
}

/** Returns the class of `[:name:]`, which `^` negates. */
export function posixClass(name: string): CharTest | undefined {
  const plain = name.replace(/^\^/, '');
  const test = Object.hasOwn(POSIX, plain) ? POSIX[plain] : undefined;
  return test && name.startsWith('^') ? not(test) : test;
}

/** Returns the class of `\p{name}`: a general category or a script; `Any` is every character. */
export function unicodeClass(name: string): CharTest | undefined {
  if (name === 'Any') return () => true;
  if (!/^[A-Za-z_]+$/.test(name)) return undefined;
  for (const property of [`General_Category=${name}`, `Script=${name}`]) {
    try {
      return toCharTest(`\\p{${property}}`);
    } catch {
      continue; // not a name of this property
    }
  }
  return undefined;
}

/** Returns a code point that letters share when they differ only in case. */
export function foldCase(codePoint: number): number {
  const upper = oneCodePoint(String.fromCodePoint(codePoint).toUpperCase()) ?? codePoint;
  return oneCodePoint(String.fromCodePoint(upper).toLowerCase()) ?? upper;
}

/** Widens a test to the other case of each character. */
export function ignoringCase(test: CharTest): CharTest {
  return (c) => test(c) || test(foldCase(c)) || test(oneCodePoint(String.fromCodePoint(c).toUpperCase()) ?? c);
}

function oneCodePoint(text: string): number | undefined {
  const codePoint = text.codePointAt(0);
  return codePoint !== undefined && String.fromCodePoint(codePoint) === text ? codePoint : undefined;
}

export const isWord: CharTest = (c) => PERL['w']?.(c) ?? false;
