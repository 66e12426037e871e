import Foundation

/// A place on the earth, in degrees.
public struct LatLng: Hashable, Sendable {
  public let lat: Double
  public let lng: Double

  public init(lat: Double, lng: Double) {
    self.lat = lat
    self.lng = lng
  }

  /// Computes the great-circle distance in metres, as the server does.
  public func distanceMeters(to other: LatLng) -> Double {
    let square =
      LatLng.half(lat, other.lat) + cos(LatLng.radians(lat)) * cos(LatLng.radians(other.lat)) * LatLng.half(lng, other.lng)
    return 2 * LatLng.earthRadiusMeters * atan2(square.squareRoot(), (1 - square).squareRoot())
  }

  /// Computes a geohash of nine characters: each bit halves the range of the longitude or of the latitude, in turn, five
  /// bits a character. Source: Wikipedia, "Geohash".
  public var geohash: String {
    var ofLng = Halving(value: lng, bound: 180)
    var ofLat = Halving(value: lat, bound: 90)
    var hash = ""
    for character in 0..<9 {
      var digit = 0
      for bit in 0..<5 {
        let isLng = (character * 5 + bit) % 2 == 0
        digit = digit * 2 + (isLng ? ofLng.next() : ofLat.next())
      }
      hash.append(LatLng.digits[digit])
    }
    return hash
  }

  /// The radius of the sphere that the server computes with.
  private static let earthRadiusMeters: Double = 6_371_000
  private static let digits = Array("0123456789bcdefghjkmnpqrstuvwxyz")

  private static func radians(_ degrees: Double) -> Double { degrees * Double.pi / 180 }

  private static func half(_ from: Double, _ to: Double) -> Double {
    let sine = sin(radians(to - from) / 2)
    return sine * sine
  }
}

/// Finds a value between -bound and bound, one bit at a time.
private struct Halving {
  let value: Double
  var least: Double
  var most: Double

  init(value: Double, bound: Double) {
    self.value = value
    self.least = -bound
    self.most = bound
  }

  /// 1 where the value is in the upper half of what is left.
  mutating func next() -> Int {
    let middle = (least + most) / 2
    if value > middle {
      least = middle
      return 1
    }
    most = middle
    return 0
  }
}
