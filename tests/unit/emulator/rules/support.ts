/** Shared by the tests of the rules engine: one condition, or one request, decided. */
import assert from 'node:assert/strict';
import { compileRules, type Decision, type Issue, type RulesRequest, type Ruleset } from '#emulator/rules/index.js';
import { RULES_NULL, timestampFromIso } from '#emulator/rules/values.js';

export const ROOT = ['databases', '(default)', 'documents'];

/** A ruleset of version 2 for Firestore whose body stands inside the match on all documents. */
export function firestoreRules(body: string): string {
  return `rules_version = '2';\nservice cloud.firestore {\nmatch /databases/{database}/documents {\n${body}\n}\n}`;
}

export function compiled(source: string): Ruleset {
  const { ruleset, issues } = compileRules(source, 'firestore.rules');
  assert.ok(ruleset, issues.map(({ description }) => description).join('\n'));
  return ruleset;
}

/** An unauthenticated get of the missing document /orders/o1, or what differs from that. */
export function aRequest(changes: Partial<RulesRequest> = {}): RulesRequest {
  return {
    service: 'cloud.firestore',
    method: 'get',
    path: [...ROOT, 'orders', 'o1'],
    auth: RULES_NULL,
    time: timestampFromIso('2026-03-04T05:06:07.089Z') ?? RULES_NULL,
    resource: RULES_NULL,
    lookups: { before: () => null },
    ...changes,
  };
}

/** Decides with rules given as the body of the match on all documents. */
export function decideWith(body: string, changes: Partial<RulesRequest> = {}): Decision {
  return compiled(firestoreRules(body)).decide(aRequest(changes));
}

export const reasonsOf = (decision: Decision): readonly string[] => (decision.allowed ? [] : decision.reasons);

/** What a condition comes to: `true`, `false`, or the message of its failure. */
export function verdict(condition: string, changes: Partial<RulesRequest> = {}, functions = ''): string {
  const decision = decideWith(`${functions} match /{document=**} { allow read, write: if ${condition}; }`, changes);
  if (decision.allowed) return 'true';
  const [reason = ''] = decision.reasons;
  return reason.replace(/ for '\w+' @ L\d+$/, '').replace(/^false .*/, 'false');
}

export const issuesOf = (source: string): readonly Issue[] => compileRules(source, 'firestore.rules').issues;

/** Issues as `line:column description`, warnings marked. */
export function shownIssues(source: string): string[] {
  return issuesOf(source).map(({ severity, description, position }) => {
    const place = position ? `${position.line}:${position.column} ` : '';
    return `${severity === 'WARNING' ? 'warning ' : ''}${place}${description}`;
  });
}

/** One test for each condition, named after it. */
export function itHolds(conditions: readonly string[]): void {
  for (const condition of conditions) it(`holds: ${condition}`, () => assert.equal(verdict(condition), 'true'));
}

/** One test for each condition and what it comes to instead of true. */
export function itAnswers(cases: Readonly<Record<string, string>>): void {
  for (const [condition, expected] of Object.entries(cases)) {
    it(`answers "${expected.slice(0, 60)}" to ${condition}`, () => assert.equal(verdict(condition), expected));
  }
}
