import { ServiceRules } from './match-blocks.js';
import type { RulesetTree } from './ast.js';
import { checkRuleset } from './checker.js';
import { Coverage } from './coverage.js';
import { decide, type Compilation } from './decide.js';
import { Parser } from './parser.js';
import { rootExpressions } from './tree-walk.js';
import { sortIssues, Source, SyntaxFault } from './source.js';
import type { Compiled, Issue, Ruleset, RulesRequest } from './types.js';

/** The largest source of a ruleset. Source: Firebase docs, "Security rules limits". */
const MAX_SOURCE_BYTES = 256 * 1024;

/**
 * Compiles a source. A syntax error prevents all other checks. `service` is the service for functions that are declared
 * outside of service blocks; without it they are checked for both services.
 */
export function compileRules(text: string, fileName: string, service?: RulesRequest['service']): Compiled {
  const source = new Source(text, fileName);
  if (Buffer.byteLength(text) > MAX_SOURCE_BYTES) {
    return { issues: [source.issue('ERROR', 'Ruleset is too large: its source may have at most 256 KB.')] };
  }
  const { tree, issues: faults } = parse(source);
  if (!tree) return { issues: faults };
  const issues = sortIssues(checkRuleset(tree, source, service));
  return issues.some(({ severity }) => severity === 'ERROR')
    ? { issues }
    : { issues, ruleset: createRuleset(tree, source) };
}

/** Parses a source. Returns no tree when syntax errors make it unreliable. */
function parse(source: Source): { tree?: RulesetTree; issues: Issue[] } {
  const parser = new Parser(source);
  let tree: RulesetTree | undefined;
  try {
    tree = parser.ruleset();
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
  }
  const issues = parser.faults.map(({ message, at, expected }) => source.issue('ERROR', message, at, expected));
  return tree && issues.length === 0 ? { tree, issues } : { issues: sortIssues(issues) };
}

function createRuleset(tree: RulesetTree, source: Source): Ruleset {
  const compilation: Compilation = {
    source,
    services: tree.services.map((service) => new ServiceRules(tree, service)),
    coverage: new Coverage(),
  };
  return {
    version: tree.version,
    source,
    decide: (request) => decide(compilation, request),
    coverage: () => compilation.coverage.report(rootExpressions(tree), source),
  };
}
