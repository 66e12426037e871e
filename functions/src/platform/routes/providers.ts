import { z } from 'zod';
import type { Place } from '../../contract/common.js';
import type { Vehicle } from '../../contract/couriers.js';

export interface Route {
  distanceMeters: number;
  travelSeconds: number;
}

/** The request to one provider, and the parser of its response. `read` throws for a response without a route. */
export interface Provider {
  request(from: Place, to: Place, by: Vehicle, key: string): { url: string; init?: RequestInit };
  read(body: unknown): Route;
}

const rounded = (meters: number, seconds: number): Route => ({
  distanceMeters: Math.ceil(meters),
  travelSeconds: Math.ceil(seconds),
});

const latLng = ({ lat, lng }: Place) => ({ location: { latLng: { latitude: lat, longitude: lng } } });
const Duration = z.string().regex(/^\d+(\.\d+)?s$/);
const GoogleAnswer = z.object({
  routes: z.array(z.object({ distanceMeters: z.number().default(0), duration: Duration })).min(1),
});

/** The vehicle's name in each service. */
const TRAVEL_MODES = {
  foot: 'WALK',
  bicycle: 'BICYCLE',
  ebike: 'BICYCLE',
  scooter: 'TWO_WHEELER',
  car: 'DRIVE',
} as const;
const MAPBOX_PROFILES = {
  foot: 'walking',
  bicycle: 'cycling',
  ebike: 'cycling',
  scooter: 'driving',
  car: 'driving',
} as const;
const OSRM_PROFILES = { foot: 'foot', bicycle: 'bike', ebike: 'bike', scooter: 'car', car: 'car' } as const;

/**
 * Source: Google Routes API, `computeRoutes`: only the fields of the mask are computed and billed. Zero metres are left
 * out.
 */
export const google: Provider = {
  request: (from, to, by, key) => ({
    url: 'https://routes.googleapis.com/directions/v2:computeRoutes',
    init: {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-goog-api-key': key,
        'x-goog-fieldmask': 'routes.duration,routes.distanceMeters',
      },
      body: JSON.stringify({ origin: latLng(from), destination: latLng(to), travelMode: TRAVEL_MODES[by] }),
    },
  }),
  read(body) {
    const [route] = GoogleAnswer.parse(body).routes;
    return rounded(route?.distanceMeters ?? 0, Number.parseFloat(route?.duration ?? ''));
  },
};

const pair = (from: Place, to: Place): string => `${from.lng},${from.lat};${to.lng},${to.lat}`;
const OsrmAnswer = z.object({
  code: z.literal('Ok'),
  routes: z.array(z.object({ distance: z.number().min(0), duration: z.number().min(0) })).min(1),
});
const readOsrm = (body: unknown): Route => {
  const [route] = OsrmAnswer.parse(body).routes;
  return rounded(route?.distance ?? 0, route?.duration ?? 0);
};

/** Source: Mapbox Directions API v5; its responses have OSRM's form, errors another `code` and no routes. */
export const mapbox: Provider = {
  request: (from, to, by, key) => ({
    url: `https://api.mapbox.com/directions/v5/mapbox/${MAPBOX_PROFILES[by]}/${pair(from, to)}?overview=false&access_token=${encodeURIComponent(key)}`,
  }),
  read: readOsrm,
};

/** Source: OSRM HTTP API, route service v1. The key is the server's address: `https://osrm.example.com`. */
export const osrm: Provider = {
  request: (from, to, by, key) => ({ url: `${key}/route/v1/${OSRM_PROFILES[by]}/${pair(from, to)}?overview=false` }),
  read: readOsrm,
};
