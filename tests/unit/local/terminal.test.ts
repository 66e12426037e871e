import assert from 'node:assert/strict';
import { tableLines } from '#local/terminal.js';

describe('tableLines', () => {
  it('aligns columns and leaves no trailing blanks', () => {
    assert.deepEqual(
      tableLines([
        ['Stripe', 'http://a'],
        ['Push inbox', 'http://b'],
      ]),
      ['Stripe      http://a', 'Push inbox  http://b'],
    );
  });
});
