import assert from 'node:assert/strict';
import { Travel } from '#functions/contract/zones.js';
import { greatCircleRoute } from '#functions/platform/routes/great-circle.js';
import { routePlanner } from '#functions/platform/routes/planner.js';
import type { RunningServer } from '#local/http.js';
import { startOsrm } from '#local/osrm.js';
import { drawCity } from '#simulator/city/population.js';
import { metersBetween, place, findRoute, type Streets } from '#simulator/city/streets.js';
import { MemoryLog } from '#fixtures/memory-ports.js';

const STREETS = drawCity(1).streets;
const at = (crossing: number, streets = STREETS) => place(streets.crossings, crossing);
const zone = { routing: 'osrm', travel: Travel.parse({}) } as const;

/** Crossing by crossing, as the simulated couriers find their way. */
function shortestMeters(from: number, to: number): number {
  const way = findRoute(STREETS, from, to).map((crossing) => at(crossing));
  return way.slice(1).reduce((sum, next, index) => sum + metersBetween(way[index] ?? next, next), 0);
}

describe('the stand-in for OSRM', () => {
  let server: RunningServer;
  before(async () => void (server = await startOsrm({ port: 0, streets: () => STREETS })));
  after(() => server.close());

  const ask = async (path: string, url = server.url) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  it("gives the backend's own adaptor the shortest route along the streets, and its duration", async () => {
    const log = new MemoryLog();
    const planner = routePlanner(() => server.url, log);
    for (const [from, to] of [
      [0, 195],
      [17, 160],
      [3, 3],
      [100, 42],
    ] as const) {
      const route = await planner.route(at(from), at(to), zone);
      const meters = shortestMeters(from, to);
      // Tenths of a metre, then whole ones, rounded up.
      assert.ok(Math.abs(route.distanceMeters - meters) <= 1.1, `${route.distanceMeters} for ${meters}`);
      assert.ok(Math.abs(route.travelSeconds - meters / 5) <= 1.1);
      if (from !== to) assert.notDeepEqual(route, greatCircleRoute(at(from), at(to), zone.travel));
    }
    assert.deepEqual(log.entries, []);
  });

  it('begins and ends in the nearest street, at any point along it', async () => {
    const [a, b] = [at(0), at(1)];
    const middle = { lat: (a.lat + b.lat) / 2 - 0.0002, lng: (a.lng + b.lng) / 2 };
    const { body } = await ask(`/route/v1/bike/${middle.lng},${middle.lat};${b.lng},${b.lat}?overview=false`);
    const [route] = body.routes;
    // Somewhat off the middle, for the street is crooked.
    assert.ok(Math.abs(route.distance - metersBetween(a, b) / 2) < 10, `${route.distance}`);
    assert.ok(Math.abs(body.waypoints[0].distance - 22) < 3, `${body.waypoints[0].distance}`);
    assert.equal(route.duration, Math.round(route.distance * 2) / 10);
    assert.deepEqual([body.code, route.weight_name, route.legs.length], ['Ok', 'duration', 1]);
  });

  it('goes through several places in order', async () => {
    const [a, b, c] = [at(0), at(50), at(0)].map(({ lat, lng }) => `${lng},${lat}`);
    const [route] = (await ask(`/route/v1/foot/${a};${b};${c}.json`)).body.routes;
    assert.equal(route.legs.length, 2);
    assert.equal(route.legs[0].distance, route.legs[1].distance);
    assert.ok(Math.abs(route.distance - 2 * route.legs[0].distance) < 0.15);
  });

  const refused: [string, string][] = [
    ['/route/v1/bike', 'InvalidUrl'],
    ['/table/v1/bike/16.37,48.2;16.38,48.2', 'InvalidService'],
    ['/route/v2/bike/16.37,48.2;16.38,48.2', 'InvalidVersion'],
    ['/route/v1/bike/16.37,48.2', 'InvalidOptions'],
    ['/route/v1/bike/16.37,48.2;home', 'InvalidQuery'],
    ['/route/v1/bike/16.37,48.2;16.38,48.2?overview=some', 'InvalidQuery'],
    ['/route/v1/bike/16.37,98.2;16.38,48.2', 'InvalidValue'],
  ];
  for (const [path, code] of refused)
    it(`answers ${path} with ${code}`, async () => {
      const { status, body } = await ask(path);
      assert.deepEqual([status, body.code], [400, code]);
    });

  it('finds no route between unconnected streets', async () => {
    const crossings = [0, 0.001, 0.01, 0.011].map((lng) => ({ lat: 0, lng }));
    const islands: Streets = { crossings, neighbours: [[1], [0], [3], [2]] };
    const other = await startOsrm({ port: 0, streets: () => islands });
    try {
      const { status, body } = await ask('/route/v1/bike/0,0;0.011,0', other.url);
      assert.deepEqual([status, body.code], [400, 'NoRoute']);
      const [route] = (await ask('/route/v1/bike/0.0002,0;0.0007,0', other.url)).body.routes;
      assert.ok(Math.abs(route.distance - 55.6) < 0.1, `${route.distance}`);
    } finally {
      await other.close();
    }
  });
});
