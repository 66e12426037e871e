import type { Place } from '../../functions/src/contract/common.js';
import type { Streets } from '../../simulator/src/city/streets.js';
import { Routes, type OnStreet } from '../../simulator/src/city/routes.js';
import { HttpFailure, serve, type HttpRequest, type RunningServer } from './http.js';

export interface OsrmOptions {
  readonly port: number;
  /** Builds the graph of streets at the first request, so that a stack without routes does not need it. */
  readonly streets: () => Streets;
  /** The speed on all streets, by default that of a bicycle. */
  readonly metersPerSecond?: number;
}

/**
 * Starts a stand-in for `osrm-routed` on the streets of a city. It has the route service, without geometry, steps or
 * alternatives, which the backend does not request. Coordinates snap to the nearest street at any distance. The profile
 * in the URL is ignored, because a server has only the profile of its data. Errors are 400 with a code.
 *
 * Source: osrm-backend, docs/http.md, "General options", "Route service", "Result objects".
 */
export async function startOsrm({ port, streets, metersPerSecond = 5 }: OsrmOptions): Promise<RunningServer> {
  let ways: Routes | undefined;
  return serve((request) => {
    const places = parsePlaces(request);
    ways ??= new Routes(streets());
    return { status: 200, body: routeThrough(ways, places, metersPerSecond) };
  }, port);
}

const refuse = (code: string, message: string): never => {
  throw new HttpFailure(400, { code, message });
};

function parsePlaces({ path, query }: HttpRequest): Place[] {
  const [, service = '', version = '', profile = '', coordinates = '', ...rest] = path.split('/');
  if (profile === '' || coordinates === '' || rest.length > 0) return refuse('InvalidUrl', 'URL string malformed');
  if (service !== 'route') return refuse('InvalidService', `Service ${service} not found!`);
  if (version !== 'v1') return refuse('InvalidVersion', `Service ${service} not found!`);
  const overview = query.get('overview') ?? 'simplified';
  if (!['simplified', 'full', 'false'].includes(overview)) return refuse('InvalidQuery', 'Query string malformed');
  const places = coordinates
    .replace(/\.json$/, '')
    .split(';')
    .map(parsePlace);
  if (places.length < 2) return refuse('InvalidOptions', 'Number of coordinates needs to be at least two.');
  return places;
}

function parsePlace(text: string): Place {
  const [, lng, lat] = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (lng === undefined || lat === undefined) return refuse('InvalidQuery', 'Query string malformed');
  const at = { lat: Number(lat), lng: Number(lng) };
  if (Math.abs(at.lat) > 90 || Math.abs(at.lng) > 180) return refuse('InvalidValue', 'Invalid coordinate value.');
  return at;
}

/** Rounds to a tenth, as OSRM does with metres and seconds. */
const roundToTenth = (value: number): number => Math.round(value * 10) / 10;

function routeThrough(ways: Routes, places: readonly Place[], metersPerSecond: number): object {
  const stops = places.map((one) => ways.snap(one));
  const meters = stops.slice(1).map((to, index) => ways.metersBetween(stops[index] ?? to, to));
  const total = meters.reduce((sum, one) => sum + one, 0);
  if (total === Infinity) return refuse('NoRoute', 'Impossible route between points');
  const toMeasures = (distance: number) => ({
    distance: roundToTenth(distance),
    duration: roundToTenth(distance / metersPerSecond),
    weight: roundToTenth(distance / metersPerSecond),
  });
  const legs = meters.map((leg) => ({ ...toMeasures(leg), summary: '', steps: [] }));
  return {
    code: 'Ok',
    routes: [{ ...toMeasures(total), weight_name: 'duration', legs }],
    waypoints: stops.map(toWaypoint),
  };
}

const toWaypoint = ({ lat, lng, offMeters }: OnStreet) => ({
  name: '',
  location: [lng, lat],
  distance: offMeters,
  hint: '',
});
