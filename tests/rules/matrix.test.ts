import assert from 'node:assert/strict';
import { ALL_PERSONAS, OPERATIONS } from './support/attempt.js';
import { isAllowed } from './support/emulator-driver.js';
import { expects } from './support/expectations.js';
import { cells, listsBeyondAPage, subjectNames, type Cell } from './support/matrix.js';

const ALL_CELLS = cells();

describe('rules: the matrix of collections, operations and personas', () => {
  for (const subject of subjectNames()) {
    for (const op of OPERATIONS)
      itAnswersEveryPersona(
        `${op} of ${subject}`,
        ALL_CELLS.filter((cell) => cell.subject === subject && cell.op === op),
      );
  }

  for (const { subject, persona, attempt, allowed } of listsBeyondAPage()) {
    const limit = attempt.query?.limit ?? null;
    const title = `a list of ${subject} to ${persona} ${limit === null ? 'without a limit' : `of ${limit}`}`;
    expects(title, attempt, allowed);
    it(`refuses ${title}`, async () => assert.equal(await isAllowed(attempt), allowed));
  }

  it('has every cell', () => {
    assert.equal(ALL_CELLS.length, subjectNames().length * OPERATIONS.length * ALL_PERSONAS.length);
    assert.ok(ALL_CELLS.length >= 700);
  });
});

function itAnswersEveryPersona(title: string, row: readonly Cell[]): void {
  for (const { persona, attempt, allowed } of row) expects(`${title} as ${persona}`, attempt, allowed);
  const expected = row.filter(({ allowed }) => allowed).map(({ persona }) => persona);
  it(`grants ${title} to ${expected.join(', ') || 'no user'}`, async () => {
    const answers = await Promise.all(
      row.map(async ({ persona, attempt }) => ({ persona, allowed: await isAllowed(attempt) })),
    );
    assert.deepEqual(
      answers.filter(({ allowed }) => allowed).map(({ persona }) => persona),
      expected,
    );
  });
}
