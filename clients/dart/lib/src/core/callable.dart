import 'generated/refusal.dart';
import 'reading.dart';
import 'value.dart';

/// A callable function of the backend, with the types of its input and output.
final class Callable<I extends ContractValue, O extends ContractValue> {
  const Callable({
    required this.name,
    required this.read,
    required this.isLimitedUse,
    required this.reasons,
  });

  final String name;
  final O Function(Reading reading) read;

  /// True where the call needs an App Check token of limited use.
  final bool isLimitedUse;

  /// The reasons with which this callable may refuse, besides those of every callable.
  final List<String> reasons;
}

/// A refused call. Everything else, such as no connection, stays the exception of the Firebase SDK.
final class RefusedException implements Exception {
  const RefusedException(this.refusal);

  final Refusal refusal;

  /// Reads the details of an exception of the Functions SDK; null where they name no reason.
  static RefusedException? of(Object? details) {
    final reading = Reading(details);
    final reason = reading.tag('reason');
    return reason.isEmpty ? null : RefusedException(Refusal.read(reason, reading.raw));
  }

  @override
  String toString() => 'RefusedException: ${refusal.reason}';
}
