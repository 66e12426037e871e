import { type Json } from '#emulator/protocol/schema.js';
import { type Dice } from './dice.js';
import { DATABASE, DOCUMENTS } from './samples.js';
import { firstOf, sendRest } from './wires.js';

const TARGET: Json = {
  targetId: 2,
  query: {
    parent: DOCUMENTS,
    structuredQuery: { from: [{ collectionId: 'c' }], orderBy: [{ field: { fieldPath: 'n' } }] },
  },
};
const WRITE: Json = { update: { name: `${DOCUMENTS}/c/w`, fields: { n: { integerValue: '1' } } } };

/** Valid messages of each stream, the first of which opens it. */
const MESSAGES: Record<string, readonly [Json, ...Json[]]> = {
  Listen: [
    { database: DATABASE, addTarget: TARGET },
    { database: DATABASE, removeTarget: 2 },
  ],
  Write: [{ database: DATABASE }, { streamToken: 'MA==', writes: [WRITE] }, { streamToken: 'MQ==', writes: [] }],
};

/** Parameters with values that no client sends. */
const ODD = ['', '-1', '1e9', '99999999999999999999', 'rpc', '%00', 'null', 'a'.repeat(5000)] as const;

/** A browser's session from its handshake to its end, each step valid or a mutant. */
export async function webChannel(dice: Dice, port: number): Promise<string> {
  const rpc = dice.pick(['Listen', 'Write']);
  const ask = (method: string, parameters: Record<string, string>, body = ''): ReturnType<typeof firstOf> =>
    firstOf(port, {
      method,
      path: pathOf(dice, rpc, parameters),
      body: dice.chance(0.3) ? dice.mutatedText(body) : body,
    });
  const opened = await ask('POST', { RID: '1', CVER: '22' }, form(dice, rpc, 0));
  const SID = /"c","([\w-]+)"/.exec(opened.text)?.[1] ?? 'none';
  const told = [opened.status];
  for (let turn = 1; turn <= dice.below(5); turn++) {
    const step = dice.chance(0.5)
      ? await ask('GET', { SID, RID: 'rpc', AID: String(dice.below(4)), CI: String(dice.below(2)), TYPE: 'xmlhttp' })
      : await ask('POST', { SID, RID: String(turn + 1), AID: String(dice.below(4)) }, form(dice, rpc, turn));
    told.push(step.status);
  }
  const end = `/google.firestore.v1.Firestore/${rpc}/channel?VER=8&SID=${SID}&RID=9&TYPE=terminate`;
  await sendRest(port, { method: 'POST', path: end });
  return told.every((status) => status === 200) ? '200' : String(told.find((status) => status !== 200));
}

function pathOf(dice: Dice, rpc: string, parameters: Record<string, string>): string {
  const all = Object.entries({ VER: '8', database: DATABASE, ...parameters, zx: 'x', t: '1' });
  const kept = dice.chance(0.2) ? all.filter(() => dice.chance(0.8)) : all;
  const query = kept.map(([name, value]) => [name, dice.chance(0.05) ? dice.pick(ODD) : value]);
  return `/google.firestore.v1.Firestore/${rpc}/channel?${new URLSearchParams(Object.fromEntries(query)).toString()}`;
}

/** A few messages in a form, with correct or other numbers, whole or mutated. */
function form(dice: Dice, rpc: string, offset: number): string {
  const messages = MESSAGES[rpc] ?? [null];
  const count = dice.below(4);
  const body = new URLSearchParams({
    headers: dice.chance(0.8) ? 'Authorization:Bearer owner\r\n' : dice.mutatedText('Authorization:Bearer a.b.c\r\n'),
    count: dice.chance(0.9) ? String(count) : dice.pick(ODD),
    ofs: dice.chance(0.8) ? String(offset) : dice.pick(ODD),
  });
  for (let i = 0; i < count; i++) {
    const text = JSON.stringify(offset + i === 0 ? messages[0] : dice.pick(messages));
    body.append(`req${i}___data__`, dice.chance(0.3) ? dice.mutatedText(text) : text);
  }
  return body.toString();
}
