import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');

/** Folders whose comments follow the rules below. Add a folder here once its sentences do. */
const SOURCES = ['functions/src', 'emulator/src', 'local/src', 'local/preload', 'local/bin', 'simulator/src', 'tests'];

/** Documents that follow the rules. The API reference is generated from the definitions of the callables. */
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...markdownIn('docs'), ...markdownIn('docs/decisions')].filter(
  (path) => path !== 'docs/api.md',
);

/** Security rules whose comments follow the rules below. */
const SECURITY_RULES = ['firestore.rules', 'storage.rules'];

/** A word or phrase that the project's sentences avoid. */
interface Rule {
  pattern: RegExp;
  instead: string;
  /** A sentence that the rule refuses. */
  sample: string;
}

/**
 * Plain words are banned where every use is an idiom; words with a legitimate sense (a word of a language, the
 * customer's door, the evening before) only in the phrases that are one.
 */
const RULES: readonly Rule[] = [
  {
    pattern: /\b(?:nobody|somebody|anybody|everybody|whoever|whomever|whatever|whichever)\b/i,
    instead: 'the actor: the customer, the courier, the caller, the function',
    sample: 'Whoever has the token may read it.',
  },
  {
    pattern: /\b(?:is|are|was|were|be|been|being) told\b/i,
    instead: 'is notified, reads, receives',
    sample: 'The courier is told once.',
  },
  {
    pattern:
      /\b(?:tell|tells|told) (?:(?:a|an|the|its|each|every|other) )?(?:customer|courier|merchant|operator|staff)s?\b/i,
    instead: 'notify',
    sample: 'Tells the courier about the tip.',
  },
  { pattern: /\blook(?:s|ed|ing)? at\b/i, instead: 'read, check, compare', sample: 'The next night looks at it.' },
  { pattern: /\banew\b/i, instead: 'again', sample: 'The day is summed up anew.' },
  { pattern: /\blaps(?:e|es|ed|ing)\b/i, instead: 'expire', sample: 'An offer lapses after a minute.' },
  { pattern: /\bmeanwhile\b/i, instead: 'since then, in the meantime', sample: 'It has moved on meanwhile.' },
  {
    pattern: /\b(?:order's|orders'|whole) way\b|\bway of (?:an|the) order\b|\bon (?:its|their|the) way\b/i,
    instead: 'lifecycle of an order, route or ride of a courier',
    sample: "Every limit of the order's way.",
  },
  {
    pattern: /\b(?:offline|back|same|front) doors?\b|\bdoors? of (?:the|an) (?:API|backend|emulator)\b/i,
    instead: 'endpoint, entry point, command documents',
    sample: 'The same door for callables and commands.',
  },
  {
    pattern:
      /\w+['’]s? (?:own )?word\b|\bword of (?:Stripe|the (?:provider|customer|courier|operator|bank))\b|\blast word\b/i,
    instead: 'event, status, decision, report',
    sample: "The provider's word makes the change.",
  },
  { pattern: /\bbook(?:s|ed|keeping)\b/i, instead: 'ledger, journals', sample: 'A difference between the books.' },
  { pattern: /\bsupplies\b/i, instead: 'inventory, limited resources', sample: 'What an order takes of supplies.' },
  {
    pattern: /\bguarded by\b|\bguard against\b|\w+['’]s guard\b|\b(?:its|own) guard\b/i,
    instead: 'recovery task',
    sample: 'What is left undone is repeated by its guard.',
  },
  {
    pattern: /\b(?:a|an|the|its|own|this|one|another|each|operator's|kitchen's) matters?\b|\bmatters? of\b/i,
    instead: 'operator task, subject',
    sample: 'Promotions are a matter of the quote.',
  },
  {
    pattern: /\bputs? (?:\w+ ){0,3}before an operator\b/i,
    instead: 'creates an operator task',
    sample: 'Puts it before an operator.',
  },
  { pattern: /\brivals?\b|\bpeers?\b/i, instead: 'concurrent offers', sample: 'Other couriers are rivals.' },
  {
    pattern: /\b(?:an|whole|mixed) evening\b|\bevening of\b|\bhappenings?\b|\btrouble\b/i,
    instead: 'scenario, event, failure',
    sample: 'Runs an evening of orders.',
  },
  { pattern: /\brepeated until\b/i, instead: 'retried until', sample: 'An effect is repeated until it is done.' },
  { pattern: /\bindex(?:es)? lacking\b|\blacking (?:an )?index\b/i, instead: 'missing', sample: 'An index lacking.' },
  { pattern: /\bcomes? to nothing\b/i, instead: 'fails, ends unpaid', sample: 'An order that comes to nothing.' },
  {
    pattern: /^(?:Is|Are|Was|Were|Does|Do|Did|Has|Have|May|Can|Must|Should)\b[^.]*\?/,
    instead: 'a statement: "True where …"',
    sample: 'Is a place inside a polygon?',
  },
];

/** Sentences whose words have their usual sense. */
const USUAL = [
  'Each word with its prefixes; a full stop ends the last one.',
  'Rules compute the key from the uid in the same way, so the order of the calls does not matter.',
  "The courier rings at the customer's door while the order is under way.",
  'Openings include one that began on the evening before.',
  'The summary is `books/platform`, the reason `hold_lapses`.',
];

interface Text {
  line: number;
  text: string;
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

/** The source files of a folder: those directly in it, and those of each folder in it with all below. */
function groupsIn(folder: string): { path: string; files: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.[jt]s$/.test(file)) continue;
    const [first = ''] = file.split('/');
    const path = first === file ? `the files in ${folder}` : `${folder}/${first}`;
    groups.set(path, [...(groups.get(path) ?? []), `${folder}/${file}`]);
  }
  return [...groups].map(([path, files]) => ({ path, files }));
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The rules that a text breaks, as messages. Code, link targets and quotations of code are left out. */
function findViolations({ text, line }: Text, path: string): string[] {
  const sentences = text
    .replaceAll(/`[^`]*`/g, '`')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return RULES.flatMap(({ pattern, instead }) => {
    const found = pattern.exec(sentences)?.[0];
    return found === undefined ? [] : [`${path}:${line} "${found}" (instead: ${instead})`];
  });
}

