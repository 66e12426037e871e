import 'dart:async';
import 'dart:math' as math;

import '../core/generated/enumerations.dart';
import '../core/generated/types.dart';
import 'command_store.dart';
import 'session.dart';
import 'stored.dart';
import 'turns.dart';

/// Commands that are not queued keep a second apart, with a margin for the clocks.
const Duration _pace = Duration(milliseconds: 1100);

/// How many commands may wait behind the first of a queue.
const int _maxQueued = 9;

/// Ten commands wait for their answers, or sixty were given about this order.
final class TooManyCommandsException implements Exception {
  const TooManyCommandsException();
}

/// A command that is on its way.
final class SentCommand {
  SentCommand._(this._command, this._store, this.answer);

  final _OpenCommand _command;
  final CommandStore _store;

  /// Completes with the server's answer, also long after the phone was offline; fails where the rules deny it.
  final Future<CommandAnswer> answer;

  /// The id of its document: another one from when its number turned out to be used already.
  String get id => _store.idOf(_command.n);
}

/// A command without an answer. A command that the queue found has no request: it cannot be written again.
final class _OpenCommand {
  _OpenCommand(this.request, {this.n = 0, this.queued = 0});

  final CommandStep? request;
  int n;
  int queued;

  /// The attempt to store it: completes once it is stored.
  Future<void> stored = Future.value();

  /// Why it was given up.
  Object? failure;

  /// Completes once the command is answered or given up.
  Future<void> settled = Future.value();
}

/// The steps that one user takes at one order, in documents instead of calls: Firestore keeps them while the phone is
/// offline and delivers them later. A command behind another that has no answer yet waits for it on the server, which
/// refuses it if the first is refused. A command whose number is used already, by another phone of the account for
/// example, gets the next one.
final class CommandQueue {
  CommandQueue._(this._store, int commandsBefore, StoredCommand? newest)
      : _count = commandsBefore {
    if (commandsBefore > 0) _sinceLast.start();
    if (newest != null && newest.isPending) _adopt(newest, _store.flush(newest.n));
  }

  final CommandStore _store;
  int _count;

  /// Does not go back with the clock of the phone; starts with the first command.
  final Stopwatch _sinceLast = Stopwatch();

  /// The commands without an answer, each behind the one before it.
  final List<_OpenCommand> _open = [];
  final Turns _sends = Turns();

  /// What changes the count and adds to the open commands takes turns.
  final Turns _turns = Turns();

  /// How many commands this user has given about the order. An app keeps it to continue after a restart.
  int get count => _count;

  /// Sends a command, after those before it. The tenth command behind another waits for the answers before it. Throws a
  /// [TooManyCommandsException] while ten commands wait, and beyond sixty commands about an order.
  Future<SentCommand> send(CommandStep request) => _sends.take(() async {
        final command = _OpenCommand(request);
        var full = await _turns.take(() => _place(command, request));
        while (full != null) {
          await full.settled;
          full = await _turns.take(() => _place(command, request));
        }
        return SentCommand._(command, _store, _follow(command));
      });

  /// Gives a command its number and writes it. Returns the last command of a queue that is full.
  Future<_OpenCommand?> _place(_OpenCommand command, CommandStep request) async {
    if (_open.isEmpty && _sinceLast.isRunning) await Future<void>.delayed(_pace - _sinceLast.elapsed);
    final before = _open.lastOrNull;
    if (_count >= maxCommands || _open.length > _maxQueued) throw const TooManyCommandsException();
    if (before != null && before.queued >= _maxQueued) return before;
    final n = _count + 1;
    final queued = before == null ? 0 : before.queued + 1;
    final stored = _store.write(request, n: n, queued: queued);
    // The one that follows the command handles the error.
    stored.ignore();
    command
      ..n = n
      ..queued = queued
      ..stored = stored
      ..failure = null;
    _count = n;
    _open.add(command);
    return null;
  }

  /// Takes a command into the queue that another phone, or this one before a restart, has written.
  void _adopt(StoredCommand found, Future<void> stored) {
    stored.ignore();
    final command = _OpenCommand(null, n: found.n, queued: found.queued)..stored = stored;
    _open.add(command);
    _follow(command);
  }

  Future<CommandAnswer> _follow(_OpenCommand command) {
    final answer = _waitForAnswer(command);
    // An app may look at the order instead of the answer.
    command.settled = answer.then<void>((_) {}, onError: (Object _) {});
    answer.ignore();
    return answer;
  }

  Future<CommandAnswer> _waitForAnswer(_OpenCommand command) async {
    try {
      while (true) {
        final attempt = command.stored;
        final error = await _failureOf(attempt);
        if (error == null) break;
        await _turns.take(() => _repair(command, attempt, error));
        final failure = command.failure;
        if (failure != null) throw failure;
      }
      return await _store.answerTo(command.n);
    } finally {
      _open.remove(command);
      _restart();
    }
  }

  void _restart() => _sinceLast
    ..reset()
    ..start();

  /// Waits for the attempt. Returns why it failed; null where the command is stored.
  Future<Object?> _failureOf(Future<void> attempt) => attempt.then<Object?>((_) => null, onError: (Object error) => error);

  /// Writes a command that was not stored again where its number was wrong, with the commands behind it, which the rules
  /// have denied as well. Otherwise gives them up, and their numbers back.
  Future<void> _repair(_OpenCommand command, Future<void> attempt, Object error) async {
    // The command before it was repaired first, and this one with it.
    if (command.stored != attempt || command.failure != null) return;
    final chain = _open.where((one) => one.n >= command.n).toList();
    for (final one in chain) {
      one.failure = await _failureOf(one.stored);
    }
    final denied = chain.where((one) => one.failure != null).toList();
    _open.removeWhere(denied.contains);
    final isWrong = isDenied(error) && await _isMisnumbered(command.n);
    _count = math.min(_count, command.n - 1);
    if (!isWrong) return;
    try {
      await _countAgain();
    } on Exception {
      // The server cannot be reached any more: the commands are given up.
      return;
    }
    for (final one in denied) {
      await _placeAgain(one);
    }
  }

  Future<void> _placeAgain(_OpenCommand command) async {
    final request = command.request;
    if (request == null) return;
    try {
      final full = await _place(command, request);
      if (full != null) command.failure = const TooManyCommandsException();
    } on Exception catch (error) {
      command.failure = error;
    }
  }

  /// True where the number is used, or the one before it is not.
  Future<bool> _isMisnumbered(int n) async {
    try {
      return await _store.find(n) != null || (n > 1 && await _store.find(n - 1) == null);
    } on Exception {
      return false;
    }
  }

  /// Finds the newest command, from the one that should be it.
  Future<void> _countAgain() async {
    final last = _count > 0 ? await _store.find(_count) : null;
    final newest = last == null ? await _store.findNewest() : await _store.findNext(last);
    _count = newest?.n ?? 0;
    // It may have been written a moment ago.
    _restart();
    if (newest != null && newest.isPending && _open.lastOrNull?.n != newest.n) _adopt(newest, Future.value());
  }
}

/// Opens the queue of the user's commands about an order. [commandsBefore] is the `count` of the queue before: with it,
/// and a session that was opened with its `authTime`, the queue opens without the network. Without it the queue looks for
/// the last command, one read for each that was given.
Future<CommandQueue> openCommands(Session session, String orderId, CommandRole role, {int? commandsBefore}) async {
  final store = CommandStore(session, orderId, role);
  final newest = commandsBefore == null ? await store.findNewest() : await store.findInCache(commandsBefore);
  return CommandQueue._(store, commandsBefore ?? newest?.n ?? 0, newest);
}
