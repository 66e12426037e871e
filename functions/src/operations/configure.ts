import type { DocumentReference } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type {
  RollBackFlagInput,
  RollBackZoneInput,
  SaveAppVersionInput,
  SaveFlagInput,
  SaveZoneInput,
  SetSurgeInput,
} from '../calls/operations.js';
import type { AuditEntry, Flag } from '../contract/operations.js';
import type { Zone } from '../contract/zones.js';
import { requireOtherZone } from '../abuse/other-party.js';
import type { Caller, Context } from '../platform/context.js';
import { forgetZone } from '../platform/caches.js';
import { paths } from '../platform/firestore.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';
import { checkZone } from './model/check-zone.js';

interface Saved {
  version: number;
}

/** Creates a zone, or its next version, for an operator. */
export async function saveZone(
  ctx: Context,
  caller: Caller,
  { zoneId, zone, basedOnVersion, reason }: z.infer<typeof SaveZoneInput>,
): Promise<Saved> {
  return changeZone(ctx, caller, { zoneId, action: 'saveZone', reason }, (before) => {
    requireBaseVersion(before, basedOnVersion);
    return unwrap(checkZone(zone, before));
  });
}

/** Sets the delivery fee's multiplier, as a new version of the zone. Quotes keep theirs. */
export async function setSurge(
  ctx: Context,
  caller: Caller,
  { zoneId, surgePpm, reason }: z.infer<typeof SetSurgeInput>,
): Promise<Saved> {
  return changeZone(ctx, caller, { zoneId, action: 'setSurge', reason }, (before) => {
    if (!before) throw new Refusal('ZONE_NOT_FOUND', { zoneId });
    return { ...before, pricing: { ...before.pricing, surgePpm } };
  });
}

/** Restores an earlier version of a zone, as its next one. */
export async function rollBackZone(
  ctx: Context,
  caller: Caller,
  { zoneId, toVersion, reason }: z.infer<typeof RollBackZoneInput>,
): Promise<Saved> {
  const earlier = await readVersion(paths.zoneVersion(ctx.db, zoneId, toVersion));
  return changeZone(ctx, caller, { zoneId, action: 'rollBackZone', reason }, (before) =>
    unwrap(checkZone(earlier, before)),
  );
}

/** Creates a flag, or its next version, for an operator. */
export async function saveFlag(
  ctx: Context,
  caller: Caller,
  { flagId, flag, basedOnVersion, reason }: z.infer<typeof SaveFlagInput>,
): Promise<Saved> {
  return changeFlag(ctx, caller, { flagId, action: 'saveFlag', reason }, (before) => {
    requireBaseVersion(before, basedOnVersion);
    return flag;
  });
}

/** Restores an earlier version of a flag, as its next one. */
export async function rollBackFlag(
  ctx: Context,
  caller: Caller,
  { flagId, toVersion, reason }: z.infer<typeof RollBackFlagInput>,
): Promise<Saved> {
  const earlier = await readVersion(paths.flagVersion(ctx.db, flagId, toVersion));
  return changeFlag(ctx, caller, { flagId, action: 'rollBackFlag', reason }, () => earlier);
}

/** Saves the versions of an app. Throws VERSION_CHANGED, or VERSION_INVALID where no app could satisfy the minimum. */
export async function saveAppVersion(
  ctx: Context,
  caller: Caller,
  { appId, app, basedOnVersion, reason }: z.infer<typeof SaveAppVersionInput>,
): Promise<Saved> {
  if (compareVersions(app.minimum, app.current) > 0) throw new Refusal('VERSION_INVALID');
  const history = (version: number) => paths.appVersionBefore(ctx.db, appId, version);
  const why = { action: 'saveAppVersion' as const, reason };
  return saveVersion(ctx, caller, why, { ref: paths.appVersion(ctx.db, appId), history }, (before) => {
    requireBaseVersion(before, basedOnVersion);
    return app;
  });
}

/** Below 0 where the first version is the older one. */
function compareVersions(one: string, other: string): number {
  const [parts, others] = [one.split('.').map(Number), other.split('.').map(Number)];
  return parts.map((part, index) => part - (others[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

type Why = Pick<AuditEntry, 'action' | 'reason'>;
type Decide<T> = (before: T | undefined) => Omit<T, 'version'>;

/**
 * Other instances use the new version within a minute. A zone's prices and fees decide what its restaurants earn: throws
 * OTHER_OPERATOR_REQUIRED where the operator is related to one of them.
 */
async function changeZone(
  ctx: Context,
  caller: Caller,
  { zoneId, ...why }: Why & { zoneId: string },
  decide: Decide<Zone>,
): Promise<Saved> {
  await requireOtherZone(ctx, caller.uid, zoneId);
  const history = (version: number) => paths.zoneVersion(ctx.db, zoneId, version);
  const saved = await saveVersion(ctx, caller, why, { ref: paths.zone(ctx.db, zoneId), history }, decide);
  forgetZone(ctx, zoneId);
  return saved;
}

function changeFlag(
  ctx: Context,
  caller: Caller,
  { flagId, ...why }: Why & { flagId: string },
  decide: Decide<Flag>,
): Promise<Saved> {
  const history = (version: number) => paths.flagVersion(ctx.db, flagId, version);
  return saveVersion(ctx, caller, why, { ref: paths.flag(ctx.db, flagId), history }, decide);
}

interface Versioned<T> {
  ref: DocumentReference<T>;
  /** The path of a version once it was replaced. */
  history: (version: number) => DocumentReference<T>;
}

/** Writes the next version in place, the replaced one into the history, and the audit entry: one transaction. */
function saveVersion<T extends { version: number }>(
  ctx: Context,
  { uid }: Caller,
  why: Why,
  { ref, history }: Versioned<T>,
  decide: (before: T | undefined) => Omit<T, 'version'>,
): Promise<Saved> {
  return ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    const version = (before?.version ?? 0) + 1;
    tx.set(ref, { ...decide(before), version });
    if (before) tx.create(history(before.version), before);
    const facts = { before: before ? { version: before.version } : null, after: { version } };
    writeAudit(ctx, tx, { by: uid, subject: ref.path, ...why, ...facts });
    return { version };
  });
}

function requireBaseVersion(before: { version: number } | undefined, basedOnVersion: number): void {
  const version = before?.version ?? 0;
  if (version !== basedOnVersion) throw new Refusal('VERSION_CHANGED', { version });
}

async function readVersion<T>(ref: DocumentReference<T>): Promise<T> {
  const earlier = (await ref.get()).data();
  if (!earlier) throw new Refusal('VERSION_NOT_FOUND');
  return earlier;
}
