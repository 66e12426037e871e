/**
 * Checks that the tests of rules notice faults. Run by hand: `tsx tests/rules/mutate.ts [storage.rules [LINE ...]]`, for
 * all lines or for those named. Puts one fault at a time into firestore.rules and storage.rules, and replays the
 * expectations of the tests against the bare engine. A survivor is a fault that no test sees: it needs a test, or a
 * reason why it changes nothing. The reasons so far:
 * - The part that it removes is an error and hence a refusal anyway: an unauthenticated user, a text compared with a
 *   number, a delete that has no new document, a get that has no limit, a request of an unknown type that has no move,
 *   an untimely command that names none before it.
 * - The table that follows refuses the verb or type that it allows.
 * - A bound in time moves by a millisecond.
 * - A condition only saves a read (many restaurants).
 * - An upload may be an update or a delete as well, but its condition is that no file exists and that there is a new one.
 * - The id that it no longer checks is that of a document which must exist (read receipts, favourites).
 * - A default moves that is only compared with bounds, and stays within them (`queued`, `prepMinutes`).
 * - The number 0 of a message or command follows the number -1, which is refused; a place in the queue is one more than
 *   the place before, and so never 0.
 * - A step that keeps the status begins where the step before it ended (`endedAtMs`).
 */
import './support/without-mocha.js';
import { readdirSync, readFileSync } from 'node:fs';
import { compileRules, type Ruleset, type RulesRequest } from '#emulator/rules/index.js';
import { requestOf } from './support/engine-driver.js';
import { EXPECTATIONS } from './support/expectations.js';
import { mutantsOf, type Mutant } from './support/mutants.js';
import { ENGINE_EXPECTATIONS } from './support/engine-expectations.js';

const TOLD_EVERY = 100;

interface Question {
  readonly title: string;
  readonly request: RulesRequest;
  readonly allowed: boolean;
}

interface Rules {
  readonly file: string;
  readonly service: 'cloud.firestore' | 'firebase.storage';
}

const ALL_RULES: readonly Rules[] = [
  { file: 'firestore.rules', service: 'cloud.firestore' },
  { file: 'storage.rules', service: 'firebase.storage' },
];

/** Attempts are asked of an emulator, too, and of Firestore's rules only. */
function listQuestions({ service }: Rules): Question[] {
  const attempts = EXPECTATIONS.map(({ title, attempt, allowed }) => ({ title, request: requestOf(attempt), allowed }));
  return [...attempts, ...ENGINE_EXPECTATIONS].filter(({ request }) => request.service === service);
}

/** The tests only tell what they expect: nothing is run, so no emulator is needed. */
async function loadTests(): Promise<void> {
  const folder = new URL('.', import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.test.ts')))
    await import(new URL(name, folder).href);
}

const compiled = ({ file, service }: Rules, source: string): Ruleset | undefined =>
  compileRules(source, file, service).ruleset;

/** Who saw a fault is asked first about the next one, which is likely near. */
function firstSurprise(ruleset: Ruleset, asked: Question[]): Question | undefined {
  const at = asked.findIndex(({ request, allowed }) => ruleset.decide(request).allowed !== allowed);
  const [surprised] = at < 0 ? [] : asked.splice(at, 1);
  if (surprised) asked.unshift(surprised);
  return surprised;
}

function survives(rules: Rules, { text }: Mutant, asked: Question[]): boolean {
  const ruleset = compiled(rules, text);
  return ruleset !== undefined && firstSurprise(ruleset, asked) === undefined;
}

function check(rules: Rules, lines: readonly number[]): void {
  const { file } = rules;
  const text = readFileSync(file, 'utf8');
  const asked = listQuestions(rules);
  const original = compiled(rules, text);
  const surprise = original && firstSurprise(original, asked);
  if (!original || surprise) throw new Error(`${file} itself fails: ${surprise?.title ?? 'it does not compile'}`);
  const mutants = mutantsOf(text, file).filter(({ line }) => lines.length === 0 || lines.includes(line));
  let survived = 0;
  for (const [i, mutant] of mutants.entries()) {
    if (i % TOLD_EVERY === 0)
      process.stderr.write(`${file}: ${i} of ${mutants.length} mutants, ${survived} survived\n`);
    if (!survives(rules, mutant, asked)) continue;
    survived++;
    console.log(`survived at ${file}:${mutant.line}: ${mutant.change}`);
  }
  const killed = mutants.length - survived;
  console.log(
    `${file}: ${asked.length} expectations, ${mutants.length} mutants, ${killed} killed, ${survived} survived`,
  );
}

await loadTests();
const [only, ...lines] = process.argv.slice(2);
for (const rules of ALL_RULES) if (only === undefined || rules.file === only) check(rules, lines.map(Number));
