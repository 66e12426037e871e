import Foundation

/// When an order arrives: half of such orders come before `p50At`, nine in ten before `p90At`.
public struct Eta: Hashable, Sendable {
  public let p50At: EpochMs
  public let p90At: EpochMs

  /// Computes when an order arrives at the door, as the server does for a shared link. Nil when it is not being delivered.
  ///
  /// `position` and `door` are known once the courier rides to the door. `pace` is that of `Zone.pace(of:)`, `table` the
  /// document `Documents.etaTable`, nil where there is none.
  public init?(order: Order, position: LatLng?, door: LatLng?, pace: Double, table: EtaTable?, now: EpochMs) {
    let hour = (now.value / 3_600_000) % 24
    let ratio = table.map { $0.hours[String(hour)] ?? $0.all }
    let rideMs = Double(order.travelSeconds) * 1000 * pace
    switch order.status {
    case .placed, .accepted, .preparing, .ready:
      let planned = order.createdAtMs.value + order.prepMinutes * 60_000
      let ready = order.readyAtMs?.value ?? planned
      self.init(from: Double(max(now.value, ready)) + Eta.handOverMs, rideMs: rideMs, ratio: ratio)
    case .pickedUp:
      let leftMs = Eta.rideLeftMs(order: order, position: position, door: door, rideMs: rideMs, now: now)
      self.init(from: Double(now.value), rideMs: leftMs, ratio: ratio)
    default:
      return nil
    }
  }

  /// Without data a ride takes as long as quoted, one in ten a good third longer.
  private init(from fromMs: Double, rideMs: Double, ratio: RideRatio?) {
    p50At = EpochMs(Int64((fromMs + rideMs * (ratio?.p50 ?? 1)).rounded()))
    p90At = EpochMs(Int64((fromMs + rideMs * (ratio?.p90 ?? 1.35)).rounded()))
  }

  /// The courier's time from the counter to the departure.
  private static let handOverMs: Double = 120_000

  /// The quoted ride in proportion to the remaining distance; without a position, the rest of its time.
  private static func rideLeftMs(
    order: Order, position: LatLng?, door: LatLng?, rideMs: Double, now: EpochMs
  ) -> Double {
    if let position, let door {
      let counter = LatLng(lat: order.pickUpAt.lat, lng: order.pickUpAt.lng)
      let wayMeters = counter.distanceMeters(to: door)
      return wayMeters == 0 ? 0 : rideMs * min(1.5, position.distanceMeters(to: door) / wayMeters)
    }
    let pickedUp = order.events.last(where: { $0.action == .pickUp })?.atMs ?? now
    return max(0, Double(pickedUp.value - now.value) + rideMs)
  }
}

extension Zone {
  /// Computes how much longer a courier's vehicle takes than was quoted: 1 before a courier is found.
  public func pace(of vehicle: Vehicle?) -> Double {
    let speeds = travel.metersPerSecond.json.fields
    guard
      let quoted = Zone.speed(speeds, travel.quotedVehicle),
      let own = Zone.speed(speeds, vehicle ?? travel.quotedVehicle)
    else { return 1 }
    return quoted / own
  }

  private static func speed(_ speeds: [String: JSON], _ vehicle: Vehicle) -> Double? {
    Reading(.map(speeds)).fact(vehicle.text)
  }
}
