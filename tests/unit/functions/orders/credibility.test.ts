import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { VEHICLES } from '#functions/contract/couriers.js';
import type { Credibility } from '#functions/contract/zones.js';
import { findDoubts, type DeliveryEvidence } from '#functions/orders/model/credibility.js';
import { DOOR_AT, HALF_WAY_AT, KITCHEN_AT, START_MS, theLimits } from '#fixtures/catalogue.js';
import { runs } from '#fixtures/proofs.js';

const { credibility } = theLimits();
/** North of the kitchen by so many metres. */
const north = (meters: number) => ({ lat: KITCHEN_AT.lat + meters / 111_195, lng: KITCHEN_AT.lng });

function doubts(
  changes: Partial<DeliveryEvidence> & { seconds?: number; meters?: number } = {},
  limits: Partial<Credibility> = {},
): string[] {
  const { seconds = 600, meters = 3_700, ...evidence } = changes;
  const dropOff = north(meters);
  const endedAtMs = START_MS + seconds * 1000;
  return findDoubts(
    {
      pickUpAt: KITCHEN_AT,
      dropOff,
      pickedUpAtMs: START_MS,
      atDoorMs: endedAtMs,
      endedAtMs,
      vehicle: 'bicycle',
      photoSeen: false,
      position: { fixes: [{ ...dropOff, agoMs: 0 }], at: endedAtMs },
      ...evidence,
    },
    { ...credibility, ...limits },
  );
}

describe('a delivery', () => {
  it('is credible with a fresh position at the door and a plausible time for a bicycle', () =>
    assert.deepEqual(doubts(), []));
  it('is not credible 3.7 km away within 1.8 s', () => assert.deepEqual(doubts({ seconds: 1.8 }), ['speed']));
  it('is as fast as its vehicle: 3,400 m between the geofences within 136 s by scooter, not by bicycle', () => {
    assert.deepEqual(doubts({ seconds: 137, vehicle: 'scooter' }), []);
    assert.deepEqual(doubts({ seconds: 134, vehicle: 'scooter' }), ['speed']);
    assert.deepEqual(doubts({ seconds: 137, vehicle: 'bicycle' }), ['speed']);
    assert.deepEqual(doubts({ seconds: 243, vehicle: 'bicycle' }), []);
  });
  it('next door may take no time', () => assert.deepEqual(doubts({ seconds: 0, meters: 290 }), []));
  it('is not credible without positions, with old ones, or with ones elsewhere', () => {
    const atMs = START_MS + 600_000;
    const fixes = [{ ...north(3_700), agoMs: 0 }];
    assert.deepEqual(doubts({ position: null }), ['position_missing']);
    assert.deepEqual(doubts({ position: { fixes: [], at: atMs } }), ['position_missing']);
    assert.deepEqual(doubts({ position: { fixes, at: atMs - 180_000 } }), []);
    assert.deepEqual(doubts({ position: { fixes, at: atMs - 180_001 } }), ['position_stale']);
    assert.deepEqual(doubts({ position: { fixes: [{ ...north(3_205), agoMs: 0 }], at: atMs } }), []);
    assert.deepEqual(doubts({ position: { fixes: [{ ...north(3_195), agoMs: 0 }], at: atMs } }), ['position_far']);
    assert.deepEqual(doubts({ position: { fixes: [{ lat: 0, lng: 0, agoMs: 0 }], at: atMs } }), ['position_far']);
  });
  it('is not credible by a position without fixes, or without a time, unless the zone requires none', () => {
    const positions = [null, { at: START_MS }, { fixes: [{ ...north(3_700), agoMs: 0 }] }];
    for (const position of positions) assert.deepEqual(doubts({ position }), ['position_missing']);
    for (const position of positions) assert.deepEqual(doubts({ position }, { requiresStream: false }), []);
  });
  it('is credible by a position that an instance whose clock is ten minutes behind finds in the future', () => {
    const fixes = [{ ...north(3_700), agoMs: 0 }];
    assert.deepEqual(doubts({ position: { fixes, at: START_MS + 1_200_000 } }), []);
  });
  it('is not credible by a photo that proved another one', () =>
    assert.deepEqual(doubts({ photoSeen: true }), ['photo_seen']));
  it('depends on the last fix of the packet', () => {
    const fixes = [
      { ...HALF_WAY_AT, agoMs: 5000 },
      { ...DOOR_AT, agoMs: 0 },
    ];
    assert.deepEqual(doubts({ dropOff: DOOR_AT, position: { fixes, at: START_MS + 600_000 } }), []);
  });

  it('is never more credible for more distance in the same time, nor for less time', () => {
    const meters = fc.integer({ min: 0, max: 20_000 });
    const seconds = fc.integer({ min: 0, max: 4_000 });
    fc.assert(
      fc.property(fc.constantFrom(...VEHICLES), meters, seconds, meters, seconds, (vehicle, near, long, more, less) => {
        const before = doubts({ vehicle, meters: near, seconds: long });
        const farther = doubts({ vehicle, meters: near + more, seconds: long });
        const sooner = doubts({ vehicle, meters: near, seconds: Math.max(0, long - less) });
        for (const doubt of before) assert.ok(farther.includes(doubt) && sooner.includes(doubt));
      }),
      runs(300, 20_000),
    );
  });
});
