import { frameMessage } from '#emulator/grpc/frames.js';
import { type Dice } from './dice.js';
import { SAMPLES } from './samples.js';
import { sendGrpc, sendRaw } from './wires.js';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const OWNER = 'Bearer owner';

/** Bytes on the bare port: noise, frames of noise, and a valid opening with mutants after it. */
export async function bareBytes(dice: Dice, port: number): Promise<string> {
  const chunks = Array.from({ length: 1 + dice.below(6) }, () => dice.pick([http2Frame, noise, settings])(dice));
  const opening = dice.chance(0.8) ? [PREFACE] : [];
  const sent = dice.chance(0.3) ? [dice.mutated(Buffer.concat([...opening, ...chunks]))] : [...opening, ...chunks];
  await sendRaw(port, sent);
  return 'no answer due';
}

function noise(dice: Dice): Buffer {
  return dice.bytes(dice.below(200));
}

function settings(): Buffer {
  return Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
}

/** A frame of a random type with flags and a stream's id; its length is mostly correct. */
function http2Frame(dice: Dice): Buffer {
  const payload = dice.bytes(dice.below(60));
  const header = Buffer.alloc(9);
  header.writeUIntBE(dice.chance(0.9) ? payload.length : dice.below(2 ** 24), 0, 3);
  header[3] = dice.below(12);
  header[4] = dice.below(256);
  header.writeUInt32BE(dice.chance(0.3) ? 0 : dice.below(9), 5);
  return Buffer.concat([header, payload]);
}

/** A mutant of a valid request in a valid frame. */
export function mutatedMessage(dice: Dice, port: number): Promise<string> {
  const { rpc, body } = dice.pick(SAMPLES);
  return sendGrpc(port, rpc, frameMessage(dice.mutated(body)), OWNER);
}

/** Valid requests in broken frames: false lengths, cut short, repeated, empty, compressed, or to no RPC. */
export function mutatedFrames(dice: Dice, port: number): Promise<string> {
  const { rpc, body } = dice.pick(SAMPLES);
  const framed = Array.from({ length: dice.below(4) }, () => frameMessage(body));
  const bytes = dice.mutated(Buffer.concat(framed));
  return sendGrpc(port, dice.chance(0.1) ? 'No%20Such' : rpc, bytes, OWNER);
}

/** Field numbers that lead to a message that can contain itself, and those that nest it once more. */
const NESTS: readonly [Nest, ...Nest[]] = [
  { rpc: 'Commit', way: [2, 1, 2, 2], loop: [9, 1] }, // writes, update, fields, value: array_value, values
  { rpc: 'Commit', way: [2, 1, 2, 2], loop: [6, 1, 2] }, // map_value, fields, value
  { rpc: 'RunQuery', way: [2, 3], loop: [1, 2] }, // structured_query, where: composite_filter, filters
  { rpc: 'BatchGetDocuments', way: [], loop: [99] }, // Unknown fields are skipped whole.
];
interface Nest {
  readonly rpc: string;
  readonly way: readonly number[];
  readonly loop: readonly number[];
}

/** Messages within messages, far deeper than any valid request. */
export function deepMessage(dice: Dice, port: number): Promise<string> {
  const { rpc, way, loop } = dice.pick(NESTS);
  const turns = dice.below(10 ** (1 + dice.below(4)));
  const numbers = [...way, ...Array.from({ length: turns }, () => loop).flat()];
  return sendGrpc(port, rpc, frameMessage(nested(numbers)), OWNER);
}

/**
 * Each field's message holds the next one, the last is empty. Written back to front, because lengths depend on what
 * follows.
 */
function nested(numbers: readonly number[]): Buffer {
  const reversed: number[] = [];
  for (const number of [...numbers].reverse())
    reversed.push(...varint(reversed.length).reverse(), ...varint((number << 3) | 2).reverse());
  return Buffer.from(reversed.reverse());
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
