import { type Dice } from './dice.js';
import { DOCUMENTS, PROJECT } from './samples.js';
import { sendRest } from './wires.js';

type Condition = (dice: Dice) => { readonly condition: string; readonly functions?: string };

const USER = `Bearer ${['{"alg":"none"}', '{"sub":"u"}'].map((json) => Buffer.from(json).toString('base64url')).join('.')}.`;

/** Conditions that demand too much of the compiler, of the evaluator or of the regular expressions. */
const HOSTILE: readonly [Condition, ...Condition[]] = [
  (dice) => wrapped(dice, '(', 'true', ')'),
  (dice) => wrapped(dice, '!', 'true', ''),
  (dice) => wrapped(dice, '[', '1', ']'),
  (dice) => wrapped(dice, '{"a":', '1', '}'),
  (dice) => wrapped(dice, 'true ? true : ', 'true', ''),
  (dice) => wrapped(dice, 'true && ', 'true', ''),
  (dice) => wrapped(dice, 'a', '', '.a'),
  (dice) => wrapped(dice, 'get(/databases/(default)/documents/c/$(', '"a"', ')).data'),
  exponentialCalls,
  recursion,
  backtracking,
  (dice) => ({ condition: `"${'a'.repeat(dice.below(200_000))}".size() > 0` }),
  (dice) => ({ condition: `"${'a,'.repeat(dice.below(50_000))}".split(",").join("").matches(".*.*.*b")` }),
  (dice) => ({ condition: `[${'1,'.repeat(dice.below(50_000))}1].toSet().size() > 0` }),
];

function wrapped(dice: Dice, before: string, core: string, after: string): { condition: string } {
  const depth = 10 ** (1 + dice.below(4));
  return { condition: before.repeat(depth) + core + after.repeat(depth) };
}

/** f0 calls f1 twice, f1 calls f2 twice, … */
function exponentialCalls(dice: Dice): { condition: string; functions: string } {
  const depth = 2 + dice.below(25);
  const op = dice.pick(['&&', '||', '==', '+']);
  const declared = Array.from(
    { length: depth },
    (_, i) => `function f${i}() { return f${i + 1}() ${op} f${i + 1}(); }`,
  );
  return { condition: 'f0()', functions: `${declared.join('\n')}\nfunction f${depth}() { return false; }` };
}

function recursion(dice: Dice): { condition: string; functions: string } {
  const depth = 1 + dice.below(2000);
  const calls = Array.from({ length: depth }, (_, i) => `function g${i}() { return g${(i + 1) % depth}(); }`);
  return { condition: 'g0()', functions: calls.join('\n') };
}

function backtracking(dice: Dice): { condition: string } {
  const pattern = dice.pick([
    '(a+)+$',
    '(a|a)*b',
    '(a*)*(a*)*c',
    '(?:a?){30}a{30}',
    '((((a{1,9}){1,9}){1,9}){1,9})x',
    '(x+x+)+y',
    `${'('.repeat(5000)}a${')'.repeat(5000)}`,
    `${'(?:'.repeat(900)}a${')*'.repeat(900)}`,
    '[[:alpha:]]*'.repeat(40),
    'a{1000}{1000}',
    '(?:(?:a?){900}){5}x',
  ]);
  const text = 'a'.repeat(10 + dice.below(20_000));
  return {
    condition: `"${text}".${dice.pick(['matches("', 'replace("', 'split("'])}${pattern}"${dice.chance(0.5) ? ')' : ', "b")'}`,
  };
}

/** Sets hostile or mutated rules, then sends a read and a write. */
export async function hostileRules(dice: Dice, port: number): Promise<string> {
  const { condition, functions = '' } = dice.pick(HOSTILE)(dice);
  const sound = ruleset(condition, functions);
  const content = dice.chance(0.2) ? dice.mutatedText(sound) : sound;
  const put = await putRules(port, content);
  const path = `/v1/${DOCUMENTS}/c/a`;
  const asked = [
    await sendRest(port, { method: 'GET', path, authorization: USER }),
    await sendRest(port, { method: 'PATCH', path, body: '{}', authorization: USER }),
    await sendRest(port, {
      method: 'POST',
      path: `/v1/${DOCUMENTS}:runQuery`,
      body: '{"structuredQuery":{"from":[{"collectionId":"c"}]}}',
      authorization: USER,
    }),
  ];
  await putRules(port, ruleset('true', ''));
  return [put, ...asked].join(' ');
}

