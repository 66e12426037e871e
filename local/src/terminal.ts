import { styleText } from 'node:util';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

export interface Terminal {
  /** Shows the current step; the next line replaces it. Only on an interactive terminal. */
  waiting(text: string): void;
  /** Prints ` 2.5s ✔ text`, with the seconds since the start. */
  done(text: string): void;
  failed(text: string): void;
  line(text: string): void;
  table(rows: readonly (readonly string[])[]): void;
  stop(): void;
}

/** Creates the step-by-step output. Without a TTY, with NO_COLOR or with CI it prints plain lines. */
export function openTerminal(out: NodeJS.WriteStream = process.stdout, env = process.env): Terminal {
  const lively = out.isTTY && !env['CI'];
  const coloured = out.isTTY && !env['NO_COLOR'];
  const startedAt = performance.now();
  let spinner: NodeJS.Timeout | undefined;
  const paint = (style: 'dim' | 'green' | 'red', text: string): string => (coloured ? styleText(style, text) : text);
  const seconds = (): string => paint('dim', `${((performance.now() - startedAt) / 1000).toFixed(1)}s`.padStart(6));
  const stop = (): void => {
    if (spinner) out.write('\r\x1b[2K');
    clearInterval(spinner);
    spinner = undefined;
  };
  const line = (text: string): void => {
    stop();
    out.write(`${text}\n`);
  };
  return {
    stop,
    line,
    waiting: (text) => {
      stop();
      if (!lively) return;
      let frame = 0;
      const draw = (): void => void out.write(`\r\x1b[2K${seconds()} ${FRAMES[frame++ % FRAMES.length]} ${text}`);
      spinner = setInterval(draw, FRAME_MS).unref();
      draw();
    },
    done: (text) => line(`${seconds()} ${paint('green', '✔')} ${text}`),
    failed: (text) => line(`${seconds()} ${paint('red', '✖')} ${text}`),
    table: (rows) => tableLines(rows).forEach(line),
  };
}

/** Formats rows as columns as wide as their longest cell, two spaces apart; the last column is not padded. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
  );
}
