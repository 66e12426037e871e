/** A place on the earth, in degrees. */
export interface LatLng {
  readonly lat: number;
  readonly lng: number;
}

/** The radius of the sphere that the server computes with, in metres. */
const EARTH_RADIUS_METERS = 6_371_000;
const toRadians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Computes the great-circle distance in metres, as the server does. */
export function distanceMeters(from: LatLng, to: LatLng): number {
  const half = (a: number, b: number) => Math.sin(toRadians(b - a) / 2) ** 2;
  const square =
    half(from.lat, to.lat) + Math.cos(toRadians(from.lat)) * Math.cos(toRadians(to.lat)) * half(from.lng, to.lng);
  return 2 * EARTH_RADIUS_METERS * Math.atan2(Math.sqrt(square), Math.sqrt(1 - square));
}

const DIGITS = '0123456789bcdefghjkmnpqrstuvwxyz';

/** The characters of the geohash of a presence: a cell of about five metres. */
const GEOHASH_CHARACTERS = 9;

/**
 * Computes a geohash of nine characters: each bit halves the range of the longitude or of the latitude, in turn, five
 * bits a character. Source: Wikipedia, "Geohash".
 */
export function geohashOf({ lat, lng }: LatLng): string {
  const [ofLng, ofLat] = [new Halving(lng, 180), new Halving(lat, 90)];
  let hash = '';
  for (let character = 0; character < GEOHASH_CHARACTERS; character += 1) {
    let digit = 0;
    for (let bit = 0; bit < 5; bit += 1) digit = digit * 2 + ((character * 5 + bit) % 2 === 0 ? ofLng : ofLat).next();
    hash += DIGITS.charAt(digit);
  }
  return hash;
}

/** Finds a value between -bound and bound, one bit at a time. */
class Halving {
  #min: number;
  #max: number;

  constructor(
    private readonly value: number,
    bound: number,
  ) {
    this.#min = -bound;
    this.#max = bound;
  }

  /** 1 where the value is in the upper half of what is left. */
  next(): 0 | 1 {
    const middle = (this.#min + this.#max) / 2;
    if (this.value > middle) this.#min = middle;
    else this.#max = middle;
    return this.value > middle ? 1 : 0;
  }
}
