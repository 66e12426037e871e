import type { Params } from './forms.js';
import type { World } from './stripe-state.js';

export type KeyKind = 'ephemeral' | 'publishable' | 'secret';

/** One API call after routing and authentication. */
export interface Call {
  readonly params: Params;
  /** The `:id` and `:nested` segments of the path, '' where it has none. */
  readonly id: string;
  readonly nested: string;
  readonly key: KeyKind;
  readonly path: string;
  /** True when the caller sent `Stripe-Version` itself; ephemeral keys insist on it. */
  readonly versioned: boolean;
}

/** `accepts` lists the parameters besides `expand`; any other is refused. Handlers never await. */
export interface Route {
  readonly method: 'DELETE' | 'GET' | 'POST';
  readonly path: string;
  readonly accepts: readonly string[];
  /** Besides secret keys, which may call all. */
  readonly openTo?: readonly KeyKind[];
  readonly run: (world: World, call: Call) => object;
}
