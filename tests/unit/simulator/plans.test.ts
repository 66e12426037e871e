import assert from 'node:assert/strict';
import { Plans } from '#simulator/people/shared-plans.js';
import { drawPlan, OTHERS } from '#simulator/people/plan.js';
import { Random } from '#simulator/random.js';

describe('plans of orders', () => {
  const plan = drawPlan(new Random(1));

  it('of the city’s customers are waited for', async () => {
    const plans = new Plans(new Set(['customer-1']));
    const awaited = plans.of('a', 'customer-1');
    plans.set('a', plan);
    assert.equal(await awaited, plan);
    assert.equal(await plans.of('a', 'customer-1'), plan);
  });

  it('of anybody else are plain, with a photo at the door, at once', async () => {
    assert.equal(await new Plans(new Set(['customer-1'])).of('a', 'ada'), OTHERS);
    assert.deepEqual(
      [OTHERS.story, OTHERS.proof, OTHERS.firstCourierDeclines, OTHERS.courierVanishes],
      ['delivered', 'photo', false, false],
    );
  });

  it('of a customer of the city whose account another app uses are plain after a while', async () => {
    assert.equal(await new Plans(new Set(['customer-1'])).of('a', 'customer-1', 5), OTHERS);
  });

  it('that are known count for anybody, such as a guest', async () => {
    const plans = new Plans();
    plans.set('a', plan);
    assert.equal(await plans.of('a', 'guest'), plan);
  });
});
