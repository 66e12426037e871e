import type { DropOff } from '../contract/common.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { readOne } from '../platform/isolate.js';
import { toShared, toSignalId, type Shared, type Signal } from './links.js';

/** Where an order goes. */
export interface Destination {
  zoneId: string;
  /** Null for an order that is picked up. */
  dropOff: DropOff | null;
  paymentMethod: 'card' | 'cash';
}

/**
 * Lists the signals of the household of an order: its door, by the address line within the zone, and the telephone
 * number at the door. In cash also the place to about ten metres, however the address is written: a card would tell two
 * accounts of one person, cash does not.
 */
export function listHouseholdSignals({ zoneId, dropOff, paymentMethod }: Destination): Signal[] {
  const signals = dropOff ? listAllSignals(zoneId, dropOff) : [];
  return signals.filter((one) => paymentMethod === 'cash' || !isPlace(one));
}

/** Lists the same signals for both payment methods: a card order is recorded by its place, too, for a later one in cash. */
export function listAllSignals(zoneId: string, { addressLine, lat, lng, phone }: DropOff): Signal[] {
  return [
    { kind: 'door', value: `line ${zoneId} ${normalizeLine(addressLine)}` },
    { kind: 'door', value: `${PLACE}${lat.toFixed(4)} ${lng.toFixed(4)}` },
    ...(phone === undefined ? [] : [{ kind: 'phone' as const, value: phone }]),
  ];
}

const PLACE = 'place ';
const isPlace = ({ value }: Signal): boolean => value.startsWith(PLACE);

/** Sorts the words and keeps the order of the numbers: "7 Door Street" and "door street, 7" are one door. */
function normalizeLine(addressLine: string): string {
  const line = addressLine.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const words = (line.match(/\p{L}+/gu) ?? []).toSorted();
  return [...words, ...(line.match(/\p{N}+/gu) ?? [])].join(' ');
}

/**
 * Finds the other accounts of a household, and the uses of promotions that erased accounts left with it. `isLost`: a
 * signal cannot be read, which becomes an operator task.
 */
export async function findHousehold(
  ctx: Context,
  uid: string,
  destination: Destination,
): Promise<Shared & { isLost: boolean }> {
  const refs = listHouseholdSignals(destination).map((one) => paths.signal(ctx.db, toSignalId(one)));
  const stored = await Promise.all(refs.map((ref) => ref.get()));
  const read = await Promise.all(stored.map((one) => readOne(ctx, 'findHousehold', one)));
  const signals = read.flatMap((one) => (one ? [{ ...one.data, id: one.id }] : []));
  const isLost = stored.some((one, index) => one.exists && !read[index]);
  return { ...toShared(signals, uid, ctx.now()), isLost };
}
