/**
 * Checks that the tests of rules notice faults. Run by hand: `tsx tests/rules/mutate.ts`. Puts one fault at a time into
 * firestore.rules and replays the expectations of the tests against the bare engine. A survivor is a fault that no test
 * sees: it needs a test, or a reason why it changes nothing. The reasons so far: the part that it removes is an error
 * and hence a refusal anyway (an unauthenticated user, a text compared with a number, a delete that has no new
 * document, a get that has no limit); the table that follows refuses the verb or type that it allows; a bound in time
 * moves by a millisecond.
 */
import './support/without-mocha.js';
import { readdirSync, readFileSync } from 'node:fs';
import { compileRules, type Ruleset, type RulesRequest } from '#emulator/rules/index.js';
import { requestOf } from './support/engine-driver.js';
import { EXPECTATIONS } from './support/expectations.js';
import { mutantsOf, type Mutant } from './support/mutants.js';

const text = readFileSync('firestore.rules', 'utf8');
const TOLD_EVERY = 100;

interface Question {
  readonly title: string;
  readonly request: RulesRequest;
  readonly allowed: boolean;
}

/** The tests only tell what they expect: nothing is run, so no emulator is needed. */
async function questions(): Promise<Question[]> {
  const folder = new URL('.', import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.test.ts')))
    await import(new URL(name, folder).href);
  return EXPECTATIONS.map(({ title, attempt, allowed }) => ({ title, request: requestOf(attempt), allowed }));
}

const compiled = (source: string): Ruleset | undefined => compileRules(source, 'firestore.rules').ruleset;

/** Who saw a fault is asked first about the next one, which is likely near. */
function firstSurprise(ruleset: Ruleset, asked: Question[]): Question | undefined {
  const at = asked.findIndex(({ request, allowed }) => ruleset.decide(request).allowed !== allowed);
  const [surprised] = at < 0 ? [] : asked.splice(at, 1);
  if (surprised) asked.unshift(surprised);
  return surprised;
}

function survives({ text: source }: Mutant, asked: Question[]): boolean {
  const ruleset = compiled(source);
  return ruleset !== undefined && firstSurprise(ruleset, asked) === undefined;
}

const asked = await questions();
const original = compiled(text);
const surprise = original && firstSurprise(original, asked);
if (!original || surprise) throw new Error(`the rules themselves fail: ${surprise?.title ?? 'they do not compile'}`);

const mutants = mutantsOf(text);
let survived = 0;
for (const [i, mutant] of mutants.entries()) {
  if (i % TOLD_EVERY === 0) process.stderr.write(`${i} of ${mutants.length} mutants, ${survived} survived\n`);
  if (!survives(mutant, asked)) continue;
  survived++;
  console.log(`survived at line ${mutant.line}: ${mutant.change}`);
}
console.log(
  `${asked.length} expectations, ${mutants.length} mutants, ${mutants.length - survived} killed, ${survived} survived`,
);
