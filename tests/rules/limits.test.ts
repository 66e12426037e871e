import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DropOff, DocumentId, INHERITED_NAMES, LIMITS } from '#functions/contract/common.js';
import { ProofPath } from '#functions/contract/moves.js';
import { CHAT_OPEN_MS, MESSAGES_PER_ORDER } from '#functions/contract/chat.js';
import { MUTABLE_TOPICS, PhoneLocale } from '#functions/contract/notifications.js';
import { MEMBER_ROLES } from '#functions/contract/restaurants.js';
import { compileRules } from '#emulator/rules/index.js';

const RULES = readFileSync('firestore.rules', 'utf8');

/** The first number that stands in the rules at the place of `#`. */
function numberAt(pattern: string): number {
  const [before = '', after = ''] = pattern.split('#').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const found = new RegExp(`${before}(\\d+)${after}`).exec(RULES);
  assert.ok(found, `the rules do not have ${pattern}`);
  return Number(found[1]);
}

const SIZES: Readonly<Record<string, number>> = {
  'isText(device.token, #)': LIMITS.tokenChars,
  'topics.size() <= #': MUTABLE_TOPICS.length,
  'isText(address.label, #)': LIMITS.nameChars,
  "isText(address.get('note', '-'), #)": LIMITS.noteChars,
  'isText(reason, #)': LIMITS.reasonChars,
  'isText(message.text, #)': LIMITS.messageChars,
  'isWhole(message.n, 1, #)': MESSAGES_PER_ORDER,
  'endedAtMs(order) + #)': CHAT_OPEN_MS,
  'cart.lines.size() <= #': LIMITS.linesPerOrder,
  "areIds(move.get('itemIds', []), #)": LIMITS.linesPerOrder,
  'menu.items.size() <= #': 500,
  'menu.groups.size() <= #': 300,
  'packet.fixes.size() <= #': LIMITS.fixesPerPacket,
};

describe('rules: sizes', () => {
  for (const [place, size] of Object.entries(SIZES))
    it(`has ${size} in ${place}, as in the contract`, () => assert.equal(numberAt(place), size));

  it('bounds an address as the contract bounds a drop-off', () => {
    const dropOff = (addressLine: number, doorCode: number) =>
      DropOff.safeParse({
        lat: 0,
        lng: 0,
        contactName: 'Ana',
        addressLine: 'x'.repeat(addressLine),
        doorCode: 'x'.repeat(doorCode),
      }).success;
    const [line, code] = [
      numberAt('isText(address.addressLine, #)'),
      numberAt("isText(address.get('doorCode', '-'), #)"),
    ];
    assert.deepEqual([dropOff(line, code), dropOff(line + 1, code), dropOff(line, code + 1)], [true, false, false]);
  });

  it('writes ids, keys and paths as the contract does', () => {
    const inherited = INHERITED_NAMES.join('|');
    const id = bare(DocumentId).replace(`(?!__.*__)(?!(?:${inherited}))`, '');
    assert.ok(RULES.includes(`value.matches('${id}') && !value.matches('__.*__|${inherited}')`));
    assert.ok(RULES.includes(`'(.*,)?(__[^,]*__|${inherited})(,.*)?'`));
    assert.ok(RULES.includes(`locale.matches('${bare(PhoneLocale)}')`));
    assert.ok(RULES.includes(`proof.path.matches('${bare(ProofPath)}')`));
  });

  it('names every topic that can be switched off', () =>
    assert.ok(RULES.includes(`[${MUTABLE_TOPICS.map((topic) => `'${topic}'`).join(', ')}].hasAll`)));

  it('names every role of a restaurant', () =>
    assert.ok(RULES.includes(`[${MEMBER_ROLES.map((role) => `'${role}'`).join(', ')}]`)));
});

/** A schema's pattern without its anchors, which rules imply, and in the spelling of rules. */
function bare(schema: z.ZodType): string {
  const pattern = z.toJSONSchema(schema).pattern ?? '';
  return pattern.replace(/^\^/, '').replaceAll('$', '').replaceAll('\\/', '/').replaceAll('\\.', '[.]');
}

describe('rules: compiling', () => {
  for (const file of ['firestore.rules', 'storage.rules']) {
    it(`finds no issue in ${file}`, () => assert.deepEqual(compileRules(readFileSync(file, 'utf8'), file).issues, []));
  }
});
