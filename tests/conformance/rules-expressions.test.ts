import assert from 'node:assert/strict';
import { compileRules } from '#emulator/rules/index.js';
import { RULES_NULL, timestampFromMillis } from '#emulator/rules/values.js';
import { describeRecording, itAnswers } from './recordings.js';

interface RecordedExpressions {
  areas: Record<string, { expression: string; verdict: string }[]>;
}

const FILE = 'rules-expressions.json';

/** Evaluates a condition for an unauthenticated get of a missing document. */
function verdictOn(expression: string): string {
  const source = `rules_version = '2'; service cloud.firestore { match /databases/{db}/documents/{d=**} { allow get: if ${expression}; } }`;
  const { ruleset } = compileRules(source, 'firestore.rules');
  if (!ruleset) return 'compile-error';
  const decision = ruleset.decide({
    service: 'cloud.firestore',
    method: 'get',
    path: ['databases', '(default)', 'documents', 'probe', 'x'],
    auth: RULES_NULL,
    time: timestampFromMillis(1_767_225_600_000),
    resource: RULES_NULL,
    lookups: { before: () => null },
  });
  if (decision.allowed) return 'true';
  return decision.reasons[0]?.startsWith('false ') ? 'false' : 'error';
}

describeRecording<RecordedExpressions>(FILE, ({ areas }) => {
  for (const [area, cases] of Object.entries(areas)) {
    describe(area, () => {
      for (const { expression, verdict } of cases) {
        itAnswers(FILE, expression, () => assert.equal(verdictOn(expression), verdict));
      }
    });
  }
});
