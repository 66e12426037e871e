/** One request of one persona as plain data, so that an emulator and the bare rules engine can both be asked. */

/** In written data: the time of the request, which only the server knows. */
export const SERVER_TIME = Symbol('SERVER_TIME');
/** In an update: the field goes. */
export const REMOVED = Symbol('REMOVED');

export type Data =
  null | boolean | number | string | Date | typeof SERVER_TIME | typeof REMOVED | readonly Data[] | Fields;
export interface Fields {
  readonly [name: string]: Data;
}

export const isList = (value: Data): value is readonly Data[] => Array.isArray(value);

export const OPERATIONS = ['get', 'list', 'create', 'update', 'delete'] as const;
export type Operation = (typeof OPERATIONS)[number];

type Operator = '==' | 'in' | '>' | '>=' | 'array-contains';
type Operand = string | number | boolean | Date;
export interface Query {
  readonly where?: readonly (readonly [field: string, operator: Operator, value: Operand | readonly string[]])[];
  readonly orderBy?: string;
  readonly descending?: boolean;
  /** 50 unless told; null is none. */
  readonly limit?: number | null;
  /** All collections of this name, wherever they are. */
  readonly isGroup?: boolean;
}

export interface Attempt {
  readonly as: Persona;
  readonly op: Operation;
  /** Of the document; for a list of its collection. */
  readonly path: string;
  /** The document to create, or the fields to change. */
  readonly data?: Fields;
  readonly query?: Query;
}

/** When every persona signed in, in seconds. */
export const AUTH_TIME = 1_760_000_000;

/**
 * Couriers whose shift of now stands second, third or last among theirs, one without a shift in a zone that requires
 * none, and one who has written just now; in all else they are like another.
 */
const COURIERS_BY_SHIFT = {
  secondShiftCourier: { uid: 'rosa', claims: { role: 'courier' } },
  thirdShiftCourier: { uid: 'theo', claims: { role: 'courier' } },
  lastShiftCourier: { uid: 'lars', claims: { role: 'courier' } },
  freeCourier: { uid: 'vito', claims: { role: 'courier' } },
  pausedCourier: { uid: 'paul', claims: { role: 'courier' } },
  pastPauseCourier: { uid: 'petra', claims: { role: 'courier' } },
  hastyCourier: { uid: 'hanna', claims: { role: 'courier' } },
} as const;

/** Who asks. A suspended courier has lost the role; a forger's claims have the wrong types. */
export const PERSONAS = {
  anonymous: null,
  newcomer: { uid: 'nina', claims: {} },
  customer: { uid: 'ana', claims: { role: 'customer' } },
  otherCustomer: { uid: 'otto', claims: { role: 'customer' } },
  owner: { uid: 'olga', claims: { role: 'customer', merchant: { luigi: 'owner' } } },
  manager: { uid: 'mario', claims: { merchant: { luigi: 'manager' } } },
  kitchen: { uid: 'kim', claims: { merchant: { luigi: 'kitchen' } } },
  otherOwner: { uid: 'sato', claims: { merchant: { sakura: 'owner' } } },
  otherManager: { uid: 'mei', claims: { merchant: { sakura: 'manager' } } },
  otherKitchen: { uid: 'ken', claims: { merchant: { sakura: 'kitchen' } } },
  courier: { uid: 'cora', claims: { role: 'courier' } },
  offeredCourier: { uid: 'fred', claims: { role: 'courier' } },
  otherCourier: { uid: 'otis', claims: { role: 'courier' } },
  newCourier: { uid: 'nele', claims: { role: 'courier' } },
  suspendedCourier: { uid: 'susi', claims: {} },
  operator: { uid: 'opal', claims: { role: 'operator' } },
  forger: {
    uid: 'ivan',
    claims: { role: ['operator', 'courier'], merchant: ['luigi'], email: 'opal@tiffin.example', email_verified: false },
  },
  formerStaff: { uid: 'fay', claims: { merchant: { luigi: 'none' } } },
  /** Has lost the membership, not the claim. */
  dismissedManager: { uid: 'dora', claims: { role: 'customer', merchant: { luigi: 'manager' } } },
  blockedManager: { uid: 'bruno', claims: { role: 'customer', merchant: { luigi: 'manager' } } },
  /** Owns more restaurants than the claims name, Luigi's among the others. */
  chainOwner: { uid: 'chiara', claims: { role: 'customer', merchant: { trattoria: 'owner' }, manyRestaurants: true } },
  otherChainOwner: { uid: 'cato', claims: { role: 'customer', merchant: { bistro: 'owner' }, manyRestaurants: true } },
  ...COURIERS_BY_SHIFT,
} as const;
export type Persona = keyof typeof PERSONAS;
/** All that differ in what they may see. */
export const ALL_PERSONAS = Object.keys(PERSONAS).filter(
  (name): name is Persona => Object.hasOwn(PERSONAS, name) && !Object.hasOwn(COURIERS_BY_SHIFT, name),
);

export const uidOf = (persona: Persona): string => PERSONAS[persona]?.uid ?? 'anonymous';
