/** Declares built-ins, and finds the overload for a call. */
import type { StepBudget } from '../evaluation-budget.js';
import { fail, isKnown, typeName, unsupported, type ExpressionValue, type MapDiff, type Outcome } from '../outcome.js';
import type { RulesValue } from '../types.js';
import type { Of } from '../values.js';

/** Groups of kinds: `members` is a list or a set, `any` every kind that rules can store. */
interface Groups {
  any: RulesValue;
  number: Of<'int'> | Of<'float'>;
  members: Of<'list'> | Of<'set'>;
}

type ArgumentKind = RulesValue['kind'] | 'mapDiff' | keyof Groups;
type Argument<K> = K extends keyof Groups ? Groups[K] : Extract<RulesValue | MapDiff, { kind: K }>;
type Arguments<Kinds extends readonly ArgumentKind[]> = { [I in keyof Kinds]: Argument<Kinds[I]> };

/** One signature of a function; the first kind of a method is that of its object. */
export interface Overload {
  readonly kinds: readonly ArgumentKind[];
  /** Evaluates the call; returns undefined when the arguments are of other kinds. */
  apply(args: readonly ExpressionValue[], budget: StepBudget): Outcome | undefined;
}

export type Overloads = Readonly<Record<string, readonly Overload[]>>;

/** Describes one signature of a builtin: its argument kinds and what it computes. */
export function overload<const Kinds extends readonly ArgumentKind[]>(
  kinds: Kinds,
  run: (...args: [...Arguments<Kinds>, StepBudget]) => Outcome,
): Overload {
  const fits = (args: readonly (ExpressionValue | undefined)[]): args is Arguments<Kinds> =>
    args.length === kinds.length && kinds.every((kind, i) => isOfKind(kind, args[i]));
  return { kinds, apply: (args, budget) => (fits(args) ? run(...args, budget) : undefined) };
}

function isOfKind(kind: ArgumentKind, value: ExpressionValue | undefined): boolean {
  switch (kind) {
    case 'any':
      return value !== undefined && isKnown(value);
    case 'number':
      return value?.kind === 'int' || value?.kind === 'float';
    case 'members':
      return value?.kind === 'list' || value?.kind === 'set';
    default:
      return value?.kind === kind;
  }
}

/** Returns the name of a kind for messages, which name a list where a set is accepted too. */
const formatKind = (kind: ArgumentKind): string => (kind === 'members' ? 'list' : kind);

/** Calls a method. The first argument is its object, which messages name before the dot. */
export function callMethod(
  name: string,
  overloads: readonly Overload[],
  args: readonly ExpressionValue[],
  budget: StepBudget,
): Outcome {
  return call(args, budget, overloads, (kinds) => `${kinds[0]}.${name}(${kinds.slice(1).join(', ')})`, 1);
}

/** Calls a function; `name` is as written, such as `math.abs`. */
export function callFunction(
  name: string,
  overloads: readonly Overload[],
  args: readonly ExpressionValue[],
  budget: StepBudget,
): Outcome {
  return call(args, budget, overloads, (kinds) => `${name}(${kinds.join(', ')})`, 0);
}

function call(
  args: readonly ExpressionValue[],
  budget: StepBudget,
  overloads: readonly Overload[],
  show: (kinds: readonly string[]) => string,
  objects: number,
): Outcome {
  for (const candidate of overloads) {
    const outcome = candidate.apply(args, budget);
    if (outcome) return outcome;
  }
  const counts = new Set(overloads.map(({ kinds }) => kinds.length));
  if (!counts.has(args.length))
    return wrongCount(
      args.length - objects,
      [...counts].map((count) => count - objects),
    );
  const sameCount = overloads.filter(({ kinds }) => kinds.length === args.length);
  return unsupported(
    show(args.map(typeName)),
    sameCount.map(({ kinds }) => show(kinds.map(formatKind))),
  );
}

/** Fails for a wrong number of arguments, as production does. */
export function wrongCount(received: number, expected: readonly number[]): Outcome {
  return fail(`Incorrect number of arguments. Received: ${received}. Expected: ${expected.join(' or ')}.`);
}
