import assert from 'node:assert/strict';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { RunAggregationQueryRequest, RunAggregationQueryResponse } from '#emulator/protocol/requests.js';
import { value as valueCodec } from '#emulator/protocol/value-codec.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { identical } from '#emulator/values/compare.js';
import { GrpcClient, rest } from './emulator-client.js';
import { describeRecording, itAnswers } from './recordings.js';

interface Recorded {
  dataset: { name: string; fields: Json }[];
  cases: Case[];
}
interface Case {
  name: string;
  parent: string;
  query: Json;
  aggregations: Json[];
  outcome: {
    status: string;
    message?: string;
    responses?: { result?: { aggregateFields?: { [alias: string]: Json } } }[];
  };
}

const FILE = 'aggregations.json';
const ROOT = 'projects/aggregations/databases/(default)/documents';

describeRecording<Recorded>(FILE, (recorded) => {
  let server: RunningServer;
  let client: GrpcClient;

  before(async () => {
    server = await startServer();
    client = new GrpcClient(server.port);
    const writes = recorded.dataset.map(({ name, fields }) => ({ update: { name: `${ROOT}/${name}`, fields } }));
    const answer = await rest(server.port, 'POST', `/v1/${ROOT}:commit`, { body: JSON.stringify({ writes }) });
    assert.equal(answer.status, 200, answer.text);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  for (const { name, parent, query, aggregations, outcome } of recorded.cases) {
    itAnswers(FILE, name, async () => {
      const request = RunAggregationQueryRequest.fromJson({
        parent: parent === '' ? ROOT : `${ROOT}/${parent}`,
        structuredAggregationQuery: { structuredQuery: query, aggregations },
      });
      const { status, message, answers } = await client.call(
        'RunAggregationQuery',
        RunAggregationQueryRequest,
        request,
        RunAggregationQueryResponse,
      );
      assert.equal(status, outcome.status, message);
      if (outcome.message !== undefined) return assert.equal(message, outcome.message);
      const expected = outcome.responses?.[0]?.result?.aggregateFields ?? {};
      const own = answers[0]?.result?.aggregateFields ?? new Map();
      assert.deepEqual([...own.keys()].sort(), Object.keys(expected).sort());
      for (const [alias, value] of own) {
        const json = expected[alias];
        // A recorded -0.0 reads as 0: the sign of a zero is not compared.
        const recordedValue = valueCodec.fromJson(isJsonObject(json) ? json : null);
        const isZero =
          recordedValue.kind === 'double' && recordedValue.value === 0 && value.kind === 'double' && value.value === 0;
        assert.ok(
          isZero || identical(value, recordedValue),
          `${alias}: ${JSON.stringify(valueCodec.toJson(value))} is not ${JSON.stringify(json)}`,
        );
      }
    });
  }
});
