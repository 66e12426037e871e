import assert from 'node:assert/strict';
import { CALLABLES } from '#functions/calls/callables.js';

describe('the definitions of the callables', () => {
  for (const [name, { input, output, example, reasons }] of Object.entries(CALLABLES)) {
    it(`have an example that fits the schemas: ${name}`, () => {
      assert.doesNotThrow(() => input.parse(example.input));
      assert.deepEqual(output.parse(example.output), example.output);
      assert.deepEqual(JSON.parse(JSON.stringify(example)), example);
    });

    it(`list each reason once: ${name}`, () => assert.deepEqual([...new Set(reasons)], reasons));
  }
});
