import assert from 'node:assert/strict';
import type { Zone } from '#functions/contract/zones.js';
import { checkZone } from '#functions/operations/model/check-zone.js';
import { aZone } from '#fixtures/catalogue.js';

const problemIn = (changes: Partial<Zone>, before?: Zone) => {
  const checked = checkZone({ ...aZone(), ...changes }, before);
  return checked.ok ? null : checked.details['problem'];
};

describe('checkZone', () => {
  const { pricing, limits } = aZone();
  it('accepts a valid zone', () => assert.equal(problemIn({}), null));
  it('accepts a first zone of any currency', () => assert.equal(problemIn({ currency: 'JPY' }), null));
  it('refuses another currency for a zone that has one', () =>
    assert.equal(problemIn({ currency: 'JPY' }, aZone()), 'currency'));
  it('refuses an unknown time zone', () => assert.equal(problemIn({ timeZone: 'Mars/Base' }), 'timeZone'));
  it('refuses brackets that do not rise', () => {
    const [first, second, third] = pricing.deliveryBrackets;
    assert.ok(first && second && third);
    assert.equal(problemIn({ pricing: { ...pricing, deliveryBrackets: [first, third, second] } }), 'deliveryBrackets');
    assert.equal(problemIn({ pricing: { ...pricing, deliveryBrackets: [first, first] } }), 'deliveryBrackets');
  });
  it('refuses a minimum service fee above the maximum', () => {
    const serviceFee = { ratePpm: 50_000, minMinor: 301, maxMinor: 300 };
    assert.equal(problemIn({ pricing: { ...pricing, serviceFee } }), 'serviceFee');
  });
  it('refuses packets of positions at a shorter interval than the rules accept', () => {
    const position = { ...limits.position, fixSeconds: 2, fixesPerPacket: 2 };
    assert.equal(problemIn({ limits: { ...limits, position } }), null);
    assert.equal(problemIn({ limits: { ...limits, position: { ...position, fixesPerPacket: 1 } } }), 'position');
  });
  it('refuses taxes of two modes on one amount', () => {
    const both = (mode: 'exclusive' | 'inclusive') => [
      { ratePpm: 40_000, mode: 'exclusive' as const },
      { ratePpm: 60_000, mode },
    ];
    assert.equal(problemIn({ pricing: { ...pricing, taxes: { food: both('exclusive') } } }), null);
    assert.equal(problemIn({ pricing: { ...pricing, taxes: { food: both('inclusive') } } }), 'taxes: modes');
  });
  it('refuses to remove a tax category that menus may use', () => {
    const { food: _, ...taxes } = pricing.taxes;
    assert.equal(problemIn({ pricing: { ...pricing, taxes } }, aZone()), 'taxes: category');
    assert.equal(problemIn({ pricing: { ...pricing, taxes: { ...pricing.taxes, wine: [] } } }, aZone()), null);
  });
  it('refuses an area whose outline crosses itself', () => {
    const corners = [
      { lat: 0, lng: 0 },
      { lat: 0, lng: 1 },
      { lat: 1, lng: 1 },
      { lat: 2, lng: 0.5 },
    ];
    assert.equal(problemIn({ area: [{ corners, holes: [] }] }), null);
    const [first, second, third, fourth] = corners;
    assert.ok(first && second && third && fourth);
    const crossed = [first, third, second, fourth];
    assert.equal(problemIn({ area: [{ corners: crossed, holes: [] }] }), 'area: crosses itself');
  });
  it('refuses reminders out of order', () =>
    assert.equal(problemIn({ limits: { ...limits, acceptReminderMinutes: [3, 1] } }), 'acceptReminderMinutes'));
});
