import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = ['clients/typescript/README.md', 'docs/apps.md', 'docs/notifications.md', 'README.md'];

/** What an app has around the snippets. */
const AROUND = `
import type * as client from '@tiffin/client';
import type * as auth from 'firebase/auth';
import type * as firestore from 'firebase/firestore';
import type * as messages from 'firebase/messaging';
declare global {
  const app: import('firebase/app').FirebaseApp;
  const tiffin: client.Tiffin;
  const messaging: messages.Messaging;
  const getToken: typeof messages.getToken;
  const getAuth: typeof auth.getAuth;
  const createUserWithEmailAndPassword: typeof auth.createUserWithEmailAndPassword;
  const initializeFirestore: typeof firestore.initializeFirestore;
  const persistentLocalCache: typeof firestore.persistentLocalCache;
  const persistentMultipleTabManager: typeof firestore.persistentMultipleTabManager;
  const uid: string, orderId: string, restaurantId: string, customerId: string, deviceId: string, installationId: string;
  const email: string, password: string, displayName: string, code: string, text: string;
  const bytes: Uint8Array;
  const fix: client.Fix;
  const lines: client.CartLineToSend[];
  const dropOff: client.DropOffToSend;
  const kept: client.KeptQueue;
  function keep(kept: client.KeptQueue): void;
  function show(shown: unknown): void;
  function render(shown: client.Order | null): void;
  function askForMore(minimum: client.Minor | null | undefined): void;
  function signInAgain(): void;
`;

/** Lists the snippets of a page by the line on which they begin. */
const listSnippets = (page: string): { line: number; code: string }[] => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(({ index, 1: code = '' }) => ({
    line: text.slice(0, index).split('\n').length,
    code,
  }));
};

/** A snippet as a module: its imports, and the rest in a function, so that each may declare the same names. */
function toModule(code: string): string {
  const imports = [...code.matchAll(/^import .*$/gm)].map(([line]) => line);
  return `${imports.join('\n')}\nexport async function snippet() {\n${code.replaceAll(/^import .*$/gm, '')}\n}\n`;
}

/** Compiles modules in memory beside this test. Returns the messages. */
function compile(modules: ReadonlyMap<string, string>): string[] {
  const files = new Map([...modules].map(([name, text]) => [join(import.meta.dirname, name), text]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
    paths: { '@tiffin/client': [join(ROOT, 'clients/typescript/src/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const own = [...files.keys()].flatMap((path) => program.getSourceFile(path) ?? []);
  return own
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.split('/').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

/** The functions of the client package, which a snippet uses without an import. */
function declareClient(): string {
  const index = readFileSync(join(ROOT, 'clients/typescript/src/index.ts'), 'utf8');
  const names = [...index.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list = '']) => list.split(','));
  const values = names.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
  const ownData = readFileSync(join(ROOT, 'clients/typescript/src/own-data.ts'), 'utf8');
  const functions = [...ownData.matchAll(/^export async function (\w+)/gm)].map(([, name = '']) => name);
  return [...values, ...functions].map((name) => `  const ${name}: typeof client.${name};\n`).join('');
}

describe('the TypeScript snippets of the documentation', function () {
  this.timeout(120_000);
  const prelude = `${AROUND}${declareClient()}}\n`;

  it('compile against the client package', () => {
    const modules = PAGES.flatMap((page) =>
      listSnippets(page).map(({ line, code }) => [`${page.replaceAll('/', '-')}-${line}.ts`, toModule(code)] as const),
    );
    assert.ok(modules.length >= 14, `${modules.length} snippets`);
    assert.deepEqual(compile(new Map([['around.ts', prelude], ...modules])), []);
  });

  it('are refused where they use what the package does not have', () => {
    const planted = toModule("await tiffin.call('quoteAll', {});");
    assert.match(
      compile(
        new Map([
          ['around.ts', prelude],
          ['planted.ts', planted],
        ]),
      ).join(),
      /planted\.ts: .*quoteAll/,
    );
  });
});
