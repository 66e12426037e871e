import assert from 'node:assert/strict';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { GetDocumentRequest } from '../../../../emulator/src/protocol/requests.js';
import { ResetBudget } from '../../../../emulator/src/rpc/reset-budget.js';
import { startServer } from '../../../../emulator/src/server.js';

describe('a busy gRPC connection', () => {
  it('loses no call, however many resets its client sends', async () => {
    const server = await startServer();
    const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const name = 'projects/p/databases/(default)/documents/c/a';
    const request = GetDocumentRequest.encode(GetDocumentRequest.make({ name }));
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer owner');
    const call = (): Promise<number | undefined> =>
      new Promise((resolve) => {
        const bytes = (message: Buffer): Buffer => message;
        const path = '/google.firestore.v1.Firestore/GetDocument';
        client.makeUnaryRequest(path, bytes, bytes, request, metadata, (error) => resolve(error?.code));
      });
    const codes = new Set<number | undefined>();
    for (let round = 0; round < 150; round++) {
      for (const code of await Promise.all(Array.from({ length: 20 }, call))) codes.add(code);
    }
    client.close();
    await server.close();
    assert.deepEqual([...codes], [5]);
  });

  it('is given up before the burst is used up, unless it pauses', () => {
    let nowMs = 0;
    const budget = new ResetBudget(() => nowMs);
    for (let i = 0; i < 750; i++) assert.equal(budget.spend(), false);
    assert.equal(budget.spend(), true);
    nowMs += 1000;
    assert.equal(budget.spend(), false);
  });
});
