import type { Failure } from './shrink.js';
import { FAULT_KINDS } from './world/fault-rates.js';

/** The last sentences of a story that are printed; the replay prints all. */
const SENTENCES = 120;

/** Tells a failed run: what is violated, under which faults, the story that led there, and the command that replays it. */
export function describeFailure({ options, result }: Failure): string {
  const { story, breaches, seed, faults } = result;
  const struck = FAULT_KINDS.filter((kind) => faults[kind] > 0).map((kind) => `${kind} ${faults[kind]}`);
  const told = story.slice(-SENTENCES);
  return [
    `Seed ${seed} violates, after ${result.calls} calls and commits:`,
    ...breaches.map((breach) => `  ${breach}`),
    `Orders ${options.orders.join(', ')}; faults: ${struck.join(', ') || 'none'}.`,
    story.length > told.length
      ? `The last ${told.length} of ${story.length} sentences (! is a fault):`
      : 'The story (! is a fault):',
    ...told.map((sentence) => `  ${sentence}`),
    `Replay it with: ${toCommand(options)}`,
    '',
  ].join('\n');
}

/** Builds the command that gives this run again. */
function toCommand({ seed, orders, faults, plain }: Failure['options']): string {
  const given = faults && JSON.stringify(faults);
  return [
    `npm run dst -- --replay ${seed} --only ${orders.join(',')}`,
    ...(plain === true ? ['--plain'] : []),
    ...(given === undefined ? [] : [`--faults '${given}'`]),
  ].join(' ');
}
