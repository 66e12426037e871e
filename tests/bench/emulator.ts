import { readOptions, withUsageErrors, wholeNumber } from '#local/command-line.js';
import { measure } from './measure.js';
import { report, reportGoals } from './report.js';
import { gather } from './rivals.js';
import { FULL, QUICK } from './tasks.js';

const HELP = `Measures the Firestore drop-in beside the floor (a server that answers a canned Commit) and a peer from npm.

  npm run bench:emulator -- [--quick] [--rounds N]

  --quick      smaller sizes and one round: a look, in a quarter of a minute, not a measurement
  --rounds N   how often everything is done anew, with new processes; 5 without it

All take turns in each round, so that what else the machine does falls on all alike. Ratios are of medians.
Progress goes to stderr. No round is begun after five minutes; who fails at a task is not asked again. The peer's
time grows with what is stored: it seeds 10,000 documents in the first round only, and 100,000 not at all.
`;

const values = readOptions(process.argv.slice(2), HELP, {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
});
const rounds = withUsageErrors(() =>
  values.rounds === undefined ? (values.quick ? 1 : 5) : wholeNumber(values.rounds, 'rounds', 1),
);
const { rivals, missing, remove } = await gather();
try {
  for (const reason of missing) console.log(reason);
  const figures = await measure(rivals, values.quick ? QUICK : FULL, rounds);
  report(figures);
  reportGoals(figures);
  if (values.quick) console.log('With --quick the sizes are smaller than the goals speak of.');
} finally {
  await remove();
}
