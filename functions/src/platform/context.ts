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
  /** By the great circle where the zone names no provider, or the named one does not answer. */
  route(from: Place, to: Place, zone: Pick<Zone, 'routing' | 'travel'>): Promise<Route>;
}

/** What accounts need of Firebase Authentication. */
export interface Identity {
  /** What the user's next token will say; null when there is no such user. */
  claimsOf(uid: string): Promise<Claims | null>;
  setClaims(uid: string, claims: Claims): Promise<void>;
  /** The name goes into tokens, so that no document need be read for it. */
  setName(uid: string, displayName: string): Promise<void>;
  /** Ends every session: callables refuse it within half a minute, and no token is renewed. */
  revokeSessions(uid: string): Promise<void>;
  /**
   * What Firebase Authentication says of the user: at most half a minute old, and read after `notBeforeMs`, the time of
   * a token or document that may say more. A user who does not exist is disabled.
   */
  recordOf(uid: string, notBeforeMs?: number): Promise<UserRecord>;
  /** Users in a stable order, a page at a time; `after` is the page before. */
  listUsers(after?: string): Promise<UserPage>;
  /** A disabled user cannot sign in, nor renew a token; callables refuse what is open within half a minute. */
  setDisabled(uid: string, disabled: boolean): Promise<void>;
  /** What the user is known by; null when there is no such user. */
  accountOf(uid: string): Promise<Account | null>;
  /** Does nothing when there is no such user. */
  remove(uid: string): Promise<void>;
}

/** A user as Firebase Authentication has it, whatever older tokens say. */
export interface UserRecord {
  disabled: boolean;
  /** Sign-ins before this are revoked. */
  validAfterMs: number;
  claims: Claims;
  readAtMs: number;
}

export interface UserPage {
  users: readonly { uid: string; claims: Claims }[];
  /** Names the page that follows; absent on the last one. */
  next?: string;
}

export interface Account {
  name: string | null;
  email: string | null;
  /** The user proved that the address is theirs. */
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
  /** At most so many bytes and one; null when there is no such file. */
  read(path: string, maxBytes: number): Promise<Buffer | null>;
  /**
   * Replaces a file with all of its metadata, download tokens included. `metadata` is the file's own, for the server.
   */
  write(path: string, bytes: Buffer, options: WriteOptions): Promise<void>;
  /** The custom metadata of a file, which its uploader may have chosen; null when there is no such file. */
  metadata(path: string): Promise<Readonly<Record<string, string>> | null>;
  /** When a file was stored, or stored again by `write`; null when there is no such file. */
  createdAtMs(path: string): Promise<number | null>;
  /** A URL by which anybody may download the file until then. */
  signedUrl(path: string, untilMs: number): Promise<string>;
  /** The paths of some of the files whose path begins so, in order, after the given one. */
  list(prefix: string, limit: number, after?: string): Promise<string[]>;
  remove(path: string): Promise<void>;
  /** All files whose path begins so; how many there were. */
  removeBelow(prefix: string): Promise<number>;
}

/**
 * Everything a handler needs from outside. Deployed functions get the real one; tests and simulations give their
 * own clock, ids and providers, and so run the whole backend in one process.
 */
export interface Context {
  db: Firestore;
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
  /** Derives short codes that need no storage: the PIN at the door. */
  secretDigits(purpose: string, digits: number): string;
  /** 32 bytes, another for each purpose: encrypts what a document must not show to all who read it. */
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

/** Who calls, as far as it was proven. */
export interface Caller {
  uid: string;
  /** As the user's record has them now, not as the token has. */
  claims: Claims;
  /** As the token has it: the profile's display name. */
  name: string;
  /** The user's e-mail address, where it was verified. */
  email: string | null;
  /** When the user signed in. */
  signedInAtMs: number;
  /** When the token was issued: a user record that was read before may not know what it says. */
  tokenIssuedAtMs: number;
  /** The network address of the phone; null where it is not known. */
  address: string | null;
}
