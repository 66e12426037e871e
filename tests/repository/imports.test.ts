import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = 'functions/src';

/** Lowest first: a value import leads to the same layer or to a lower one. */
const LAYERS = [
  'core',
  'moderation',
  'contract',
  'hours',
  'pricing',
  'ledger/model',
  'orders/model',
  'platform',
  'ledger',
  'abuse',
  'media',
  'authority',
  'notifications',
  'promotions',
  'payments',
  'payouts',
  'catalog',
  'discovery',
  'dispatch',
  'orders/flow',
  'couriers',
  'accounts',
  'merchants',
  'onboarding',
  'chat',
  'reviews',
  'support',
  'tracking',
  'operations',
  'privacy',
  'reconciliation',
  'sweep',
  'calls',
  'app',
];

/** Folders of files that decide without I/O: facts in, decision out. So is every folder `model`. */
const PURE = ['core', 'moderation', 'contract', 'hours', 'pricing'];

/** Packages without I/O. */
const LIBRARIES = new Set(['zod', 'lru-cache', 'geofire-common', 'intl-messageformat', 'node:crypto']);

interface Import {
  /** Relative to the sources. */
  file: string;
  target: string;
  typeOnly: boolean;
  /** Loaded on first use. */
  lazy: boolean;
}

const files = walk(join(ROOT, SOURCES));

function walk(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/'));
}

function importsOf(file: string, sources = SOURCES): Import[] {
  const text = readFileSync(join(ROOT, sources, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)( type)?([^;]*?) from '([^']+)';|import\('([^']+)'\)/gms);
  return [...found].map(([, type, names = '', stated, lazy = '']) => {
    const target = stated ?? lazy;
    return {
      file,
      target: target.startsWith('.') ? relative('.', join(dirname(file), target)).replace(/\.js$/, '.ts') : target,
      typeOnly: type !== undefined || isOnlyTypes(names),
      lazy: stated === undefined,
    };
  });
}

/** `{ type A, type B }`. */
function isOnlyTypes(names: string): boolean {
  const listed =
    /\{([^}]*)\}/s
      .exec(names)?.[1]
      ?.split(',')
      .map((one) => one.trim())
      .filter(Boolean) ?? [];
  return listed.length > 0 && listed.every((one) => one.startsWith('type '));
}

const isPure = (file: string) => PURE.includes(file.split('/')[0] ?? '') || file.split('/').includes('model');

/** The innermost layer that a file is in; a domain's `model` belongs to the domain unless it is a layer itself. */
function layerOf(file: string): number {
  const [first = '', second = ''] = dirname(file).split('/');
  const inner = LAYERS.indexOf(`${first}/${second}`);
  return inner >= 0 ? inner : LAYERS.indexOf(first);
}

describe('imports of the functions', () => {
  it('have a layer for every file', () =>
    assert.deepEqual(
      files.filter((file) => layerOf(file) < 0),
      [],
    ));

  it('lead to the same layer or to a lower one', () => {
    const upward = files
      .flatMap((file) => importsOf(file))
      .filter(({ file, target, typeOnly }) => !typeOnly && files.includes(target) && layerOf(target) > layerOf(file));
    assert.deepEqual(
      upward.map(({ file, target }) => `${file} imports ${target}`),
      [],
    );
  });

  it('form no cycle', () => assert.deepEqual(findCycles(SOURCES), []));

  it('keep pure files free of Firebase, Node and everything that is not pure', () => {
    const imports = files.filter(isPure).flatMap((file) => importsOf(file));
    const strays = imports.filter(({ target, typeOnly }) => !typeOnly && !LIBRARIES.has(target) && !isPure(target));
    assert.deepEqual(strays, []);
    assert.ok(imports.length > 50, 'the pattern finds the imports');
  });

  it('keep pure files free of the clock and of randomness', () => {
    const impure = files
      .filter(isPure)
      .filter((file) =>
        /Date\.now|new Date\(\)|Math\.random|randomUUID/.test(readFileSync(join(ROOT, SOURCES, file), 'utf8')),
      );
    assert.deepEqual(impure, []);
  });

  it('stay within the package, which is deployed alone', () => {
    const outside = files
      .flatMap((file) => importsOf(file))
      .filter(({ target }) => target.startsWith('..') || target.startsWith('@tiffin/'));
    assert.deepEqual(outside, []);
  });

  it('load the payment and server SDKs only on first use, so that a cold start does not pay for them', () => {
    const eager = ['app/deploy.ts', 'app/run-callable.ts', ...files.filter((file) => file.startsWith('app/triggers/'))]
      .flatMap(reachable)
      .filter(
        ({ target, typeOnly }) =>
          !typeOnly && /^(stripe|sharp|firebase-admin\/(auth|functions|messaging|storage))/.test(target),
      );
    assert.deepEqual(eager, []);
  });
});

/** Files that import themselves over others, each with its path. */
function findCycles(sources: string): string[] {
  const all = walk(join(ROOT, sources));
  const targetsOf = (file: string): string[] =>
    importsOf(file, sources)
      .filter((one) => !one.typeOnly && !one.lazy && all.includes(one.target))
      .map((one) => one.target);
  const targets = new Map(all.map((file) => [file, targetsOf(file)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(' > '));
    if (done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of all) visit(file, []);
  return cycles;
}

describe('imports of the other packages', () => {
  for (const sources of ['emulator/src', 'local/src', 'simulator/src'])
    it(`form no cycle: ${sources}`, () => assert.deepEqual(findCycles(sources), []));
});

describe('imports of the apps', () => {
  for (const sources of ['simulator/src/people', 'examples/web', 'clients/typescript/src'])
    it(`are none from the backend: ${sources}`, () => {
      const names = readdirSync(sources, { recursive: true, encoding: 'utf8' });
      const apps = names.filter((name) => name.endsWith('.ts') && !name.includes('node_modules'));
      const foreign = apps.filter((name) => /from '[^']*(functions|emulator|local)\/src\//.test(read(sources, name)));
      assert.deepEqual(foreign, []);
      assert.ok(apps.length > 3);
    });
});

const read = (folder: string, name: string): string => readFileSync(`${folder}/${name}`, 'utf8');

/** Everything that loads with a file, dynamic imports not counted. */
function reachable(start: string): Import[] {
  const seen = new Set<string>([start]);
  const found: Import[] = [];
  for (const file of seen) {
    for (const one of importsOf(file).filter(({ lazy }) => !lazy)) {
      found.push(one);
      if (!one.typeOnly && files.includes(one.target)) seen.add(one.target);
    }
  }
  return found;
}
