import 'dart:async';
import 'dart:math' as math;

import 'package:cloud_firestore/cloud_firestore.dart';

import '../core/generated/enumerations.dart';
import '../core/generated/types.dart';
import '../core/reading.dart';
import 'session.dart';
import 'stored.dart';

/// Commands that are not queued keep a second apart, with a margin for the clocks.
const int _paceMs = 1100;

/// How many commands may wait behind the first of a queue.
const int _maxQueued = 9;

/// How many commands one user may give about one order.
const int _maxCommands = 60;

/// Too many commands wait for their answers, or were given about this order.
final class TooManyCommandsException implements Exception {
  const TooManyCommandsException();
}

/// A command that is on its way.
final class SentCommand {
  const SentCommand(this.id, this.answer);

  final String id;

  /// Completes with the server's answer, also long after the phone was offline; fails where the rules deny it.
  final Future<CommandAnswer> answer;
}

/// The steps that one user takes at one order, in documents instead of calls: Firestore keeps them while the phone is
/// offline and delivers them later. A command behind another that has no answer yet waits for it on the server, which
/// refuses it if the first is refused.
final class CommandQueue {
  /// [commandsBefore] is how many commands about this order the app has sent: see [openCommands].
  CommandQueue(this.session, this.orderId, this.role, int commandsBefore) : _n = commandsBefore;

  final Session session;
  final String orderId;
  final CommandRole role;
  int _n;

  /// The commands without an answer, and the newest one's place in its queue.
  int _waiting = 0;
  int _queued = 0;
  int _lastAtMs = 0;

  /// The newest command that was handed to Firestore: the next one is handed over after it.
  Future<_Stored> _handedOver = Future.value(_Stored(Future.value()));

  /// How many commands this user has given about the order. An app keeps it to continue after a restart.
  int get count => _n;

  /// Sends a command. Throws a [TooManyCommandsException].
  SentCommand send(CommandRequestToSend request) {
    final isBehind = _waiting > 0;
    if (_n >= _maxCommands || (isBehind && _queued >= _maxQueued)) throw const TooManyCommandsException();
    _queued = isBehind ? _queued + 1 : 0;
    _n += 1;
    _waiting += 1;
    final n = _n;
    final id = _idOf(n);
    final command = {
      'uid': session.uid,
      'role': role.text,
      'n': _n,
      'request': request.toJson(),
      'createdAt': FieldValue.serverTimestamp(),
      'authTime': session.authTime,
      'answer': {'state': 'pending'},
      if (isBehind) 'after': _idOf(_n - 1),
      if (isBehind) 'queued': _queued,
    };
    final pauseMs = isBehind ? 0 : math.max(0, _lastAtMs + _paceMs - DateTime.now().millisecondsSinceEpoch);
    final answer = _write(n, command, pauseMs);
    // An app may look at the order instead of the answer.
    answer.ignore();
    return SentCommand(id, answer);
  }

  String _idOf(int n) => '${session.uid}-command-$n';

  /// Completes once the server has answered. The rules allow to listen to a command only once it is stored.
  Future<CommandAnswer> _write(int n, Map<String, Object?> command, int pauseMs) async {
    final reference = session.document(['orders', orderId, 'commands', _idOf(n)]);
    final before = _handedOver;
    final handedOver = _handOver(before, reference, command, pauseMs);
    _handedOver = handedOver;
    try {
      await (await handedOver).stored;
      return await reference
          .snapshots()
          .map((snapshot) => CommandAnswer.read(Reading(fromStored(snapshot.data()?['answer']))))
          .firstWhere((answer) => answer is! CommandAnswerPending);
    } on FirebaseException catch (error) {
      // What the rules deny is not stored: the next command has its number.
      if (isDenied(error)) _n = math.min(_n, n - 1);
      rethrow;
    } finally {
      _waiting -= 1;
      _lastAtMs = DateTime.now().millisecondsSinceEpoch;
    }
  }
}

/// Hands a command to Firestore, after the one [before] it and the pause.
Future<_Stored> _handOver(
  Future<_Stored> before,
  DocumentReference<Map<String, dynamic>> reference,
  Map<String, Object?> command,
  int pauseMs,
) async {
  await before;
  await Future<void>.delayed(Duration(milliseconds: pauseMs));
  return _Stored(reference.set(command));
}

/// A command that Firestore has taken; [stored] completes once the server has it.
final class _Stored {
  _Stored(this.stored);

  final Future<void> stored;
}

/// Opens the queue of the user's commands about an order. Without [commandsBefore] it looks for the last command: one
/// read for each that was given.
Future<CommandQueue> openCommands(Session session, String orderId, CommandRole role, {int? commandsBefore}) async =>
    CommandQueue(session, orderId, role, commandsBefore ?? await _countCommands(session, orderId));

Future<int> _countCommands(Session session, String orderId) async {
  for (var n = 1; n <= _maxCommands; n += 1) {
    final reference = session.document(['orders', orderId, 'commands', '${session.uid}-command-$n']);
    if (!await _isStored(reference)) return n - 1;
  }
  return _maxCommands;
}

/// The rules deny a command that does not exist.
Future<bool> _isStored(DocumentReference<Map<String, dynamic>> reference) async {
  try {
    return (await reference.get()).exists;
  } on FirebaseException catch (error) {
    if (isDenied(error)) return false;
    rethrow;
  }
}
