import 'package:cloud_firestore/cloud_firestore.dart';

import '../core/geo.dart';
import 'session.dart';

/// A position of the phone, [agoMs] before the packet is sent, at most a minute.
final class TimedFix {
  const TimedFix(this.position, {required this.agoMs});

  final LatLng position;
  final int agoMs;
}

extension Presence on Session {
  /// Shows that the courier is online. The rules accept a heartbeat every five seconds; apps send one every thirty.
  Future<void> showPresence(LatLng position) => document(['couriers', uid]).update({
        'online': true,
        'presence': {
          'lat': position.lat,
          'lng': position.lng,
          'geohash': position.geohash,
          'at': FieldValue.serverTimestamp(),
        },
      });

  /// Ends the shift, at any time: no offer comes any more.
  Future<void> goOffline() => document(['couriers', uid]).update({'online': false});
}

/// The positions of one order on its way, which its parties follow.
final class PositionStream {
  PositionStream(this.session, this.orderId);

  final Session session;
  final String orderId;
  int? _seq;

  /// Sends a packet of one to four positions, the oldest first. The rules accept one every three seconds; the zone's
  /// `limits.position` says how often apps send one. Packets are numbered on from the stored one, so that a phone that
  /// restarts or whose clock went back continues.
  Future<void> send(List<TimedFix> fixes) async {
    final reference = session.document(['couriers', session.uid, 'live', orderId]);
    final stored = _seq ?? (await reference.get()).data()?['seq'] as int? ?? 0;
    // Another packet may have read the number meanwhile.
    final next = (_seq ?? stored) + 1;
    _seq = next;
    await reference.update({
      'seq': next,
      'fixes': [
        for (final fix in fixes) {'lat': fix.position.lat, 'lng': fix.position.lng, 'agoMs': fix.agoMs},
      ],
      'at': FieldValue.serverTimestamp(),
    });
  }
}
