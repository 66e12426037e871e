import assert from 'node:assert/strict';
import { describeRecording, itAnswers, recordings } from './recordings.js';
import { ToyFirestore, type Answer, type Body, type Firestore } from './in-memory-firestore.js';

interface RecordedStep {
  status: number;
  message?: string;
}
interface RecordedAnswers {
  programs: { id: string; oracle: { compileError?: string; steps?: Record<string, RecordedStep> } }[];
}
interface RecordedRequests {
  programs: {
    id: string;
    rules: string;
    seed?: { path: string; fields: Record<string, unknown> }[];
    steps: { id: string; method: string; path: string; body?: Body }[];
  }[];
}

const FILE = 'rules-programs.json';
/** Recorded messages are cut at this length. */
const CUT_AT = 300;

/** The emulator's reason appears in the recorded message, complete or up to its cut. */
function isRecorded(reason: string, recorded: string): boolean {
  const start = recorded.indexOf(reason.slice(0, 40));
  return (
    start >= 0 && (recorded.length >= CUT_AT ? reason.startsWith(recorded.slice(start)) : recorded.includes(reason))
  );
}

/**
 * The official emulator may evaluate twice and then gives the reasons of both; the recorded ones include this
 * emulator's.
 */
function assertAnswer(actual: Answer, recorded: RecordedStep): void {
  assert.equal(actual.status, recorded.status, actual.message);
  if (recorded.status !== 403 || recorded.message === undefined) return;
  const reasons = recorded.message.trim().split(', ');
  const isEvaluatedOnce = !recorded.message.includes('evaluation error at') && new Set(reasons).size === reasons.length;
  if (isEvaluatedOnce) assert.equal(actual.message, recorded.message);
  else
    assert.ok(
      isRecorded((actual.message ?? '').trim(), recorded.message),
      `${actual.message} is not in ${recorded.message}`,
    );
}

function assertCompileError(actual: string | undefined, recorded: string): void {
  const { error }: { error: { message: string } } = JSON.parse(recorded);
  assert.equal(actual, error.message);
}

describeRecording<RecordedRequests>('rules-programs-requests.json', ({ programs }) => {
  const answers = recordings<RecordedAnswers>(FILE);
  for (const { id, rules, seed, steps } of programs) {
    const oracle = answers?.programs.find((program) => program.id === id)?.oracle;
    itAnswers(FILE, id, async () => {
      const firestore: Firestore = new ToyFirestore();
      const compileError = await firestore.load(rules);
      if (oracle?.compileError) return assertCompileError(compileError, oracle.compileError);
      assert.equal(compileError, undefined);
      for (const { path, fields } of seed ?? []) await firestore.seed(path, fields);
      for (const step of steps) {
        const recorded = oracle?.steps?.[step.id];
        assert.ok(recorded, `${step.id} was not recorded`);
        assertAnswer(await firestore.send(step.method, step.path, step.body), recorded);
      }
    });
  }
});
