import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Exported functions without a docstring, as `file: line`. The second signature of an overload needs none. */
function findUndocumented(sources: string): string[] {
  const files = readdirSync(join(ROOT, sources), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const lines = readFileSync(join(ROOT, sources, file), 'utf8').split('\n');
      return lines
        .filter((line, index) => isUndocumented(line, lines[index - 1] ?? ''))
        .map((line) => `${file}: ${line}`);
    });
}

function isUndocumented(line: string, before: string): boolean {
  const name = /^export (?:async )?function\*? (\w+)/.exec(line)?.[1];
  return name !== undefined && !before.trimEnd().endsWith('*/') && !before.includes(`function ${name}`);
}

describe('docstrings', () => {
  it('stand above every exported function of the emulator', () =>
    assert.deepEqual(findUndocumented('emulator/src'), []));

  it('are missed where there is none', () => {
    assert.ok(isUndocumented('export function one(): void {', ''));
    assert.ok(!isUndocumented('export function one(): void {', ' */'));
  });
});
