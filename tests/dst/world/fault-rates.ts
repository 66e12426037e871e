import type { Random } from '#simulator/random.js';

/** The faults of one run: each a probability per occasion, or a span of time. */
export interface FaultRates {
  /** An instance dies before or after a call to the outside. */
  crash: number;
  /** A call to the outside takes effect, but its answer is lost. */
  lostAnswer: number;
  /** A call to the outside fails before its effect. */
  refusedCall: number;
  /** A call to the payment provider fails before its effect. */
  providerDown: number;
  /** A call to the outside takes up to a minute. */
  slowCall: number;
  /** A task, trigger or webhook is delivered again. */
  duplicate: number;
  /** A task is never delivered, or could not be scheduled. */
  lostTask: number;
  /** A task, trigger or webhook is late by up to some minutes, so that later ones overtake it. */
  late: number;
  /** The clocks of the instances differ by at most this, and go forth and back. */
  skewMs: number;
  /** For so long one instance runs the next version of the contract, then all do. */
  deploymentMs: number;
}

export type FaultKind = keyof FaultRates;

export const NO_FAULTS: FaultRates = {
  crash: 0,
  lostAnswer: 0,
  refusedCall: 0,
  providerDown: 0,
  slowCall: 0,
  duplicate: 0,
  lostTask: 0,
  late: 0,
  skewMs: 0,
  deploymentMs: 0,
};

export const FAULT_KINDS: readonly FaultKind[] = Object.keys(NO_FAULTS).filter(
  (kind): kind is FaultKind => kind in NO_FAULTS,
);

/** How often a fault strikes where its kind is on: rare enough that work goes on, often enough that faults meet. */
const STRENGTHS: { readonly [F in FaultKind]: readonly number[] } = {
  crash: [0.002, 0.01, 0.03],
  lostAnswer: [0.005, 0.02, 0.06],
  refusedCall: [0.005, 0.02, 0.06],
  providerDown: [0.1, 0.4],
  slowCall: [0.005, 0.03],
  duplicate: [0.1, 0.5],
  lostTask: [0.05, 0.3],
  late: [0.05, 0.3],
  skewMs: [5_000, 60_000, 600_000],
  deploymentMs: [120_000, 1_200_000],
};

/**
 * Draws the faults of a run: each kind is off in half of the runs. Tasks are lost only while nothing else fails: a step
 * may lose its process, its effects or its recovery task, not two of them. Source: `scheduleRecoveryTask`.
 */
export function drawFaultRates(random: Random): FaultRates {
  const faults = { ...NO_FAULTS };
  for (const kind of FAULT_KINDS) if (random.chance(0.5)) faults[kind] = random.pick(STRENGTHS[kind]);
  if (faults.lostTask > 0) return { ...faults, crash: 0, lostAnswer: 0, refusedCall: 0, providerDown: 0, slowCall: 0 };
  return faults;
}
