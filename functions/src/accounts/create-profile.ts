import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { addressKey } from '../abuse/address.js';
import { noteSignal } from '../abuse/links.js';
import { digestOf, takeCounted, type Count } from '../abuse/counted.js';
import type { User } from '../contract/accounts.js';
import type { CreateProfileInput, CreateProfileOutput } from '../contract/calls/accounts.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { changeAuthority } from './authority.js';

type Profile = z.infer<typeof CreateProfileInput>;

/**
 * Makes the caller a customer. Calling it again updates the name and keeps every role. A new profile is counted for its
 * device and its address; one without a device id only for its address, and by a much stricter limit.
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
      if (!before) await admit(ctx, tx, caller, profile.deviceId);
      const user = userOf(profile, before, ctx.now());
      tx.set(ref, user);
      if (authority.role === null) write({ role: 'customer' });
      return user.claimsVersion;
    },
    // The app fetches a new token after this call in any case.
    { announce: false },
  );
  const { deviceId } = profile;
  if (deviceId !== undefined) await noteSignal(ctx, uid, { kind: 'device', value: deviceId });
  await ctx.identity.setName(uid, profile.displayName);
  return { uid, claimsVersion };
}

const userOf = ({ displayName, locale }: Profile, before: User | undefined, nowMs: number): User => ({
  claimsVersion: 1,
  createdAtMs: nowMs,
  ...before,
  displayName,
  locale,
});

async function admit(ctx: Context, tx: Transaction, { uid, address }: Caller, deviceId?: string): Promise<void> {
  const device = deviceId === undefined ? null : digestOf(deviceId);
  if (device !== null && (await tx.get(paths.blockedDevice(ctx.db, device))).exists)
    throw new Refusal('DEVICE_BLOCKED');
  await takeCounted(ctx, tx, signUpCounts(address, device));
  if (device !== null) tx.set(paths.origin(ctx.db, uid), { device });
}

/** Sign-ups without a device id whose address is not known share one bucket. */
function signUpCounts(address: string | null, device: string | null): Count[] {
  const whose = address === null ? null : addressKey(address);
  const byAddress: Count[] = whose === null ? [] : [{ kind: 'signUpByAddress', whose }];
  if (device === null) return [...byAddress, { kind: 'signUpWithoutDevice', whose: whose ?? 'unknown' }];
  return [...byAddress, { kind: 'signUpByDevice', whose: device }];
}
