import assert from 'node:assert/strict';
import { documentLock, LockManager } from '#emulator/store/locks.js';
import { Transactions } from '#emulator/store/transactions.js';

describe('locks', () => {
  const KEY = [documentLock('d')];

  function open(): { locks: LockManager; transactions: Transactions } {
    const locks = new LockManager();
    return { locks, transactions: new Transactions(locks) };
  }

  it('let a write pass when no other transaction holds its document', () => {
    const { locks, transactions } = open();
    const own = transactions.begin();
    assert.equal(locks.share(own, KEY), undefined);
    assert.equal(locks.awaitWrite(own, KEY), undefined);
    transactions.clear();
  });

  it('delay a write until the reader has ended', async () => {
    const { locks, transactions } = open();
    const reader = transactions.begin();
    void locks.share(reader, KEY);
    const waiting = locks.awaitWrite(undefined, KEY);
    assert.ok(waiting);
    transactions.end(reader);
    await waiting;
  });

  it('let no later reader pass a waiting write, so that readers do not starve it', async () => {
    const { locks, transactions } = open();
    const [first, second] = [transactions.begin(), transactions.begin()];
    void locks.share(first, KEY);
    const order: string[] = [];
    const write = locks.awaitWrite(undefined, KEY)?.then(() => order.push('write'));
    const read = locks.share(second, KEY)?.then(() => order.push('read'));
    assert.ok(write && read);
    transactions.end(first);
    await Promise.all([write, read]);
    assert.deepEqual(order, ['write', 'read']);
    transactions.clear();
  });

  it('let a reader continue for which the waiting write itself waits', () => {
    const { locks, transactions } = open();
    const reader = transactions.begin();
    const OTHER = [documentLock('e')];
    void locks.share(reader, KEY);
    locks.awaitWrite(undefined, [...KEY, ...OTHER])?.catch(() => undefined);
    assert.equal(locks.share(reader, OTHER), undefined);
    transactions.clear();
  });

  it('abort a waiting write when its own transaction ends', async () => {
    const { locks, transactions } = open();
    const [reader, writer] = [transactions.begin(), transactions.begin()];
    void locks.share(reader, KEY);
    const waiting = locks.awaitWrite(writer, KEY);
    transactions.end(writer);
    await assert.rejects(waiting ?? Promise.resolve(), { message: 'Transaction lock timeout.' });
    transactions.clear();
  });

  it('admit readers of one document one after the other while each ends soon', async () => {
    const { locks, transactions } = open();
    const [first, second, third] = [transactions.begin(), transactions.begin(), transactions.begin()];
    void locks.share(first, KEY);
    const order: string[] = [];
    const waits = [
      locks.share(second, KEY)?.then(() => order.push('second')),
      locks.share(third, KEY)?.then(() => order.push('third')),
    ];
    void locks.awaitWrite(first, KEY);
    transactions.end(first);
    await waits[0];
    assert.deepEqual(order, ['second']);
    void locks.awaitWrite(second, KEY);
    transactions.end(second);
    await waits[1];
    transactions.clear();
  });

  it('let a reader share a document after a long wait', async () => {
    const { locks, transactions } = open();
    const [first, second] = [transactions.begin(), transactions.begin()];
    void locks.share(first, KEY);
    await locks.share(second, KEY);
    assert.ok(first.locks.has('doc:d') && second.locks.has('doc:d'));
    transactions.clear();
  });

  it('do not delay others for a document after a wait has timed out', () => {
    const { locks, transactions } = open();
    const [first, second, third] = [transactions.begin(), transactions.begin(), transactions.begin()];
    void locks.share(first, KEY);
    void locks.share(second, KEY);
    transactions.end(first); // Without having written.
    assert.equal(locks.share(third, KEY), undefined);
    transactions.clear();
  });
});
