import assert from 'node:assert/strict';
import { Plans } from '#simulator/people/shared-plans.js';
import { drawPlan, OTHERS, PLAIN } from '#simulator/people/plan.js';
import { Random } from '#simulator/random.js';

describe('plans of orders', () => {
  const plan = drawPlan(new Random(1));

  it("of the city's customers are awaited", async () => {
    const plans = new Plans(new Set(['customer-1']));
    const awaited = plans.waitFor('a', 'customer-1');
    plans.set('a', plan);
    assert.equal(await awaited, plan);
    assert.equal(await plans.waitFor('a', 'customer-1'), plan);
  });

  it('of other customers are the default plan with a photo as proof, without waiting', async () => {
    assert.equal(await new Plans(new Set(['customer-1'])).waitFor('a', 'ada'), OTHERS);
    assert.deepEqual(
      [OTHERS.story, OTHERS.proof, OTHERS.firstCourierDeclines, OTHERS.courierVanishes],
      ['delivered', 'photo', false, false],
    );
  });

  it("of a city's customer who orders in another app are the default plan after a timeout", async () => {
    assert.equal(await new Plans(new Set(['customer-1'])).waitFor('a', 'customer-1', 5), OTHERS);
  });

  it('that were set apply to every customer, such as a guest', async () => {
    const plans = new Plans();
    plans.set('a', plan);
    assert.equal(await plans.waitFor('a', 'guest'), plan);
  });
});

describe('a drawn plan', () => {
  const plans = Array.from({ length: 2000 }, (_, seed) => drawPlan(new Random(seed)));

  it('has at most one incident that operators solve, and each of them in a run of 300 orders', () => {
    const incidents = plans.map(({ courierVanishes, nobodyAccepts, handsOver, party }) =>
      [courierVanishes, nobodyAccepts, handsOver, party === 'confirmed', party === 'unreachable'].map(Number),
    );
    assert.ok(incidents.every((one) => one.reduce((sum, value) => sum + value) <= 1));
    for (const index of [0, 1, 2, 3, 4]) {
      const share = incidents.filter((one) => one[index] === 1).length / plans.length;
      assert.ok(share > 0.003 && share < 0.05, `incident ${index}: ${share}`);
    }
  });
  it('of a plain order has none', () => {
    const plain = plans.map((_, seed) => drawPlan(new Random(seed), PLAIN));
    assert.ok(plain.every(({ nobodyAccepts, handsOver, party }) => !nobodyAccepts && !handsOver && party === null));
  });
  it('for a rider is by card and without a chat', () => {
    const ridden = plans.filter(({ nobodyAccepts, rescue }) => nobodyAccepts && rescue !== 'courier');
    assert.ok(ridden.length > 0);
    assert.ok(ridden.every(({ payment, chats, shares }) => payment === 'card' && !chats && !shares));
  });
  it('of a party is as soon as possible and by card', () => {
    const parties = plans.filter(({ party }) => party !== null);
    assert.ok(parties.length > 0);
    assert.ok(parties.every(({ scheduled, payment, kind }) => !scheduled && payment === 'card' && kind === 'delivery'));
    assert.ok(parties.every(({ party, chats, shares }) => party === 'confirmed' || (!chats && !shares)));
  });
});
