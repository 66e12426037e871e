import { type RunningServer, startServer } from '#emulator/server.js';
import { describeRecording, itAnswers } from './recordings.js';
import { type RestStep, runRestSteps } from './rest-steps.js';

interface Recorded {
  cases: { name: string; steps: RestStep[] }[];
}

const FILE = 'document_writes.json';

describeRecording<Recorded>(FILE, ({ cases }) => {
  let server: RunningServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  for (const { name, steps } of cases) itAnswers(FILE, name, () => runRestSteps(server, steps));
});
