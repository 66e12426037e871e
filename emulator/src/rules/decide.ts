import type { Allow } from './ast.js';
import type { ServiceRules } from './match-blocks.js';
import type { Coverage } from './coverage.js';
import { StepBudget, BudgetExceeded } from './evaluation-budget.js';
import { DocumentLookups } from './document-lookups.js';
import { asCondition, Evaluator } from './evaluator.js';
import { fail, type Outcome } from './outcome.js';
import { listCases, type RequestCase } from './request-cases.js';
import type { Source } from './source.js';
import type { Decision, RulesRequest } from './types.js';

/** The parts of a compiled ruleset that decisions need. */
export interface Compilation {
  source: Source;
  services: readonly ServiceRules[];
  coverage: Coverage;
}

/**
 * Decides a request. In each of its cases the first statement that grants ends the case. Look-ups and evaluation steps
 * are counted over the whole request, expressions separately for each case.
 */
export function decide(compilation: Compilation, request: RulesRequest): Decision {
  const lookups = new DocumentLookups(request);
  const budget = new StepBudget();
  const logs: string[] = [];
  for (const requestCase of listCases(request)) {
    const evaluator = new Evaluator(lookups, compilation.coverage, budget);
    const reasons = findReasons(compilation, request, requestCase, evaluator);
    logs.push(...evaluator.logs);
    if (reasons) return { allowed: false, lookups: lookups.count, reasons, logs };
  }
  return { allowed: true, lookups: lookups.count, logs };
}

/** Returns the reasons why no statement grants, or undefined when one does. */
function findReasons(
  compilation: Compilation,
  request: RulesRequest,
  { segments, globals }: RequestCase,
  evaluator: Evaluator,
): string[] | undefined {
  const reasons: string[] = [];
  for (const rules of compilation.services.filter(({ name }) => name === request.service)) {
    for (const { allow, scope } of rules.applicable(segments, globals)) {
      if (!allow.methods.has(request.method)) continue;
      const { condition } = allow;
      if (!condition) return undefined;
      const outcome = evaluateCondition(() => evaluator.evaluate(condition, scope));
      if (outcome.kind === 'bool' && outcome.value) return undefined;
      reasons.push(formatReason(compilation.source, request, allow, outcome));
      if (outcome.kind === 'failure' && outcome.isFatal) return reasons;
    }
  }
  return reasons.length > 0 ? reasons : ['No matching allow statements'];
}

/** Evaluates a condition to a boolean or a failure. An exhausted budget of steps ends the whole decision. */
function evaluateCondition(evaluate: () => Outcome): Outcome {
  try {
    return asCondition(evaluate());
  } catch (thrown) {
    if (thrown instanceof BudgetExceeded) return { ...fail(thrown.message), isFatal: true };
    throw thrown;
  }
}

/** Formats a reason in the words of the official emulator; tools show these lines to developers. */
function formatReason(source: Source, { method }: RulesRequest, { start, condition }: Allow, outcome: Outcome): string {
  const statement = `for '${method}' @ L${source.line(start)}`;
  if (outcome.kind !== 'failure') return `false ${statement}`;
  if (!outcome.isUndetermined || !condition) return `${outcome.message} ${statement}`;
  return `evaluation error at L${source.line(condition.start)}:${source.column(condition.start)} ${statement}`;
}
