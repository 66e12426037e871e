import assert from 'node:assert/strict';
import { findZoneAt, sortZoneAreas } from '#functions/discovery/model/zone-areas.js';
import { aZone } from '#fixtures/catalogue.js';

const square = (lat: number, lng: number, side: number) => ({
  corners: [
    { lat, lng },
    { lat, lng: lng + side },
    { lat: lat + side, lng: lng + side },
    { lat: lat + side, lng },
  ],
  holes: [],
});
const named = (id: string, ...area: ReturnType<typeof square>[]) => ({
  id,
  data: aZone({ area: area.length === 0 ? null : area }),
});

describe('findZoneAt', () => {
  const zones = sortZoneAreas([
    named('everywhere'),
    named('region', square(40, 10, 10)),
    named('twin-b', square(45, 15, 1)),
    named('twin-a', square(45, 15, 1)),
    named('far', square(0, 0, 1)),
  ]);
  const find = (lat: number, lng: number) => findZoneAt(zones, { lat, lng })?.zoneId ?? null;

  it('finds the zone with the smallest area, of equal ones that with the first id', () =>
    assert.deepEqual([find(45.5, 15.5), find(44.5, 15.5)], ['twin-a', 'region']));
  it('finds none where no area has the place, although a zone has no area', () => {
    assert.equal(find(30, 30), null);
    assert.equal(find(0.5, 0.5), 'far');
  });
});
