import { z } from 'zod';
import { filterText, maskContacts, maskWords } from '../moderation/filter.js';
import { CURRENCY_CODES } from './currency-codes.js';
import { asLineUpTo, asTextUpTo } from '../moderation/text.js';

/** Sizes that requests, documents and security rules share. */
export const LIMITS = {
  nameChars: 100,
  noteChars: 280,
  messageChars: 500,
  reasonChars: 200,
  linesPerOrder: 50,
  quantityPerLine: 99,
  modifiersPerLine: 30,
  fixesPerPacket: 4,
  promotionCodesPerOrder: 5,
  tokenChars: 4096,
} as const;

/**
 * Names that every object inherits. As a key of a map such a name would be found without having been set; Firestore
 * reserves the others, `__proto__` and the like.
 */
export const INHERITED_NAMES = [
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'toString',
  'valueOf',
] as const;
/**
 * Schema of an id of letters, digits, `_` and `-`: no slash, no dots, no name that Firestore reserves or that objects
 * inherit.
 */
export const idOf = (minChars: number, maxChars: number) =>
  z
    .string()
    .regex(new RegExp(`^(?!__.*__$)(?!(?:${INHERITED_NAMES.join('|')})$)[A-Za-z0-9_-]{${minChars},${maxChars}}$`));

/** A document id chosen by the server or a client. */
export const DocumentId = idOf(1, 64);
/** Chosen by the client, the same on every retry of one request: for example a UUID. */
export const IdempotencyKey = idOf(8, 64);
/** A card that Stripe saved. */
export const PaymentMethodId = z.string().regex(/^pm_[A-Za-z0-9_]{1,60}$/);
/** Any text that Firestore accepts as a document's id. */
export const Uid = z.string().regex(/^(?!\.{1,2}$)(?!__.*__$)[^/\p{Cc}]{1,128}$/u);
/** Schema of the id of what one user writes, numbered 1, 2, 3…: the uid, a separator and the number. */
export const numberedIdOf = (separator: string, maxDigits: number) =>
  z.string().regex(new RegExp(`^[^/\\p{Cc}]{1,128}${separator}\\d{1,${maxDigits}}$`, 'u'));
/** ISO 4217, upper case. The decimals of an unknown code are not known, so it is refused. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .refine((code) => CURRENCY_CODES.has(code), 'must be a currency of ISO 4217');
/** An amount in the currency's minor unit. */
export const Minor = z.int();
export const NonNegativeMinor = z.int().min(0);
/** A rate in parts per million: 70 000 is 7 %. */
export const Ppm = z.int().min(0).max(10_000_000);
/** The latest time that a Date can hold. Source: ECMAScript, "Time Values and Time Range". */
export const MAX_EPOCH_MS = 8_640_000_000_000_000;
/** Milliseconds since 1970, by the server's clock. */
export const EpochMs = z.int().min(0).max(MAX_EPOCH_MS);
/** Whole seconds since 1970, as `auth_time` in an ID token. */
export const EpochSeconds = z
  .int()
  .min(0)
  .max(MAX_EPOCH_MS / 1000);
/** The latest timestamp that Firestore can hold: the end of the year 9999. Source: google.protobuf.Timestamp. */
const MAX_TIMESTAMP_MS = 253_402_300_799_999;
/**
 * Milliseconds since 1970 in the contract, a Timestamp in the stored document: for fields that rules, TTL policies or
 * queries compare with the server's time. The converter translates in both directions.
 */
export const Stamp = z.int().min(0).max(MAX_TIMESTAMP_MS).meta({ stored: 'timestamp' });
/**
 * Schema of free text in one line. It is normalised first and counted after that (see moderation/text.ts); masks come
 * last, and a text that is too long never reaches them.
 */
export const line = (maxChars: number) =>
  z
    .string()
    .overwrite((source) => asLineUpTo(source, maxChars))
    .max(maxChars, { abort: true });
/** Schema of free text in several lines. */
export const text = (maxChars: number) =>
  z
    .string()
    .overwrite((source) => asTextUpTo(source, maxChars))
    .max(maxChars, { abort: true });
/** Schema of free text in one line that other users read: contacts and insults are masked. */
export const shownLine = (maxChars: number) => line(maxChars).overwrite((source) => filterText(source).text);

export const Name = line(LIMITS.nameChars).min(1);
/** A zone's name for goods with the same taxes: a key of its taxes. */
export const TaxCategory = line(40).refine(
  (name) => !(name in Object.prototype),
  'must not be a name that objects inherit',
);
/** The name of a person or a restaurant that other users read. */
export const ShownName = shownLine(LIMITS.nameChars).min(1);
export const Note = text(LIMITS.noteChars);
/** A description that other users read, in several lines. */
export const shownText = (maxChars: number) => text(maxChars).overwrite((source) => filterText(source).text);
/** A note that a kitchen has to read in full, allergies above all: only contacts are masked. */
export const KitchenNote = text(LIMITS.noteChars).overwrite(maskContacts);
/** A note that a courier has to read in full, door codes above all: only insults are masked. */
const DoorNote = text(LIMITS.noteChars).overwrite(maskWords);
/** An IANA time zone; the platform decides whether it exists. */
export const TimeZone = z.string().regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,59}$/);

export const Place = z.strictObject({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
});
export type Place = z.infer<typeof Place>;

/**
 * How the customer wants to get the order. `meet`: handed over in person, against the PIN. `leave`: left at the door, with
 * a photo; where the customer opens nevertheless, the PIN is accepted as well.
 */
export const HANDOVERS = ['meet', 'leave'] as const;
export const Handover = z.enum(HANDOVERS);

/** An order's delivery address. Only the server and, while carrying the order, the courier see it. */
export const DropOff = z.strictObject({
  ...Place.shape,
  addressLine: line(200).min(1),
  contactName: ShownName,
  phone: z.e164().optional(),
  doorCode: line(40).optional(),
  note: DoorNote.optional(),
  /** Binds the courier. Absent: as the two agree. */
  handover: Handover.optional(),
});
export type DropOff = z.infer<typeof DropOff>;

export const ORDER_KINDS = ['delivery', 'pickup'] as const;
export const OrderKind = z.enum(ORDER_KINDS);
export type OrderKind = z.infer<typeof OrderKind>;

export const ROLES = ['customer', 'merchant', 'courier', 'operator', 'system'] as const;
/** The actor. `system` is the backend itself: deadlines, Stripe events, dispatch. */
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;
