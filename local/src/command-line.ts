import { parseArgs, type ParseArgsConfig } from 'node:util';
import { movePorts } from './port-offset.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; args: string[] }>>['values'];

/** What a script does not know; printed in one sentence, exit code 2. */
export class UsageError extends Error {}

/**
 * Reads a script's options. `--help` prints the text and ends the process, as does what the script does not know, in
 * one sentence with exit code 2.
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

/** Ends the process when `read` refuses what it was given. */
export function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  // The rest of what parseArgs says is about positionals that begin with a dash.
  const [sentence = ''] = error.message.split(/[.\n]\s/);
  process.stderr.write(`${sentence.replace(/\.$/, '')}. --help lists what there is.\n`);
  process.exit(2);
}

/** A whole number of at least `least`; throws otherwise. */
export function wholeNumber(text: string, name: string, least = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} is "${text}", but it takes a whole number from ${least} on`);
}

/** The option of every script that starts or calls a stack. */
export const PORT_OFFSET = { 'port-offset': { type: 'string', default: '0' } } as const;
export const PORT_OFFSET_HELP = '  --port-offset N   every port moved by so much, for a stack beside another one';
/** Beyond it the highest port of the stack would not exist. */
const MOST_OFFSET = 50_000;

/** Moves the ports of this process's stack as `--port-offset` says. */
export function takePortOffset(text: string): void {
  const offset = wholeNumber(text, 'port-offset');
  if (offset > MOST_OFFSET) throw new UsageError(`--port-offset is ${offset}, but it takes ${MOST_OFFSET} at most`);
  movePorts(offset);
}
