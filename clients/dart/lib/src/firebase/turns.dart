/// Runs tasks one after another, in the order in which they were given.
final class Turns {
  Future<void> _last = Future.value();

  /// Runs a task after those before it, also where one of them failed.
  Future<T> take<T>(Future<T> Function() task) {
    final result = _last.then((_) => task());
    _last = result.then<void>((_) {}, onError: (Object _) {});
    return result;
  }
}
