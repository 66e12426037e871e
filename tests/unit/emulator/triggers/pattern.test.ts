import assert from 'node:assert/strict';
import { matchesPattern } from '#emulator/triggers/pattern.js';

describe('trigger patterns', () => {
  for (const [pattern, path, expected] of [
    ['users/{id}', 'users/a', true],
    ['users/{id}', 'users/a/posts/p', false],
    ['users/{id=**}', 'users/a/posts/p', true],
    ['users/*/posts/{post}', 'users/a/posts/p', true],
    ['**', 'users/a', true],
    ['users/a', 'users/b', false],
  ] as const) {
    it(`${pattern} ${expected ? 'matches' : 'does not match'} ${path}`, () =>
      assert.equal(matchesPattern(pattern, path.split('/')), expected));
  }
});
