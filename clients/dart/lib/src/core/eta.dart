import 'dart:math' as math;

import 'generated/enumerations.dart';
import 'generated/types.dart';
import 'geo.dart';
import 'scalars.dart';

/// The courier's time from the counter to the departure.
const int _handOverMs = 120000;
const List<OrderStatus> _beforePickUp = [
  OrderStatus.placed,
  OrderStatus.accepted,
  OrderStatus.preparing,
  OrderStatus.ready,
];

/// When an order arrives: half of such orders come before [p50At], nine in ten before [p90At].
final class Eta {
  const Eta(this.p50At, this.p90At);

  /// Without data a ride takes as long as quoted, one in ten a good third longer.
  factory Eta._from(num fromMs, double rideMs, RideRatio? ratio) => Eta(
        EpochMs((fromMs + rideMs * (ratio?.p50 ?? 1)).round()),
        EpochMs((fromMs + rideMs * (ratio?.p90 ?? 1.35)).round()),
      );

  final EpochMs p50At;
  final EpochMs p90At;
}

/// Computes when an order arrives at the door, as the server does for a shared link. Null when it is not being delivered.
///
/// [position] and [door] are known once the courier rides to the door. [pace] is that of [paceOf], [table] the document
/// `Documents.etaTable`, null where there is none.
Eta? computeEta({
  required Order order,
  required LatLng? position,
  required LatLng? door,
  required double pace,
  required EtaTable? table,
  required EpochMs now,
}) {
  final ratio = table?.hours['${now.value ~/ 3600000 % 24}'] ?? table?.all;
  final rideMs = order.travelSeconds * 1000 * pace;
  if (_beforePickUp.contains(order.status)) {
    final readyMs = order.readyAtMs?.value ?? order.createdAtMs.value + order.prepMinutes * 60000;
    return Eta._from(math.max(now.value, readyMs) + _handOverMs, rideMs, ratio);
  }
  if (order.status != OrderStatus.pickedUp) return null;
  return Eta._from(now.value, _rideLeftMs(order, position, door, rideMs, now), ratio);
}

/// The quoted ride in proportion to the remaining distance; without a position, the rest of its time.
double _rideLeftMs(Order order, LatLng? position, LatLng? door, double rideMs, EpochMs now) {
  if (position != null && door != null) {
    final wayMeters = LatLng(order.pickUpAt.lat, order.pickUpAt.lng).distanceMetersTo(door);
    return wayMeters == 0 ? 0 : rideMs * math.min(1.5, position.distanceMetersTo(door) / wayMeters);
  }
  final pickUps = order.events.where((event) => event.action == OrderEventAction.pickUp);
  final pickedUpMs = pickUps.isEmpty ? now.value : pickUps.last.atMs.value;
  return math.max(0, pickedUpMs - now.value + rideMs);
}

/// Computes how much longer a courier's vehicle takes than was quoted: 1 before a courier is found.
double paceOf(Zone zone, Vehicle? vehicle) {
  final speeds = zone.travel.metersPerSecond.toJson();
  final quoted = speeds[zone.travel.quotedVehicle.text];
  final own = speeds[(vehicle ?? zone.travel.quotedVehicle).text];
  return quoted is double && own is double ? quoted / own : 1;
}
