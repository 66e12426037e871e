import type { z } from 'zod';
import type { Role } from '../contract/common.js';
import type { OwnReason } from '../core/errors.js';
import type { Caller, Context } from '../platform/context.js';

export type CallerRole = Exclude<Role, 'system'>;

/** Every user with a profile has one of them: merchants, couriers and operators order food as well. */
export const ANY_ROLE: readonly CallerRole[] = ['customer', 'merchant', 'courier', 'operator'];

/** Names of parameters in platform/params.ts. */
export type SecretName = 'STRIPE_SECRET_KEY' | 'ROUTES_KEY';

/** What the platform must know of a callable before it is called. */
export interface DeployedOptions {
  /** The function can read these secrets, and the one by which orders are read. */
  secrets?: readonly SecretName[];
  /** Each App Check token is accepted once. */
  limitedUse?: true;
  /** Reads uploaded photos, which may still have to be decoded: more memory, fewer calls at once. */
  decodesPhotos?: true;
}

/** Everything about one callable: the deployment, the API reference, the tests and the clients read this. */
export interface CallableDefinition<I, O, Request = I> extends DeployedOptions {
  /** One sentence for the API reference. */
  description: string;
  /** Who may call it, for the API reference; `roles` and the handler enforce it. */
  audience: string;
  input: z.ZodType<I, Request>;
  output: z.ZodType<O>;
  /** The caller needs one of these roles; absent: signed in is enough. A merchant is a member of a restaurant. */
  roles?: readonly CallerRole[];
  /** The error reasons that it may answer besides `COMMON_REASONS`. The tests fail on any other. */
  reasons: readonly OwnReason[];
  /** One call for the API reference, with people and places of the demo city. */
  example: { input: Request; output: O };
  /** Loaded on the first call: a cold start loads only what is called. */
  handler: () => Promise<CallableHandler<I, O>>;
}

export type CallableHandler<I, O> = (ctx: Context, caller: Caller, input: I) => Promise<O>;

/** Types a definition: the handler takes what the input schema parses and returns what the output schema describes. */
export function defineCallable<I extends z.ZodType, O extends z.ZodType>(
  definition: CallableDefinition<z.output<I>, z.output<O>, z.input<I>> & { input: I; output: O },
): CallableDefinition<z.output<I>, z.output<O>, z.input<I>> & { input: I; output: O } {
  return definition;
}
