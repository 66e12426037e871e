import { coverageTotals } from '../../emulator/src/admin/coverage.js';
import type { CoverageReport } from '../../emulator/src/rules/types.js';

/**
 * A root hook plugin: after the whole run it tells how much of firestore.rules the clients of this run put to the test,
 * those of the tests of rules and those of the journeys together. What nobody asked the rules is not counted.
 */
const asked = new Set<string>();

/** For a fixture that has firestore.rules in force; its emulator must still run when the last test has ended. */
export function rememberRules(host: string, projectId: string): void {
  asked.add(`http://${host}/emulator/v1/projects/${projectId}:ruleCoverage`);
}

if (process.env['SUITE_FIRESTORE_HOST']) rememberRules(process.env['SUITE_FIRESTORE_HOST'], 'demo-tiffin');

export const mochaHooks = {
  async afterAll(): Promise<void> {
    const reports = (await Promise.all([...asked].map(recordedCoverage))).flatMap((report) => report ?? []);
    const [first, ...more] = reports;
    if (first) console.log(`\n  ${figure(more.reduce(together, first))}`);
  },
};

export function figure(reports: readonly CoverageReport[]): string {
  const { expressions, reached, conditions, decidedBothWays } = coverageTotals(reports);
  const never = notAt(unreachedLines(reports));
  const oneSided = notAt(oneSidedLines(reports));
  return `firestore.rules: ${reached} of ${expressions} expressions ran${never}; of ${conditions} that were true or false, ${decidedBothWays} were both${oneSided}.`;
}

/** A run of a few tests leaves most of them. */
const TOLD_LINES = 20;

function notAt(lines: readonly number[]): string {
  return lines.length > 0 && lines.length <= TOLD_LINES ? ` (not at lines ${lines.join(', ')})` : '';
}

/** Where an expression has no value. */
function unreachedLines(reports: readonly CoverageReport[]): number[] {
  const lines = reports.flatMap(({ values, sourcePosition, children }) => [
    ...(!values && sourcePosition ? [sourcePosition.line] : []),
    ...unreachedLines(children ?? []),
  ]);
  return [...new Set(lines)].sort((a, b) => a - b);
}

/** Where a condition was only ever true, or only ever false. */
function oneSidedLines(reports: readonly CoverageReport[]): number[] {
  const lines = reports.flatMap(({ values, sourcePosition, children }) => {
    const [truth, lie] = ['true', 'false'].map((text) => values?.some(({ value }) => value === text));
    return [...(truth !== lie && sourcePosition ? [sourcePosition.line] : []), ...oneSidedLines(children ?? [])];
  });
  return [...new Set(lines)].sort((a, b) => a - b);
}

/** Two reports on the same source, the values of each expression side by side. */
export function together(a: readonly CoverageReport[], b: readonly CoverageReport[]): readonly CoverageReport[] {
  return a.map((report, i): CoverageReport => {
    const values = [...(report.values ?? []), ...(b[i]?.values ?? [])];
    const children = together(report.children ?? [], b[i]?.children ?? []);
    return { sourcePosition: report.sourcePosition, ...(values.length > 0 ? { values } : {}), children };
  });
}

/** Google's own emulator words its report otherwise, without totals: then there is no figure. */
async function recordedCoverage(url: string): Promise<(readonly CoverageReport[])[]> {
  const response = await fetch(url);
  if (!response.ok) return [];
  const { report, totals }: { report: readonly CoverageReport[]; totals?: object } = JSON.parse(await response.text());
  return totals ? [report] : [];
}
