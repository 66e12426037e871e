import { type CoverageReport, type Ruleset } from '../rules/types.js';
import { type Json } from '../protocol/schema.js';

/**
 * Counts of expressions other than literals: all, those that ran, those that were true or false, those that were both.
 */
export interface CoverageTotals {
  readonly expressions: number;
  readonly reached: number;
  readonly conditions: number;
  readonly decidedBothWays: number;
}

/** Sums up reports: how many expressions ran, and how many conditions were both true and false. */
export function countCoverage(reports: readonly CoverageReport[]): CoverageTotals {
  const all = [...withNested(reports)].map(({ values }) => (values ?? []).map(({ value }) => value));
  const [truths, lies] = [all.map((values) => values.includes('true')), all.map((values) => values.includes('false'))];
  return {
    expressions: all.length,
    reached: all.filter((values) => values.length > 0).length,
    conditions: all.filter((_, i) => truths[i] || lies[i]).length,
    decidedBothWays: all.filter((_, i) => truths[i] && lies[i]).length,
  };
}

function* withNested(reports: readonly CoverageReport[]): Generator<CoverageReport> {
  for (const report of reports) {
    yield report;
    yield* withNested(report.children ?? []);
  }
}

/** Renders the rules and every expression with its values. Source: Firebase docs, "Generate test reports". */
export function renderCoverageJson(ruleset: Ruleset | undefined): Json {
  const report = ruleset?.coverage() ?? [];
  const json: Json = JSON.parse(
    JSON.stringify({
      rules: { files: ruleset ? [{ name: ruleset.source.fileName, content: ruleset.source.text }] : [] },
      report,
      totals: countCoverage(report),
    }),
  );
  return json;
}

const STYLE = `body { font-family: sans-serif } pre { line-height: 1.5 } .never { background: #f7c6c5 }
.ran { background: #d5efd5 } .partly { background: #fdf0c4 } span:hover > span:hover, pre > span:hover { outline: 1px solid }`;

/** Renders the rules as a page that shows the values of an expression, with their counts, on hover. */
export function renderCoverageHtml(ruleset: Ruleset | undefined): string {
  const report = ruleset?.coverage() ?? [];
  const { expressions, reached, conditions, decidedBothWays } = countCoverage(report);
  const code = ruleset ? renderSpans([...ruleset.source.text], 0, undefined, report) : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rules coverage</title><style>${STYLE}</style>
<h1>Rules coverage</h1>
<p>${reached} of ${expressions} expressions ran; ${decidedBothWays} of ${conditions} conditions were both true and false. <span class="ran">Ran</span>, <span class="partly">a condition that was always true, or always false</span>, <span class="never">never ran</span>.</p>
<pre>${code}</pre></html>
`;
}

/** Renders the characters of a range with nested reports as spans. Offsets count code points and are inclusive. */
function renderSpans(
  text: readonly string[],
  from: number,
  to: number | undefined,
  reports: readonly CoverageReport[],
): string {
  const placed = reports.flatMap((report) => (report.sourcePosition ? [{ ...report, at: report.sourcePosition }] : []));
  let html = '';
  let done = from;
  for (const report of placed.sort((a, b) => a.at.currentOffset - b.at.currentOffset)) {
    const { currentOffset, endOffset } = report.at;
    if (currentOffset < done) continue;
    html += escapeHtml(text.slice(done, currentOffset).join(''));
    const inner = renderSpans(text, currentOffset, endOffset + 1, report.children ?? []);
    html += `<span class="${getCssClass(report)}" title="${escapeHtml(describeValues(report))}">${inner}</span>`;
    done = endOffset + 1;
  }
  return html + escapeHtml(text.slice(done, to).join(''));
}

function getCssClass({ values }: CoverageReport): string {
  if (!values) return 'never';
  const [only, ...more] = values;
  return more.length === 0 && (only?.value === 'true' || only?.value === 'false') ? 'partly' : 'ran';
}

function describeValues({ values }: CoverageReport): string {
  return values ? values.map(({ value, count }) => `${value}: ${count}`).join('\n') : 'never ran';
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
