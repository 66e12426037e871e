import { strict as assert } from 'node:assert';
import { Travel, type RoutingProvider } from '#functions/contract/zones.js';
import { routePlanner, type Fetch } from '#functions/platform/routes/planner.js';
import { MemoryLog } from '#fixtures/memory-ports.js';

const FROM = { lat: 48.2, lng: 16.37 };
const TO = { lat: 48.215, lng: 16.385 };
/** 2,004.4 metres as the crow flies, 1.3 times that at 5 m/s, both rounded up. */
const ESTIMATE = { distanceMeters: 2606, travelSeconds: 522 };

/** As the providers' references have them, cut to what is asked for. */
const GOOGLE = { routes: [{ distanceMeters: 2741, duration: '612.5s' }] };
const OSRM = {
  code: 'Ok',
  routes: [
    {
      weight_name: 'routability',
      weight: 640.1,
      duration: 603.2,
      distance: 2741.4,
      legs: [{ summary: '', steps: [], weight: 640.1, duration: 603.2, distance: 2741.4 }],
    },
  ],
  waypoints: [
    { name: 'Lindengasse', location: [16.37, 48.2] },
    { name: '', location: [16.385, 48.215] },
  ],
};
const MAPBOX = { ...OSRM, uuid: 'x' };

describe('routePlanner', () => {
  const ask = (by: RoutingProvider, answer: unknown, { ok = true, status = 200, travel = {} } = {}) => {
    const asked: { url: string; init: RequestInit }[] = [];
    const log = new MemoryLog();
    const reply: Fetch = async (url, init) => {
      asked.push({ url, init });
      if (answer instanceof Error) throw answer;
      return { ok, status, json: async () => answer };
    };
    const key = () => (by === 'osrm' ? 'https://osrm.example.com' : 'secret-key');
    return routePlanner(key, log, reply)
      .route(FROM, TO, { routing: by, travel: Travel.parse(travel) })
      .then((route) => ({ route, asked, log: log.entries }));
  };

  it('sends no request for a great circle', async () => {
    const { route, asked } = await ask('greatCircle', GOOGLE);
    assert.deepEqual([route, asked], [ESTIMATE, []]);
  });

  it("reads Google's response, with seconds rounded up", async () => {
    const { route, asked } = await ask('google', GOOGLE);
    assert.deepEqual(route, { distanceMeters: 2741, travelSeconds: 613 });
    assert.equal(asked[0]?.url, 'https://routes.googleapis.com/directions/v2:computeRoutes');
    assert.deepEqual(JSON.parse(String(asked[0]?.init.body)), {
      origin: { location: { latLng: { latitude: 48.2, longitude: 16.37 } } },
      destination: { location: { latLng: { latitude: 48.215, longitude: 16.385 } } },
      travelMode: 'BICYCLE',
    });
  });

  it("reads a response of Google's for the same start and end, which omits the metres", async () =>
    assert.deepEqual((await ask('google', { routes: [{ duration: '0s' }] })).route, {
      distanceMeters: 0,
      travelSeconds: 0,
    }));

  it('sends the longitude first to Mapbox and OSRM, and reads both', async () => {
    const mapbox = await ask('mapbox', MAPBOX);
    const osrm = await ask('osrm', OSRM);
    const expected = { distanceMeters: 2742, travelSeconds: 604 };
    assert.deepEqual([mapbox.route, osrm.route], [expected, expected]);
    assert.equal(
      mapbox.asked[0]?.url,
      'https://api.mapbox.com/directions/v5/mapbox/cycling/16.37,48.2;16.385,48.215?overview=false&access_token=secret-key',
    );
    assert.equal(osrm.asked[0]?.url, 'https://osrm.example.com/route/v1/bike/16.37,48.2;16.385,48.215?overview=false');
  });

  it('requests the vehicle that the zone quotes', async () => {
    const asked = async (by: RoutingProvider, quotedVehicle: string) => {
      const [one] = (await ask(by, by === 'google' ? GOOGLE : OSRM, { travel: { quotedVehicle } })).asked;
      return `${one?.url} ${String(one?.init.body)}`;
    };
    assert.match(await asked('google', 'scooter'), /"travelMode":"TWO_WHEELER"/);
    assert.match(await asked('google', 'foot'), /"travelMode":"WALK"/);
    assert.match(await asked('mapbox', 'car'), /\/mapbox\/driving\//);
    assert.match(await asked('osrm', 'ebike'), /\/route\/v1\/bike\//);
  });

  const failures: [what: string, by: RoutingProvider, answer: unknown, status?: number][] = [
    ['a network that fails', 'google', new TypeError('fetch failed')],
    ['a time-out', 'google', new DOMException('too late', 'TimeoutError')],
    ['a refused key', 'google', { error: { code: 403 } }, 403],
    ['an answer without a route', 'google', {}],
    ['a duration that is none', 'google', { routes: [{ distanceMeters: 1, duration: '12 minutes' }] }],
    ['OSRM’s "no route"', 'osrm', { code: 'NoRoute', message: 'Impossible route between points' }, 400],
    ['a page instead of an answer', 'mapbox', '<html>'],
    ['a negative distance', 'mapbox', { code: 'Ok', routes: [{ distance: -1, duration: 60 }] }],
  ];
  for (const [what, by, answer, status = 200] of failures) {
    it(`estimates after ${what}, and logs it without the key or the places`, async () => {
      const { route, log } = await ask(by, answer, { ok: status === 200, status });
      assert.deepEqual(route, ESTIMATE);
      assert.equal(log.length, 1);
      assert.doesNotMatch(JSON.stringify(log), /secret-key|48\.2|16\.37/);
    });
  }
});
