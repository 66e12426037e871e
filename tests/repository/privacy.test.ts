import assert from 'node:assert/strict';
import { DOCUMENTS } from '../../functions/src/contract/documents.js';
import { HOLDINGS } from '../../functions/src/privacy/registry.js';
import { NAMELESS_CHANGES } from '../../functions/src/privacy/nameless.js';

/** Without the names of ids; restaurants, couriers and the platform's ledger are all owners of reviews and days. */
const bare = (path: string): string =>
  path.replaceAll(/\{\w*\}/g, '{}').replace(/^\w+\/\{\}\/(reviews|days)\//, '{}/$1/');

describe('the register of personal data', () => {
  const written = new Set(Object.keys(DOCUMENTS).map(bare));
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
