import assert from 'node:assert/strict';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type RunningServer, startServer } from '#emulator/server.js';
import { describeRecording, itAnswers } from './recordings.js';

interface Recorded {
  cases: {
    name: string;
    method: string;
    path: string;
    headers: Record<string, string>;
    body: string | null;
    outcome: { status: number; headers: Record<string, string>; body?: string };
  }[];
}

const FILE = 'cors.json';

describeRecording<Recorded>(FILE, ({ cases }) => {
  let server: RunningServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  for (const { name, method, path, headers, body, outcome } of cases) {
    itAnswers(FILE, name, async () => {
      const answer = await new Promise<{ status: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
        const request = httpRequest({ host: '127.0.0.1', port: server.port, method, path, headers }, (response) => {
          response.resume();
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
        });
        request.on('error', reject);
        request.end(body ?? undefined);
      });
      assert.equal(answer.status, outcome.status);
      const allowed = Object.entries(answer.headers).filter(([header]) => header.startsWith('access-control-'));
      const expected = Object.entries(outcome.headers).filter(([header]) => header.startsWith('access-control-'));
      assert.deepEqual(Object.fromEntries(allowed), Object.fromEntries(expected));
    });
  }
});
