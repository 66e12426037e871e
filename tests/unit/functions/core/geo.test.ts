import assert from 'node:assert/strict';
import fc from 'fast-check';
import { geohashForLocation } from 'geofire-common';
import { distanceMeters, isGeohashOf } from '#functions/core/geo.js';

const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true });
const place = fc.record({ lat: degrees(89), lng: degrees(180) });

describe('isGeohashOf', () => {
  it('is true for the geohash of the place, also where a client rounds it to five digits', () => {
    fc.assert(
      fc.property(place, ({ lat, lng }) => {
        assert.ok(isGeohashOf(geohashForLocation([lat, lng], 9), { lat, lng }));
        const rounded = geohashForLocation([Math.round(lat * 1e5) / 1e5, Math.round(lng * 1e5) / 1e5], 9);
        assert.ok(isGeohashOf(rounded, { lat, lng }));
      }),
    );
  });

  it('is false for the geohash of a place a hundred metres away', () => {
    fc.assert(
      fc.property(place, place, (from, to) => {
        fc.pre(distanceMeters(from, to) >= 100);
        assert.ok(!isGeohashOf(geohashForLocation([from.lat, from.lng], 9), to));
      }),
    );
    const away = { lat: 48.2 + 100 / 111_195, lng: 16.37 };
    assert.deepEqual(
      [isGeohashOf('u2edhuhq6', away), isGeohashOf(geohashForLocation([48.2, 16.37], 9), away)],
      [false, false],
    );
  });
});
