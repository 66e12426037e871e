import type { Firestore } from 'firebase-admin/firestore';
import type { Place } from '../contract/common.js';
import type { Claims } from '../contract/accounts.js';
import type { Zone } from '../contract/zones.js';
import type { PushSender } from '../notifications/push.js';
import type { Payments } from '../payments/payments.js';
import type { Caches } from './caches.js';
import type { Log } from './log.js';
import type { Route } from './routes/providers.js';
import type { Tasks } from './tasks.js';

/**
 * A route's length and time, by the vehicle that the zone quotes. Adaptors: great circle (the default), Google Routes,
 * Mapbox, OSRM.
 */
export interface RoutePlanner {
  /** By the great circle where the zone names no provider, or the named one does not respond. */
  route(from: Place, to: Place, zone: Pick<Zone, 'routing' | 'travel'>): Promise<Route>;
}

/** The parts of Firebase Authentication that accounts use. */
export interface Identity {
  /** Reads the claims of the user's next token; null when there is no such user. */
  claimsOf(uid: string): Promise<Claims | null>;
  setClaims(uid: string, claims: Claims): Promise<void>;
  /** Sets the name in tokens, so that no document need be read for it. */
  setName(uid: string, displayName: string): Promise<void>;
  /** Ends every session: callables refuse it within half a minute, and no token is renewed. */
  revokeSessions(uid: string): Promise<void>;
  /**
   * Reads the user's record: at most half a minute old, and read after `notBeforeMs`, the time of a token or document
   * that may be newer. A user who does not exist is disabled.
   */
  recordOf(uid: string, notBeforeMs?: number): Promise<UserRecord>;
  /** Users in a stable order, a page at a time; `after` is the page before. */
  listUsers(after?: string): Promise<UserPage>;
  /**
   * Disables or enables a user. A disabled user cannot sign in, nor renew a token; callables refuse open sessions
   * within half a minute.
   */
  setDisabled(uid: string, disabled: boolean): Promise<void>;
  /** Reads the user's e-mail address and providers; null when there is no such user. */
  accountOf(uid: string): Promise<Account | null>;
  /** Finds the user with an e-mail address, or with a telephone number (`+4366012345`) for the sign-in; or null. */
  findUid(by: { email: string } | { phone: string }): Promise<string | null>;
  /** Does nothing when there is no such user. */
  remove(uid: string): Promise<void>;
}

/** A user's record in Firebase Authentication, independent of older tokens. */
export interface UserRecord {
  disabled: boolean;
  /** Sign-ins before this are revoked. */
  validAfterMs: number;
  claims: Claims;
  readAtMs: number;
}

export interface UserPage {
  users: readonly { uid: string; claims: Claims; disabled: boolean }[];
  /** The token of the page that follows; absent on the last one. */
  next?: string;
}

export interface Account {
  name: string | null;
  email: string | null;
  /** The user has verified the address. */
  emailVerified: boolean;
  phone: string | null;
  /** `password`, `phone`, `google.com`, `apple.com`. */
  providers: readonly string[];
  disabled: boolean;
}

export interface WriteOptions {
  contentType: string;
  cacheControl: string;
  metadata?: Readonly<Record<string, string>>;
}

/** The bucket. */
export interface Files {
  exists(path: string): Promise<boolean>;
  /** Reads at most this many bytes and one; null when there is no such file. */
  read(path: string, maxBytes: number): Promise<Buffer | null>;
  /**
   * Replaces a file with all of its metadata, download tokens included. `metadata` is the file's own, for the server.
   */
  write(path: string, bytes: Buffer, options: WriteOptions): Promise<void>;
  /** The custom metadata of a file, which its uploader may have chosen; null when there is no such file. */
  metadata(path: string): Promise<Readonly<Record<string, string>> | null>;
  /** Reads when a file was stored, or stored again by `write`; null when there is no such file. */
  createdAtMs(path: string): Promise<number | null>;
  /** Creates a URL by which any client may download the file until then. */
  signedUrl(path: string, untilMs: number): Promise<string>;
  /** Lists paths of files whose path begins with the prefix, in order, after the given one. */
  list(prefix: string, limit: number, after?: string): Promise<string[]>;
  remove(path: string): Promise<void>;
  /** Deletes all files whose path begins with the prefix; returns their number. */
  removeBelow(prefix: string): Promise<number>;
}

/**
 * The dependencies of a handler. Deployed functions get the real ones; tests and simulations pass their own clock, ids
 * and providers, and so run the whole backend in one process.
 */
export interface Context {
  db: Firestore;
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
  /** Derives short codes that need no storage: the PIN at the door. */
  secretDigits(purpose: string, digits: number): string;
  /**
   * Derives 32 bytes, different for each purpose: the key for encrypting parts of a document that not all of its
   * readers may see.
   */
  secretKey(purpose: string): Buffer;
  identity: Identity;
  payments: Payments;
  push: PushSender;
  routes: RoutePlanner;
  files: Files;
  tasks: Tasks;
  caches: Caches;
  log: Log;
}

/** The caller, as far as verified. */
export interface Caller {
  uid: string;
  /** From the user's current record, not from the token. */
  claims: Claims;
  /** From the token: the profile's display name. */
  name: string;
  /** The user's e-mail address, where it was verified. */
  email: string | null;
  /** When the user signed in. */
  signedInAtMs: number;
  /** When the token was issued: an earlier user record may lack changes that the token contains. */
  tokenIssuedAtMs: number;
  /** The network address of the phone; null where it is not known. */
  address: string | null;
}
