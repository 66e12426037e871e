/**
 * Do the tests of rules notice a fault in them? Run by hand: `tsx tests/rules/mutate.ts`. Puts one fault at a time
 * into firestore.rules and replays what the tests expect against the bare engine. A survivor is a fault that no test
 * sees: it wants a test, or a reason why it changes nothing. The reasons so far: what it takes away is an error, hence
 * a no, anyway (nobody signed in, a text compared with a number, a delete that has no new document, a get that has no
 * limit); the verb or type it lets through is refused by the table that follows; a bound in time moves by a millisecond.
 */
import './support/without-mocha.js';
import { readdirSync, readFileSync } from 'node:fs';
import { compileRules, type Ruleset } from '../../emulator/src/rules/index.js';
import { isAllowedBy } from './support/engine-driver.js';
import { EXPECTATIONS, type Expectation } from './support/expectations.js';
import { mutantsOf, type Mutant } from './support/mutants.js';

const text = readFileSync('firestore.rules', 'utf8');

/** The tests only tell what they expect: nothing is run, so no emulator is needed. */
async function collectExpectations(): Promise<void> {
  const folder = new URL('.', import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.test.ts')))
    await import(new URL(name, folder).href);
}

const compiled = (source: string): Ruleset | undefined => compileRules(source, 'firestore.rules').ruleset;

function firstSurprise(ruleset: Ruleset): Expectation | undefined {
  return EXPECTATIONS.find(({ attempt, allowed }) => isAllowedBy(ruleset, attempt) !== allowed);
}

function survives({ text: source }: Mutant): boolean {
  const ruleset = compiled(source);
  return ruleset !== undefined && firstSurprise(ruleset) === undefined;
}

await collectExpectations();
const original = compiled(text);
const surprise = original && firstSurprise(original);
if (!original || surprise) throw new Error(`the rules themselves fail: ${surprise?.title ?? 'they do not compile'}`);

const mutants = mutantsOf(text);
const survivors = mutants.filter(survives);
for (const { line, change } of survivors) console.log(`survived at line ${line}: ${change}`);
console.log(
  `${EXPECTATIONS.length} expectations, ${mutants.length} mutants, ${mutants.length - survivors.length} killed, ${survivors.length} survived`,
);
