import type { Params } from './forms.js';
import type { StripeState } from './stripe-state.js';

export type KeyKind = 'ephemeral' | 'publishable' | 'secret';

/** One API call after routing and authentication. */
export interface Call {
  readonly params: Params;
  /** The `:id` and `:nested` segments of the path, '' if absent. */
  readonly id: string;
  readonly nested: string;
  readonly key: KeyKind;
  /** The connected account of the `Stripe-Account` header; null for the platform's own calls. */
  readonly account: string | null;
  readonly path: string;
  /** True when the caller sent `Stripe-Version` itself, which ephemeral keys require. */
  readonly versioned: boolean;
}

/** `accepts` lists the parameters besides `expand`; all others are refused. Handlers never await. */
export interface Route {
  readonly method: 'DELETE' | 'GET' | 'POST';
  readonly path: string;
  readonly accepts: readonly string[];
  /** Key kinds that may call this, in addition to secret keys, which may call every route. */
  readonly openTo?: readonly KeyKind[];
  /** True where the call may be made for a connected account; other calls are refused with the header. */
  readonly forAccounts?: true;
  readonly run: (state: StripeState, call: Call) => object;
}
