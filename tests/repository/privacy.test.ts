import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { HOLDINGS } from '../../functions/src/privacy/registry.js';
import { NAMELESS_CHANGES } from '../../functions/src/privacy/nameless.js';

/** `orders/${orderId}/refunds` of a collection, `users/${uid}` of a document: both as `{}/…` of documents. */
function pathsOf(source: string): string[] {
  const found = [...source.matchAll(/(document|collection|db\.doc)\((?:db, )?[`']([^`']+)[`']/g)];
  return found.map(([, kind, path = '']) => (kind === 'collection' ? `${path}/{}` : path)).map(bare);
}

const bare = (path: string): string => path.replaceAll(/\$?\{\w*\}/g, '{}');

describe('the register of personal data', () => {
  const written = new Set(pathsOf(readFileSync('functions/src/platform/firestore.ts', 'utf8')));
  const registered = new Set(HOLDINGS.map(({ path }) => bare(path)));

  it('has an answer for every path of the database, and for no other', () => {
    assert.deepEqual([...written].filter((path) => !registered.has(path)), []); // prettier-ignore
    assert.deepEqual([...registered].filter((path) => !written.has(path)), []); // prettier-ignore
    assert.ok(written.size > 30);
  });

  it('says how to make nameless what stays under another id', () => {
    const found = HOLDINGS.filter(({ fields, erased }) => fields && erased === 'nameless').map(({ path }) => path);
    assert.deepEqual(Object.keys(NAMELESS_CHANGES).toSorted(), found.toSorted());
  });

  it('says why whatever is not deleted stays', () => {
    const unexplained = HOLDINGS.filter(({ erased, why, fields }) => erased !== 'deleted' && !why && !fields);
    assert.deepEqual(unexplained, []);
  });
});
