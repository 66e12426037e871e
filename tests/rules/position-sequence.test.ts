import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileRules, type RulesRequest, type RulesValue } from '#emulator/rules/index.js';
import { float, int, list, map, path, str, timestampFromMillis } from '#emulator/rules/values.js';
import { ENGINE_EXPECTATIONS, type EngineExpectation } from './support/engine-expectations.js';

const { ruleset } = compileRules(readFileSync('firestore.rules', 'utf8'), 'firestore.rules');

const PATH = ['databases', '(default)', 'documents', 'couriers', 'cora', 'live', 'order-1'];
const START_MS = Date.UTC(2026, 2, 2, 12);
const SECOND = 1000;
const TEN_MINUTES = 600 * SECOND;
const LARGEST = Number.MAX_SAFE_INTEGER;

/** A packet of the phone: its number, and the server's time at which it arrives, from the start. */
type Packet = readonly [seq: number, afterMs: number];
type Step = readonly [packet: Packet, accepted: boolean];

const PARTIES = { customerId: str('ana'), restaurantId: str('luigi') };
const FIXES = list([map({ lat: float(52.5), lng: float(13.4), agoMs: int(0) })]);
const toDocument = (seq: number, afterMs: number): Record<string, RulesValue> => ({
  ...PARTIES,
  seq: int(seq),
  fixes: FIXES,
  at: timestampFromMillis(START_MS + afterMs),
});
const toResource = (data: Record<string, RulesValue>): RulesValue =>
  map({ data: map(data), id: str('order-1'), __name__: path(PATH) });

const toRequest = (stored: Record<string, RulesValue>, seq: number, afterMs: number): RulesRequest => ({
  service: 'cloud.firestore',
  method: 'update',
  path: PATH,
  auth: map({ uid: str('cora'), token: map({ role: str('courier') }) }),
  time: timestampFromMillis(START_MS + afterMs),
  resource: toResource(stored),
  requestResource: toResource(toDocument(seq, afterMs)),
  lookups: { before: () => null },
});

/** The requests of packets that are sent one after the other to the document of a new order. */
function listRequests(title: string, steps: readonly Step[]): EngineExpectation[] {
  let stored: Record<string, RulesValue> = PARTIES;
  return steps.map(([[seq, afterMs], allowed]) => {
    const request = toRequest(stored, seq, afterMs);
    if (allowed) stored = toDocument(seq, afterMs);
    return { title: `${title}: ${seq} after ${afterMs} ms`, request, allowed };
  });
}

/** By the time of the phone's clock, as apps number their packets. */
const clock = (ms: number): number => START_MS + ms;

const STREAMS: Readonly<Record<string, readonly Step[]>> = {
  'accepts rising numbers, every three seconds, with gaps': [
    [[0, 0], true],
    [[1, 3 * SECOND], true],
    [[7, 6 * SECOND], true],
    [[8, 9 * SECOND - 1], false],
    [[8, 9 * SECOND], true],
  ],
  'accepts a packet that the SDK repeats only once': [
    [[5, 0], true],
    [[5, 10 * SECOND], false],
    [[6, 10 * SECOND], true],
  ],
  'accepts no packet that arrives after a later one': [
    [[5, 0], true],
    [[7, 15 * SECOND], true],
    [[6, 30 * SECOND], false],
    [[8, 30 * SECOND], true],
  ],
  'refuses a phone whose clock went back by ten minutes, until it continues from the stored number': [
    [[clock(0), 0], true],
    [[clock(15 * SECOND - TEN_MINUTES), 15 * SECOND], false],
    [[clock(0) + 1, 30 * SECOND], true],
    [[clock(0) + 2, 45 * SECOND], true],
  ],
  'refuses a restarted phone whose clock is behind, and accepts it once the clock has caught up': [
    [[clock(0), 0], true],
    [[clock(-1), TEN_MINUTES - 1], false],
    [[clock(0), TEN_MINUTES], false],
    [[clock(1), TEN_MINUTES + 1], true],
  ],
  'refuses a stream that restarts from 0, and accepts it from the next number': [
    [[41, 0], true],
    [[0, 15 * SECOND], false],
    [[42, 15 * SECOND], true],
  ],
  "keeps the server's interval where the server's clock goes back": [
    [[1, TEN_MINUTES], true],
    [[2, 0], false],
    [[3, TEN_MINUTES + 3 * SECOND - 1], false],
    [[4, TEN_MINUTES + 3 * SECOND], true],
  ],
  'begins with each order again': [
    [[0, SECOND], true],
    [[-1, 15 * SECOND], false],
  ],
  'ends with the largest number that apps can hold': [
    [[LARGEST, 0], true],
    [[LARGEST, 15 * SECOND], false],
    [[0, 30 * SECOND], false],
  ],
};

describe('rules: the numbers of a stream of positions', () => {
  for (const [title, steps] of Object.entries(STREAMS)) {
    const expected = listRequests(title, steps);
    ENGINE_EXPECTATIONS.push(...expected);
    it(title, () => {
      for (const { title: packet, request, allowed } of expected)
        assert.equal(ruleset?.decide(request).allowed, allowed, packet);
    });
  }
});
