import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { toAddressKey } from '../abuse/model/address.js';
import { deviceSignalId, noteSignal } from '../abuse/links.js';
import { takeTokens, type Count } from '../abuse/rate-limit-store.js';
import { toDigest } from '../core/digest.js';
import type { User } from '../contract/accounts.js';
import type { CreateProfileInput, CreateProfileOutput } from '../calls/accounts.js';
import { toAccountId } from '../ledger/model/account-id.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { changeAuthority } from './authority.js';

type Profile = z.infer<typeof CreateProfileInput>;

/**
 * Creates the caller's customer profile. Calling it again updates the name and keeps every role. A new profile is
 * counted for its device and its address; one without a device id only for its address, with a much stricter limit. A
 * device that is new to an account is counted as a sign-up. Throws DEVICE_BLOCKED, TOO_MANY_REQUESTS or USER_NOT_FOUND.
 */
export async function createProfile(
  ctx: Context,
  caller: Caller,
  profile: Profile,
): Promise<z.infer<typeof CreateProfileOutput>> {
  const { uid } = caller;
  const ref = paths.user(ctx.db, uid);
  const claimsVersion = await changeAuthority(
    ctx,
    uid,
    async (tx, authority, write) => {
      const before = (await tx.get(ref)).data();
      if (!authority) throw new Refusal('USER_NOT_FOUND');
      await admit(ctx, tx, caller, { deviceId: profile.deviceId, isNew: before === undefined });
      const user = toUser(profile, before, ctx.now());
      tx.set(ref, user);
      if (!before) tx.set(paths.ledgerAccount(ctx.db, toAccountId(uid)), { uid });
      if (authority.role === null) write({ role: 'customer' });
      return user.claimsVersion;
    },
    // The app fetches a new token after this call anyway.
    { announce: false },
  );
  const { deviceId } = profile;
  if (deviceId !== undefined) await noteSignal(ctx, uid, { kind: 'device', value: deviceId });
  await ctx.identity.setName(uid, profile.displayName);
  return { uid, claimsVersion };
}

const toUser = ({ displayName, locale }: Profile, before: User | undefined, nowMs: number): User => ({
  claimsVersion: 1,
  createdAtMs: nowMs,
  ...before,
  displayName,
  locale,
});

/** The device and network address from which an account calls. */
interface Arrival {
  deviceId: string | undefined;
  /** The account has no profile yet. */
  isNew: boolean;
}

async function admit(ctx: Context, tx: Transaction, caller: Caller, { deviceId, isNew }: Arrival): Promise<void> {
  const device = deviceId === undefined ? null : toDigest(deviceId);
  if (!isNew && (device === null || (await isKnownDevice(ctx, tx, caller.uid, device)))) return;
  if (device !== null && (await tx.get(paths.blockedDevice(ctx.db, device))).exists)
    throw new Refusal('DEVICE_BLOCKED');
  const origin = paths.origin(ctx.db, caller.uid);
  const hasOrigin = !isNew && (await tx.get(origin)).exists;
  const counts = isNew
    ? listSignUpCounts(caller.address, device)
    : [...listSignUpCounts(null, device), { kind: 'newDevice' as const, whose: caller.uid }];
  await takeTokens(ctx, tx, counts);
  if (device !== null && !hasOrigin) tx.set(origin, { device });
}

/** Reads whether the device is the one of the account's sign-up or is already linked with the account. */
async function isKnownDevice(ctx: Context, tx: Transaction, uid: string, device: string): Promise<boolean> {
  const origin = (await tx.get(paths.origin(ctx.db, uid))).data();
  if (origin?.device === device) return true;
  const links = (await tx.get(paths.links(ctx.db, uid))).data();
  return links?.signals.includes(deviceSignalId(device)) ?? false;
}

/** Sign-ups without a device id whose address is not known share one bucket. */
function listSignUpCounts(address: string | null, device: string | null): Count[] {
  const whose = address === null ? null : toAddressKey(address);
  const byAddress: Count[] = whose === null ? [] : [{ kind: 'signUpByAddress', whose }];
  if (device === null) return [...byAddress, { kind: 'signUpWithoutDevice', whose: whose ?? 'unknown' }];
  return [...byAddress, { kind: 'signUpByDevice', whose: device }];
}
