import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

const DECLARED = /^export (?:async )?function\*? (\w+)/;
const ARROW = /^export const (\w+) = (?:async )?(?:<.+>)?\(.*(?:=>|\(|,)/;

/**
 * Exported functions without a docstring, as `file: line`. `forms` are those that need one; the second signature of an
 * overload needs none. Folders in `except` describe their functions in data.
 */
function findUndocumented(sources: string, forms: readonly RegExp[], except: readonly string[] = []): string[] {
  const files = readdirSync(join(ROOT, sources), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !except.some((folder) => file.startsWith(`${folder}/`)))
    .flatMap((file) => {
      const lines = readFileSync(join(ROOT, sources, file), 'utf8').split('\n');
      return lines
        .filter((line, index) => isUndocumented(line, lines[index - 1] ?? '', forms))
        .map((line) => `${file}: ${line}`);
    });
}

function isUndocumented(line: string, before: string, forms: readonly RegExp[] = [DECLARED, ARROW]): boolean {
  const name = forms.map((form) => form.exec(line)?.[1]).find((one) => one !== undefined);
  return name !== undefined && !before.trimEnd().endsWith('*/') && !before.includes(`function ${name}`);
}

describe('docstrings', () => {
  it('stand above every exported function of the emulator', () =>
    assert.deepEqual(findUndocumented('emulator/src', [DECLARED]), []));

  // The callables of `calls` are described by their definitions, from which the API reference is generated.
  it('stand above every exported function of the functions', () =>
    assert.deepEqual(findUndocumented('functions/src', [DECLARED, ARROW], ['calls']), []));

  it('are reported where they are missing', () => {
    assert.ok(isUndocumented('export function one(): void {', ''));
    assert.ok(isUndocumented('export const one = (two: number): number => two;', '}'));
    assert.ok(!isUndocumented('export function one(): void {', ' */'));
    assert.ok(!isUndocumented('export const ONE = { two: 1 };', ''));
  });
});
