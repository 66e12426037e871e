import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { DOCUMENTS } from '#functions/contract/documents.js';
import { OPERATOR_TASK_KINDS } from '#functions/contract/operations.js';
import { ORDER_STATUSES } from '#functions/contract/orders.js';
import { REASONS } from '#functions/core/errors.js';
import { STEPS } from '#functions/orders/model/actions/actions.js';
import { renderApiReference } from '#local/docs/api-reference.js';
import { CONNECT_EVENTS, WEBHOOK_EVENTS } from '#local/stack.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`),
];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** As GitHub makes an anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

describe('README', () => {
  const readme = read('README.md');

  it('has at most 150 lines', () => assert.ok(readme.trimEnd().split('\n').length <= 150));
  it('begins with the two lines that start everything', () => {
    assert.match(readme, /^npm install && npm start +#/m);
    assert.match(readme, /^npm install && npm test +#/m);
  });
  it('links every page of the documentation', () => {
    const pages = PAGES.filter((page) => /^docs\/[^/]+\.md$/.test(page));
    assert.deepEqual(
      pages.filter((page) => !readme.includes(`](${page})`)),
      [],
    );
  });
});

describe('the documentation', () => {
  for (const page of PAGES) {
    it(`links only what exists: ${page}`, () => {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)];
      const broken = links.filter(([, path = '', anchor]) => {
        const file = path === '' ? page : join(dirname(page), path);
        if (!existsSync(join(ROOT, file))) return true;
        if (anchor === undefined || !file.endsWith('.md')) return false;
        return ![...read(file).matchAll(/^#+ (.*)$/gm)].some(([, heading = '']) => anchorOf(heading) === anchor);
      });
      assert.deepEqual(
        broken.map(([link]) => link),
        [],
      );
    });
  }

  it('names only scripts that exist', () => {
    const named = PAGES.flatMap((page) => [...read(page).matchAll(/npm run (?:-s )?([\w:]+)/g)]);
    assert.deepEqual(
      named.map(([, script = '']) => script).filter((script) => !(script in scripts)),
      [],
    );
    assert.ok(named.length > 5);
  });

  it('contains the API reference of the definitions: npm run docs:api', async () => {
    const file = join(ROOT, 'docs/api.md');
    const written = await format(renderApiReference(), { ...(await resolveConfig(file)), parser: 'markdown' });
    assert.equal(written, read('docs/api.md'));
  });

  it('has a row for every document', () => {
    const rows = [...read('docs/data-model.md').matchAll(/^\| `([^`]+)`([^|]*)\|/gm)];
    const named = rows.map(([, path = '', more = '']) => `${path}${more}`);
    const missing = Object.keys(DOCUMENTS).filter((pattern) => !named.some((row) => isAbout(row, pattern)));
    assert.deepEqual(missing, []);
  });

  it('describes what to do for every kind of operator task', () => {
    const page = read('docs/operate.md');
    assert.deepEqual(
      OPERATOR_TASK_KINDS.filter((kind) => !page.includes(`\`${kind}\``)),
      [],
    );
  });

  it('names every event to which Stripe is subscribed', () => {
    const page = read('docs/deploy.md');
    assert.deepEqual(
      [...WEBHOOK_EVENTS, ...CONNECT_EVENTS].filter((event) => !page.includes(event)),
      [],
    );
  });

  it('shows only steps of the table', () => {
    const page = read('docs/architecture.md');
    const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+): (\w+)/gm)];
    const strays = drawn.filter(
      ([, from, to, action]) => !STEPS.some((step) => step.from === from && step.to === to && step.action === action),
    );
    assert.deepEqual(
      strays.map(([line]) => line),
      [],
    );
    assert.ok(drawn.length >= 15);
    assert.ok(ORDER_STATUSES.every((status) => page.includes(status)));
  });
});

/** Placeholders may be named otherwise; `zones/{id} (+ versions)` is about the documents below as well. */
function isAbout(row: string, pattern: string): boolean {
  const shape = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}');
  if (shape(row.split(/[` (]/)[0] ?? '') === shape(pattern)) return true;
  const [parent = '', child = ''] = /^(.*)\/(\w+)\/\{\w+\}$/.exec(pattern)?.slice(1) ?? [];
  return shape(row).startsWith(`${shape(parent)} (`) && row.includes(`\`${child}\``);
}

describe('reasons', () => {
  it('are all used', () => {
    const sources = readdirSync(join(ROOT, 'functions/src'), { recursive: true, encoding: 'utf8' });
    const code = sources
      .filter((file) => file.endsWith('.ts') && !file.endsWith('errors.ts'))
      .map((file) => read(join('functions/src', file)))
      .join('\n');
    assert.deepEqual(
      Object.keys(REASONS).filter((reason) => !code.includes(`'${reason}'`)),
      [],
    );
  });
});
