import { countCoverage } from '#emulator/admin/coverage.js';
import type { CoverageReport } from '#emulator/rules/types.js';

/**
 * How much of firestore.rules the clients of a run put to the test, those of the tests of rules and those of the
 * journeys together. Rules that no client asked are not counted.
 */
const asked = new Set<string>();

const coverageUrl = (host: string, projectId: string) =>
  `http://${host}/emulator/v1/projects/${projectId}:ruleCoverage`;

/** For a fixture that has firestore.rules in force; its emulator must still run when the last test has ended. */
export function rememberRules(host: string, projectId: string): void {
  asked.add(coverageUrl(host, projectId));
}

/** What the emulators of this process's fixtures recorded since they started. */
export async function coverageHere(): Promise<(readonly CoverageReport[])[]> {
  return (await Promise.all([...asked].map(recordedCoverage))).flat();
}

/** What the suite recorded, on which journeys run. */
export async function coverageOfSuite(): Promise<(readonly CoverageReport[])[]> {
  const host = process.env['SUITE_FIRESTORE_HOST'];
  return host === undefined ? [] : recordedCoverage(coverageUrl(host, 'demo-tiffin'));
}

/** The reports of one run side by side, in one sentence. */
export function coverageFigure(runs: readonly (readonly CoverageReport[])[]): string | undefined {
  const [first, ...more] = runs;
  return first && figure(more.reduce(together, first));
}

function figure(reports: readonly CoverageReport[]): string {
  const { expressions, reached, conditions, decidedBothWays } = countCoverage(reports);
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
function together(a: readonly CoverageReport[], b: readonly CoverageReport[]): readonly CoverageReport[] {
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
