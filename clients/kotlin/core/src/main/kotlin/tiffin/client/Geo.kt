package tiffin.client

import kotlin.math.atan2
import kotlin.math.cos
import kotlin.math.pow
import kotlin.math.sin
import kotlin.math.sqrt

/** A place on the earth, in degrees. */
data class LatLng(val lat: Double, val lng: Double)

/** The radius of the sphere that the server computes with. */
private const val EARTH_RADIUS_METERS = 6_371_000.0

/** Computes the great-circle distance in metres, as the server does. */
fun distanceMeters(from: LatLng, to: LatLng): Double {
    fun half(a: Double, b: Double) = sin(Math.toRadians(b - a) / 2).pow(2)
    val ofLng = cos(Math.toRadians(from.lat)) * cos(Math.toRadians(to.lat)) * half(from.lng, to.lng)
    val square = half(from.lat, to.lat) + ofLng
    return 2 * EARTH_RADIUS_METERS * atan2(sqrt(square), sqrt(1 - square))
}

private const val DIGITS = "0123456789bcdefghjkmnpqrstuvwxyz"

/** The characters of the geohash of a presence: a cell of about five metres. */
private const val GEOHASH_CHARACTERS = 9

/**
 * Computes a geohash of nine characters: each bit halves the range of the longitude or of the latitude, in turn, five
 * bits a character. Source: Wikipedia, "Geohash".
 */
fun geohashOf(place: LatLng): String {
    val ofLng = Halving(place.lng, 180.0)
    val ofLat = Halving(place.lat, 90.0)
    return (0 until GEOHASH_CHARACTERS).map { character ->
        val digit = (0 until 5).fold(0) { bits, bit ->
            bits * 2 + (if ((character * 5 + bit) % 2 == 0) ofLng else ofLat).next()
        }
        DIGITS[digit]
    }.joinToString("")
}

/** Finds a value between -bound and bound, one bit at a time. */
private class Halving(private val value: Double, bound: Double) {
    private var min = -bound
    private var max = bound

    /** 1 where the value is in the upper half of what is left. */
    fun next(): Int {
        val middle = (min + max) / 2
        val isUpper = value > middle
        if (isUpper) min = middle else max = middle
        return if (isUpper) 1 else 0
    }
}
