import 'package:cloud_firestore/cloud_firestore.dart';

import '../core/generated/enumerations.dart';
import '../core/generated/types.dart';
import '../core/reading.dart';
import 'session.dart';
import 'stored.dart';

/// How many commands one user may give about one order.
const int maxCommands = 60;

/// A command that is stored, on the server or on the phone.
final class StoredCommand {
  const StoredCommand(this.n, {required this.queued, required this.isPending});

  final int n;

  /// The number of commands before it in its queue.
  final int queued;
  final bool isPending;
}

/// The commands of one user about one order.
final class CommandStore {
  const CommandStore(this.session, this.orderId, this.role);

  final Session session;
  final String orderId;
  final CommandRole role;

  String idOf(int n) => '${session.uid}-command-$n';

  /// Writes a command, behind its predecessor where [queued] is above 0. Completes once the server has stored it, and
  /// fails where the rules deny it.
  Future<void> write(CommandStep request, {required int n, required int queued}) => _document(n).set({
        'uid': session.uid,
        'role': role.text,
        'n': n,
        'request': request.toJson(),
        'createdAt': FieldValue.serverTimestamp(),
        'authTime': session.authTime,
        'answer': {'state': 'pending'},
        if (queued > 0) 'after': idOf(n - 1),
        if (queued > 0) 'queued': queued,
      });

  /// Finds a command on the phone or on the server.
  Future<StoredCommand?> find(int n) async =>
      await findInCache(n) ?? _toStored(n, await getIfStored(_document(n)));

  Future<StoredCommand?> findInCache(int n) async => _toStored(n, await getFromCache(_document(n)));

  /// Finds the newest command: one read for each that was given. Where the server cannot be reached, it is the newest
  /// one on the phone.
  Future<StoredCommand?> findNewest() async {
    try {
      return await findNext(null);
    } on FirebaseException catch (error) {
      if (!isUnavailable(error)) rethrow;
      // The phone may not have all of them.
      for (var n = maxCommands; n >= 1; n -= 1) {
        final found = await findInCache(n);
        if (found != null) return found;
      }
      return null;
    }
  }

  /// Finds the last command that follows one without a gap; that one where there is no other.
  Future<StoredCommand?> findNext(StoredCommand? first) async {
    var newest = first;
    for (var n = (first?.n ?? 0) + 1; n <= maxCommands; n += 1) {
      final next = await find(n);
      if (next == null) break;
      newest = next;
    }
    return newest;
  }

  /// Completes once what the phone had written before is stored, with the command among it. Fails where it was denied.
  Future<void> flush(int n) async {
    await session.db.waitForPendingWrites();
    if (await find(n) == null) throw StateError('command $n was denied');
  }

  /// Completes with the server's answer to a command that is stored.
  Future<CommandAnswer> answerTo(int n) => _document(n)
      .snapshots()
      // The phone may have dropped a command that is on the server.
      .where((snapshot) => snapshot.exists)
      .map(_toAnswer)
      .firstWhere((answer) => answer is! CommandAnswerPending);

  DocumentReference<Map<String, dynamic>> _document(int n) =>
      session.document(['orders', orderId, 'commands', idOf(n)]);

  CommandAnswer _toAnswer(DocumentSnapshot<Map<String, dynamic>> snapshot) =>
      CommandAnswer.read(Reading(fromStored(snapshot.data()?['answer'])));

  StoredCommand? _toStored(int n, DocumentSnapshot<Map<String, dynamic>>? snapshot) {
    final data = snapshot?.data();
    if (snapshot == null || data == null) return null;
    final queued = data['queued'];
    return StoredCommand(
      n,
      queued: queued is int ? queued : 0,
      isPending: _toAnswer(snapshot) is CommandAnswerPending,
    );
  }
}
