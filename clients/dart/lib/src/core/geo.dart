import 'dart:math' as math;

/// The radius of the sphere that the server computes with.
const double _earthRadiusMeters = 6371000;
const String _digits = '0123456789bcdefghjkmnpqrstuvwxyz';

/// A place on the earth, in degrees.
final class LatLng {
  const LatLng(this.lat, this.lng);

  final double lat;
  final double lng;

  /// Computes the great-circle distance in metres, as the server does.
  double distanceMetersTo(LatLng other) {
    final square =
        _half(lat, other.lat) + math.cos(_radians(lat)) * math.cos(_radians(other.lat)) * _half(lng, other.lng);
    return 2 * _earthRadiusMeters * math.atan2(math.sqrt(square), math.sqrt(1 - square));
  }

  /// Computes a geohash of nine characters: each bit halves the range of the longitude or of the latitude, in turn, five
  /// bits a character. Source: Wikipedia, "Geohash".
  String get geohash {
    final (ofLng, ofLat) = (_Halving(lng, 180), _Halving(lat, 90));
    final hash = StringBuffer();
    for (var character = 0; character < 9; character += 1) {
      var digit = 0;
      for (var bit = 0; bit < 5; bit += 1) {
        digit = digit * 2 + ((character * 5 + bit).isEven ? ofLng : ofLat).next();
      }
      hash.write(_digits[digit]);
    }
    return hash.toString();
  }
}

double _radians(double degrees) => degrees * math.pi / 180;

double _half(double from, double to) => math.pow(math.sin(_radians(to - from) / 2), 2).toDouble();

/// Finds a value between -bound and bound, one bit at a time.
final class _Halving {
  _Halving(this.value, double bound)
      : _least = -bound,
        _most = bound;

  final double value;
  double _least;
  double _most;

  /// 1 where the value is in the upper half of what is left.
  int next() {
    final middle = (_least + _most) / 2;
    if (value > middle) {
      _least = middle;
      return 1;
    }
    _most = middle;
    return 0;
  }
}
