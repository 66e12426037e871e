import assert from 'node:assert/strict';
import { Plans } from '#simulator/people/shared-plans.js';
import { drawPlan, OTHERS } from '#simulator/people/plan.js';
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
