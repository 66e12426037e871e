import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLABLES } from '../../functions/src/calls/callables.js';
import { ORDER_ACTIONS, ORDER_STATUSES } from '../../functions/src/contract/orders.js';
import { STEPS } from '../../functions/src/orders/model/order-state.js';
import { REASONS } from '../../functions/src/core/errors.js';
import { CONNECT_EVENTS, WEBHOOK_EVENTS } from '../../local/src/stack.js';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const scripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;

describe('README', () => {
  it('opens with the two lines that do everything', () => {
    assert.match(readme, /^npm install && npm start +#/m);
    assert.match(readme, /^npm install && npm test +#/m);
  });

  it('names every callable, every reason with its code, and every webhook event', () => {
    for (const name of Object.keys(CALLABLES)) assert.match(readme, new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
    const codes = readme.split(/^- /m);
    for (const [reason, code] of Object.entries(REASONS)) {
      assert.ok(
        codes.some((one) => one.startsWith(`\`${code}\`: `) && one.includes(`\`${reason}\``)),
        `${code}: ${reason}`,
      );
    }
    for (const event of [...WEBHOOK_EVENTS, ...CONNECT_EVENTS]) assert.ok(readme.includes(event), event);
  });

  it('names no reason that is not given anywhere', () => {
    const sources = readdirSync(join(ROOT, 'functions/src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const code = sources
      .filter((file) => !file.endsWith('errors.ts'))
      .map((file) => readFileSync(join(ROOT, 'functions/src', file), 'utf8'))
      .join('\n');
    assert.deepEqual(
      Object.keys(REASONS).filter((reason) => !code.includes(`'${reason}'`)),
      [],
    );
  });

  it('draws only steps that the table has', () => {
    const drawn = [...readme.matchAll(/^ {2}(\w+) --> (\w+): (\w+)/gm)];
    const strays = drawn.filter(
      ([, from, to, action]) => !STEPS.some((step) => step.from === from && step.to === to && step.action === action),
    );
    assert.deepEqual(
      strays.map(([line]) => line),
      [],
    );
    assert.ok(drawn.length >= 15);
    assert.ok(ORDER_STATUSES.every((status) => readme.includes(status)) && ORDER_ACTIONS.length > 0);
  });

  it('links and names only files and scripts that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);
    assert.deepEqual(
      links.filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
    const named = [...readme.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, script = '']) => script);
    assert.deepEqual(
      named.filter((script) => !(script in scripts)),
      [],
    );
  });
});
