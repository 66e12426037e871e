import { describe } from 'mocha';

/** Journeys run on the Firebase Emulator Suite with the stand-ins: `npm test` starts them. */
const hasSuite = process.env['SUITE'] !== undefined;

/** A group of tests that needs the suite; pending, with the reason, where it does not run. */
export function describeOnSuite(title: string, body: (this: Mocha.Suite) => void): void {
  if (hasSuite) describe(title, body);
  else describe.skip(`${title} (needs the emulator suite: npm test)`, body);
}
