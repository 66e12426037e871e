import 'package:firebase_core/firebase_core.dart';

import '../core/generated/enumerations.dart';
import 'own_data.dart';
import 'session.dart';
import 'stored.dart';
import 'turns.dart';

/// The rules accept a message each second; with a margin for the clocks.
const Duration _pace = Duration(milliseconds: 1100);

/// The messages that one user writes about one order, in both of its chats. Each waits until the server has stored the one
/// before it, and a second. A message whose number is used already, by another phone of the account for example, gets the
/// next one. While the phone is offline, Firestore keeps the first message; the others are in memory until it is sent. An
/// app keeps one queue for each order.
final class MessageQueue {
  MessageQueue(this.session, this.orderId, this.role);

  final Session session;
  final String orderId;
  final CommandRole role;
  final Turns _turns = Turns();

  /// Null before the messages are counted.
  int? _count;

  /// Does not go back with the clock of the phone; starts with the first message.
  final Stopwatch _sinceLast = Stopwatch();

  /// Sends a message of a chat of this order, after those before it. Completes once the server has stored it; fails where
  /// the rules deny it.
  Future<void> send(ChatThread thread, String text) {
    if (thread.orderId != orderId) throw ArgumentError('this queue is of the order $orderId');
    return _turns.take(() => _sendNext(thread, text));
  }

  Future<void> _sendNext(ChatThread thread, String text) async {
    var before = _count ?? await _countStored();
    while (true) {
      if (_sinceLast.isRunning) await Future<void>.delayed(_pace - _sinceLast.elapsed);
      final n = before + 1;
      _count = null;
      try {
        await session.sendMessage(thread, role, n, text);
        _count = n;
        _restart();
        return;
      } on FirebaseException catch (error) {
        _restart();
        if (!isDenied(error)) rethrow;
        before = await _countStored();
        if (before == n - 1) rethrow;
      }
    }
  }

  /// Counts once those that an earlier start of the app left on the phone are sent: the last may be a moment old.
  Future<int> _countStored() async {
    final stored = await session.countMessages(orderId);
    if (stored == 0) return 0;
    await session.db.waitForPendingWrites();
    _restart();
    return stored;
  }

  void _restart() => _sinceLast
    ..reset()
    ..start();
}
