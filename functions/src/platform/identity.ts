import type { Auth } from 'firebase-admin/auth';
import { Claims } from '../contract/accounts.js';
import { Cache } from '../core/cache.js';
import type { Identity, UserRecord } from './context.js';

/**
 * A block, revocation or dismissal is noticed within this time; reading the record on each call would double its
 * latency.
 */
const KNOWN_FOR_MS = 30_000;

/** True where the session of this sign-in time has ended, or the user is blocked. Firebase dates both by the second. */
export function isRevoked({ disabled, validAfterMs }: UserRecord, signedInAtMs: number): boolean {
  return disabled || signedInAtMs < validAfterMs;
}

/** Caches users' records for half a minute each. */
export class UserRecords {
  readonly #cache: Cache<UserRecord>;

  constructor(
    private readonly now: () => number,
    private readonly read: (uid: string) => Promise<Omit<UserRecord, 'readAtMs'>>,
  ) {
    this.#cache = new Cache(now, KNOWN_FOR_MS);
  }

  /** Reads a record; a cached one from before `notBeforeMs` is read again. */
  async get(uid: string, notBeforeMs: number): Promise<UserRecord> {
    const load = async (): Promise<UserRecord> => {
      const readAtMs = this.now();
      return { ...(await this.read(uid)), readAtMs };
    };
    const known = await this.#cache.get(uid, load);
    if (known.readAtMs >= notBeforeMs) return known;
    this.forget(uid);
    return this.#cache.get(uid, load);
  }

  forget(uid: string): void {
    this.#cache.forget(uid);
  }
}

/** The maximum page size. Source: Admin SDK reference, `listUsers`. */
const USERS_PER_PAGE = 1_000;

/** Creates access to Firebase Authentication; the SDK is loaded on first use. */
export function firebaseIdentity(now: () => number): Identity {
  const auth = async () => (await import('firebase-admin/auth')).getAuth();
  const records = new UserRecords(now, async (uid) => {
    const user = await unlessUnknown(null, async () => (await auth()).getUser(uid));
    if (!user) return { disabled: true, validAfterMs: 0, claims: {} };
    const { disabled, tokensValidAfterTime = '', customClaims = {} } = user;
    return { disabled, validAfterMs: Date.parse(tokensValidAfterTime) || 0, claims: Claims.parse(customClaims) };
  });
  return {
    async claimsOf(uid) {
      return unlessUnknown(null, async () => Claims.parse((await (await auth()).getUser(uid)).customClaims ?? {}));
    },
    async setClaims(uid, claims) {
      await unlessUnknown(undefined, async () => (await auth()).setCustomUserClaims(uid, claims));
      records.forget(uid);
    },
    async setName(uid, displayName) {
      await (await auth()).updateUser(uid, { displayName });
    },
    async revokeSessions(uid) {
      await (await auth()).revokeRefreshTokens(uid);
      records.forget(uid);
    },
    recordOf: (uid, notBeforeMs = 0) => records.get(uid, notBeforeMs),
    async listUsers(after) {
      const { users, pageToken: next } = await (await auth()).listUsers(USERS_PER_PAGE, after);
      const page = users.map(({ uid, customClaims = {}, disabled }) => ({
        uid,
        claims: Claims.parse(customClaims),
        disabled,
      }));
      return { users: page, ...(next && { next }) };
    },
    async setDisabled(uid, disabled) {
      await unlessUnknown(undefined, async () => {
        await (await auth()).updateUser(uid, { disabled });
        if (disabled) await (await auth()).revokeRefreshTokens(uid);
      });
      records.forget(uid);
    },
    async accountOf(uid) {
      return unlessUnknown(null, async () => {
        const user = await (await auth()).getUser(uid);
        const { displayName: name = null, email = null, emailVerified, phoneNumber: phone = null, disabled } = user;
        const providers = user.providerData.map(({ providerId }) => providerId);
        return { name, email, emailVerified, phone, providers, disabled };
      });
    },
    findUid: async (by) => findUid(await auth(), by),
    async remove(uid) {
      await unlessUnknown(undefined, async () => (await auth()).deleteUser(uid));
      records.forget(uid);
    },
  };
}

const findUid = (auth: Auth, by: { email: string } | { phone: string }): Promise<string | null> =>
  unlessUnknown(null, async () => {
    const found = 'email' in by ? auth.getUserByEmail(by.email) : auth.getUserByPhoneNumber(by.phone);
    return (await found).uid;
  });

async function unlessUnknown<T, U>(unknown: U, ask: () => Promise<T>): Promise<T | U> {
  try {
    return await ask();
  } catch (error) {
    if (isUnknownUser(error)) return unknown;
    throw error;
  }
}

/** What the SDK answers where there is no account, or where there can be none with such a number or address. */
const UNKNOWN_CODES = ['auth/user-not-found', 'auth/invalid-phone-number', 'auth/invalid-email'] as const;

/** True for the answer of Firebase Authentication that there is no such user. */
export function isUnknownUser(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNKNOWN_CODES.some((code) => code === error.code);
}
