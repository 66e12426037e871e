import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import Mocha from 'mocha';

const { EVENT_RUN_BEGIN, EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

const REPOSITORY = join(import.meta.dirname, '..');
/** How long the last whole run took on this machine, in milliseconds. */
const LAST_RUN_FILE = join(REPOSITORY, '.tmp/test-run-ms');
/** On two cores; stated until this machine has its own figure. */
const USUAL_RUN_MS = 8 * 60_000;
/** A terminal redraws its line; a log gets a new one. */
const REDRAW_MS = 1000;
const LOG_MS = 15_000;

/**
 * Mocha's reporter for all tests: prints the time so far and the time expected in all, how many tests passed, and the
 * folder last tested. A failure is named at once and printed in full at the end, after the pending tests.
 */
export default class ProgressReporter extends Mocha.reporters.Base {
  readonly #isTerminal = process.stdout.isTTY && !process.env['CI'];
  readonly #startedAt = performance.now();
  readonly #expectedMs: number | undefined;
  readonly #pending: string[] = [];
  #folder = '';

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    // A part of the tests, chosen by name, has no figure to compare with.
    const isWhole = options.grep === undefined && options.fgrep === undefined;
    if (isWhole) this.#expectedMs = lastRunMs() ?? USUAL_RUN_MS;
    let timer: NodeJS.Timeout | undefined;
    runner.once(EVENT_RUN_BEGIN, () => {
      timer = setInterval(() => this.#printProgress(), this.#isTerminal ? REDRAW_MS : LOG_MS);
    });
    runner.on(EVENT_TEST_PASS, ({ file }) => {
      if (file !== undefined) this.#folder = folderOf(file);
    });
    runner.on(EVENT_TEST_FAIL, (test) => this.#printLine(`  ✖ ${test.fullTitle()}`));
    runner.on(EVENT_TEST_PENDING, (test) => this.#pending.push(test.fullTitle()));
    runner.once(EVENT_RUN_END, () => {
      clearInterval(timer);
      this.#printProgress();
      if (this.#isTerminal) process.stdout.write('\n');
      for (const title of this.#pending) console.log(`  pending: ${title}`);
      this.epilogue();
      if (isWhole && this.stats.failures === 0) rememberRun(performance.now() - this.#startedAt);
    });
  }

  #printProgress(): void {
    const elapsedMs = performance.now() - this.#startedAt;
    // A busy machine takes longer; then the time expected says nothing any more.
    const isExpected = this.#expectedMs !== undefined && elapsedMs <= this.#expectedMs;
    const expected = isExpected ? ` of about ${clock(this.#expectedMs)}` : '';
    const passed = `${this.stats.passes.toLocaleString('en')} passed`;
    const line = `  ${clock(elapsedMs)}${expected}  ${passed}  ${this.#folder}`;
    if (this.#isTerminal) process.stdout.write(`\r\x1b[2K${line}`);
    else console.log(line);
  }

  /** Above the line of the progress, which a terminal draws again. */
  #printLine(line: string): void {
    console.log(this.#isTerminal ? `\r\x1b[2K${line}` : line);
  }
}

/** `tests/unit/emulator` for a file at any depth below it. */
function folderOf(file: string): string {
  const [top = '', folder = '', ...rest] = relative(REPOSITORY, dirname(file)).split(/[\\/]/);
  return folder === 'unit' ? join(top, folder, rest[0] ?? '') : join(top, folder);
}

/** Minutes and seconds, as `4:05`. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function lastRunMs(): number | undefined {
  try {
    return Number(readFileSync(LAST_RUN_FILE, 'utf8')) || undefined;
  } catch {
    return undefined; // The first run here.
  }
}

function rememberRun(ms: number): void {
  mkdirSync(dirname(LAST_RUN_FILE), { recursive: true });
  writeFileSync(LAST_RUN_FILE, String(Math.round(ms)));
}