/** The comments of a TypeScript file; line comments below each other are one. */
function readComments(source: string): Text[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const ranges = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const around = [
      ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.end) ?? []),
    ];
    for (const range of around) ranges.set(range.pos, range);
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  const found: (Text & { end: number })[] = [];
  for (const { pos, end } of [...ranges.values()].sort((one, other) => one.pos - other.pos)) {
    const text = source.slice(pos, end).replaceAll(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)|\*\/$/gm, ' ');
    const before = found.at(-1);
    if (before && /^\n[^\S\n]*$/.test(source.slice(before.end, pos)))
      Object.assign(before, { text: before.text + text, end });
    else found.push({ line: file.getLineAndCharacterOfPosition(pos).line + 1, text, end });
  }
  return found;
}

/** Functions that declare a test: `it`, `describe.skip`, and helpers such as `itRefuses` and `describeOnSuite`. */
const DECLARES_TEST = /^(?:it|describe)(?![a-z])/;

/** The titles of tests that are written as a text or a template; the values of a template are left out. */
function readTitles(source: string): Text[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: Text[] = [];
  const visit = (node: ts.Node): void => {
    const [title] = ts.isCallExpression(node) ? node.arguments : [];
    if (ts.isCallExpression(node) && title && DECLARES_TEST.test(node.expression.getText(file))) {
      const line = file.getLineAndCharacterOfPosition(title.getStart(file)).line + 1;
      if (ts.isStringLiteralLike(title)) found.push({ line, text: title.text });
      if (ts.isTemplateExpression(title)) {
        const parts = [title.head, ...title.templateSpans.map(({ literal }) => literal)];
        found.push({ line, text: parts.map(({ text }) => text).join('…') });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The paragraphs, list entries and table rows of a document, without its blocks of code. */
function readParagraphs(source: string): Text[] {
  const prose = source.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, (block) => block.replaceAll(/[^\n]/g, ''));
  const found: Text[] = [];
  let isInside = false;
  for (const [index, line] of prose.split('\n').entries()) {
    const last = found.at(-1);
    if (isInside && last && line.trim() !== '' && !/^\s*(?:[-*|#]|\d+\.) ?/.test(line)) last.text += ` ${line}`;
    else found.push({ line: index + 1, text: line });
    isInside = line.trim() !== '';
  }
  return found;
}

/** The comments of security rules, which stand on lines of their own; those below each other are one. */
function readRulesComments(source: string): Text[] {
  return readParagraphs(source.replaceAll(/^(?:[^\S\n]*\/\/ (.*)|.*)$/gm, '$1'));
}

describe('words', () => {
  for (const folder of SOURCES)
    for (const { path, files } of groupsIn(folder))
      it(`are plain in the comments of ${path}`, () => {
        const violations = files.flatMap((file) =>
          readComments(read(file)).flatMap((text) => findViolations(text, file)),
        );
        assert.deepEqual(violations, []);
      });

  for (const { path, files } of groupsIn('tests'))
    it(`are plain in the titles of ${path}`, () => {
      const violations = files.flatMap((file) => readTitles(read(file)).flatMap((text) => findViolations(text, file)));
      assert.deepEqual(violations, []);
    });

  for (const path of DOCUMENTS)
    it(`are plain in ${path}`, () =>
      assert.deepEqual(
        readParagraphs(read(path)).flatMap((text) => findViolations(text, path)),
        [],
      ));

  for (const path of SECURITY_RULES)
    it(`are plain in the comments of ${path}`, () =>
      assert.deepEqual(
        readRulesComments(read(path)).flatMap((text) => findViolations(text, path)),
        [],
      ));

  it('are found by each rule', () => {
    for (const { pattern, sample } of RULES) assert.match(sample, pattern);
    const comments = readComments(
      '/** Adds. */\nconst text = "// nobody";\n// What is\n// told, anew.\nf(); // lapses\n',
    );
    assert.deepEqual(
      comments.flatMap((text) => findViolations(text, 'a.ts')).map((one) => one.split(' (')[0]),
      ['a.ts:3 "is told"', 'a.ts:3 "anew"', 'a.ts:5 "lapses"'],
    );
    const titles = readTitles(
      "describe('nobody', () => {\n  it(`${a} is told`, f);\n  itRefuses('anew', f);\n  item('lapses');\n});\n",
    );
    assert.deepEqual(
      titles.flatMap((text) => findViolations(text, 'a.ts')).map((one) => one.split(' (')[0]),
      ['a.ts:1 "nobody"', 'a.ts:2 "is told"', 'a.ts:3 "anew"'],
    );
    const paragraphs = readParagraphs('Some text\nin two lines.\n\n- nobody\n- `nobody`\n\n```ts\nnobody\n```\n');
    assert.deepEqual(
      paragraphs.flatMap((text) => findViolations(text, 'a.md')).map((one) => one.split(' (')[0]),
      ['a.md:4 "nobody"'],
    );
  });

  it('are found in the comments of security rules alone', () => {
    const comments = readRulesComments("// It is\n  // told.\nallow get: if uid == 'nobody';\n    // Nobody.\n");
    assert.deepEqual(
      comments.flatMap((text) => findViolations(text, 'a.rules')).map((one) => one.split(' (')[0]),
      ['a.rules:1 "is told"', 'a.rules:4 "Nobody"'],
    );
  });

  it('are not found in their usual sense', () =>
    assert.deepEqual(
      USUAL.flatMap((text) => findViolations({ text, line: 1 }, 'usual')),
      [],
    ));
});
