import { parseArgs, type ParseArgsConfig } from 'node:util';
import { movePorts } from './port-offset.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; args: string[] }>>['values'];

/** An invalid command line. The script prints the message as one sentence and exits with code 2. */
export class UsageError extends Error {}

/**
 * Reads a script's options. `--help` prints the text and ends the process. Invalid options print one sentence and end
 * the process with exit code 2.
 */
export function readOptions<const O extends Options>(args: readonly string[], help: string, options: O): Parsed<O> {
  try {
    const { values } = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean' } } });
    if ('help' in values && values.help === true) {
      process.stdout.write(help);
      process.exit(0);
    }
    return values;
  } catch (error) {
    return refuse(error);
  }
}

/** Runs `read` and ends the process with exit code 2 when it throws an error about the command line. */
export function withUsageErrors<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  // The rest of a message of parseArgs is about positional arguments that begin with a dash.
  const [sentence = ''] = error.message.split(/[.\n]\s/);
  process.stderr.write(`${sentence.replace(/\.$/, '')}. --help lists the options.\n`);
  process.exit(2);
}

/** Parses a whole number of at least `least`. Throws a UsageError for any other text. */
export function wholeNumber(text: string, name: string, least = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} is "${text}", but it must be a whole number of at least ${least}`);
}

/** The option of every script that starts or uses a stack. */
export const PORT_OFFSET = { 'port-offset': { type: 'string', default: '0' } } as const;
export const PORT_OFFSET_HELP = '  --port-offset N   add N to every port, to run a second stack';
/** The largest offset at which the highest port of the stack is still a valid port. */
const MAX_OFFSET = 50_000;

/** Moves the ports of this process's stack by the value of `--port-offset`. */
export function applyPortOffset(text: string): void {
  const offset = wholeNumber(text, 'port-offset');
  if (offset > MAX_OFFSET) throw new UsageError(`--port-offset is ${offset}, but it must be at most ${MAX_OFFSET}`);
  movePorts(offset);
}
