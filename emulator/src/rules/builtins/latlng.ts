import { fail, type Outcome } from '../outcome.js';
import { float, latlng, type Of } from '../values.js';
import { overload, type Overloads } from './overload.js';
import { show } from './text.js';

/** Mean radius of the earth. Source: the S2 geometry library. */
const EARTH_RADIUS_METERS = 6_371_010;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Computes the great-circle distance by the haversine formula. */
function distanceMeters(a: Of<'latlng'>, b: Of<'latlng'>): number {
  const latitudes = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2;
  const longitudes = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const chord = latitudes + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * longitudes;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function create(latitude: Of<'int'> | Of<'float'>, longitude: Of<'int'> | Of<'float'>): Outcome {
  const [lat, lng] = [Number(latitude.value), Number(longitude.value)];
  if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180) return latlng(lat, lng);
  const given = `latitude: ${show(float(lat))}, longitude: ${show(float(lng))}`;
  return fail(`Latitude should be in [-90,90] range and longitude should be in [-180,180] range. ${given}.`);
}

export const LATLNG_METHODS: Overloads = {
  latitude: [overload(['latlng'], (self) => float(self.latitude))],
  longitude: [overload(['latlng'], (self) => float(self.longitude))],
  distance: [overload(['latlng', 'latlng'], (self, other) => float(distanceMeters(self, other)))],
};

export const LATLNG_FUNCTIONS: Overloads = { value: [overload(['number', 'number'], create)] };