/** Conditions on a document of the maximum size. */
const WIDE: readonly [(dice: Dice) => string, ...((dice: Dice) => string)[]] = [
  (dice) => manyTimes(dice, 'l.toSet().size() >= 0'),
  (dice) => manyTimes(dice, 'l.hasAll(d.l)'),
  (dice) => manyTimes(dice, 'l.toSet() == d.l.toSet()'),
  (dice) => manyTimes(dice, 'l.removeAll(d.l).size() == 0'),
  (dice) => manyTimes(dice, 'm.diff(d.m).affectedKeys().size() == 0'),
  (dice) => manyTimes(dice, 'm.keys().hasOnly(d.m.keys())'),
  (dice) => manyTimes(dice, 't.matches("(a?b?c?)*d") || true'),
  (dice) => manyTimes(dice, 't.split("").size() >= 0'),
  (dice) => manyTimes(dice, 't == d.t + ""'),
  (dice) => manyTimes(dice, 't.replace("a", d.t).size() >= 0'),
  (dice) => manyTimes(dice, 'l.join(d.t).size() >= 0'),
  () => 'twice0(d.l).size() >= 0',
  () => 'text0(d.t).matches("b*")',
];

function manyTimes(dice: Dice, member: string): string {
  return Array.from({ length: 1 + dice.below(30) }, () => `(d.${member})`).join(' && ');
}

/** `twice0` and `text0` double their argument this many times. */
const DOUBLING = Array.from({ length: 20 }, (_, i) => {
  const call = (name: string, twice: string): string => (i === 19 ? 'x' : `${name}${i + 1}(${twice})`);
  return `function twice${i}(x) { return ${call('twice', 'x.concat(x)')}; } function text${i}(x) { return ${call('text', 'x + x')}; }`;
}).join('\n');

/** Writes a document of up to a megabyte under rules that read all of it. */
export async function wideDocuments(dice: Dice, port: number): Promise<string> {
  const condition = `check(request.resource.data)`;
  const put = await putRules(
    port,
    ruleset(condition, `${DOUBLING}\nfunction check(d) { return ${dice.pick(WIDE)(dice)}; }`),
  );
  const count = 10 ** (1 + dice.below(4));
  const integers = Array.from({ length: count }, (_, i) => ({ integerValue: String(dice.chance(0.5) ? i : 0) }));
  const fields = {
    l: { arrayValue: { values: integers } },
    m: { mapValue: { fields: Object.fromEntries(integers.map((value, i) => [`k${i}`, value])) } },
    t: { stringValue: 'a'.repeat(dice.below(500_000)) },
  };
  const path = `/v1/${DOCUMENTS}/c/wide`;
  const asked = await sendRest(port, { method: 'PATCH', path, body: JSON.stringify({ fields }), authorization: USER });
  await putRules(port, ruleset('true', ''));
  return `${put} ${asked}`;
}

/** A source of random size, of nested blocks or only of words. */
export async function hugeRules(dice: Dice, port: number): Promise<string> {
  const times = 10 ** (1 + dice.below(5));
  const source = dice.pick([
    `service cloud.firestore { ${'match /a/{b} { '.repeat(times)}${'}'.repeat(times + 1)}`,
    ruleset('true', 'function f() { return true; }\n'.repeat(times)),
    `service cloud.firestore { match /databases/{d}/documents { ${'match /c/{x} { allow read: if resource.data.a == 1; } '.repeat(times)} } }`,
    `service cloud.firestore { match /${'a/'.repeat(times)}b { allow read; } }`,
    `/*${'*/ /*'.repeat(times)}`,
    '"'.repeat(times),
    '/'.repeat(times),
    dice.bytes(Math.min(times, 10_000)).toString('latin1'),
  ]);
  const put = await putRules(port, source);
  const asked = await sendRest(port, { method: 'GET', path: `/v1/${DOCUMENTS}/c/a`, authorization: USER });
  await putRules(port, ruleset('true', ''));
  return `${put} ${asked}`;
}

function ruleset(condition: string, functions: string): string {
  return `rules_version = '2'; service cloud.firestore { match /databases/{d}/documents { ${functions}
    match /{all=**} { allow read, write: if ${condition}; } } }`;
}

function putRules(port: number, content: string): Promise<number> {
  const body = JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } });
  return sendRest(port, { method: 'PUT', path: `/emulator/v1/projects/${PROJECT}:securityRules`, body });
}
