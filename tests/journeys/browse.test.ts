import assert from 'node:assert/strict';
import { readBill, resetBill, splitBill } from '#simulator/bill.js';
import { App } from '#simulator/people/app.js';
import { browse } from '#simulator/people/browse.js';
import { city, seedOnce, stack } from './city.js';
import { describeOnSuite } from './suite.js';

describeOnSuite('a customer who looks around', function () {
  this.timeout(120_000);
  let app: App;
  before(async () => {
    await seedOnce();
    const [customer] = city.customers;
    assert.ok(customer);
    app = await App.signIn(stack, customer);
  });
  after(() => app.close());

  /** The reads of a walk through the feed, and the cards that it showed. */
  const walk = async () => {
    await resetBill(stack);
    const [customer] = city.customers;
    const cards = await browse(app, customer?.home ?? { lat: 0, lng: 0 });
    return { cards: cards.length, ...splitBill(await readBill(stack)).browsing };
  };

  it('reads each restaurant around once and six documents of two pages, and nothing of them when coming back', async () => {
    const { cards, reads: first } = await walk();
    assert.equal(cards, city.restaurants.length);
    const { reads: second, writes, deletes } = await walk();
    // Zone, index, rule of the query and favourites besides; each page is a restaurant, its menu and its reviews.
    assert.ok(first <= cards + 4 + 2 * 3, `${first} reads`);
    assert.ok(second <= 2, `${second} reads`);
    assert.deepEqual([writes, deletes], [1, 1]);
  });
});
