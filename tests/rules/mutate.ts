/**
 * Checks that the tests of rules notice faults. Run by hand: `tsx tests/rules/mutate.ts [storage.rules]`. Puts one
 * fault at a time into firestore.rules and storage.rules, and replays the expectations of the tests against the bare
 * engine. A survivor is a fault that no test sees: it needs a test, or a reason why it changes nothing. The reasons
 * so far: the part that it removes is an error and hence a refusal anyway (an unauthenticated user, a text compared
 * with a number, a delete that has no new document, a get that has no limit); the table that follows refuses the verb
 * or type that it allows; a bound in time moves by a millisecond; a condition only saves a read (many restaurants);
 * an upload may be an update or a delete as well, but its condition is that no file exists and that there is a new
 * one.
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

function check(rules: Rules): void {
  const { file } = rules;
  const text = readFileSync(file, 'utf8');
  const asked = listQuestions(rules);
  const original = compiled(rules, text);
  const surprise = original && firstSurprise(original, asked);
  if (!original || surprise) throw new Error(`${file} itself fails: ${surprise?.title ?? 'it does not compile'}`);
  const mutants = mutantsOf(text, file);
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
const [only] = process.argv.slice(2);
for (const rules of ALL_RULES) if (only === undefined || rules.file === only) check(rules);
