import 'scalars.dart';

/// A value does not have the type that the contract names: the app and the server differ by a major version.
final class ReadingException implements Exception {
  const ReadingException(this.path, this.expected);

  /// The path of the value, for example `lines[2].quantity`.
  final String path;

  /// The type that was expected.
  final String expected;

  @override
  String toString() => 'ReadingException: $path is no $expected';
}

/// The largest double that is one whole number only: 2^53. A conversion would turn larger ones into the largest int.
const double _maxExact = 9007199254740992;

/// A value that is being read, with its path. Times are milliseconds since 1970. Unknown properties, texts and cases are
/// no errors.
final class Reading {
  const Reading(this.value, [this.path = '']);

  /// Null where the property is absent.
  final Object? value;
  final String path;

  /// The properties of the value as they arrived; none where it is no map.
  Map<String, Object?> get raw => switch (value) {
        final Map<Object?, Object?> found => found.map((key, one) => MapEntry('$key', one)),
        _ => const {},
      };

  /// A property. [or] stands for an absent one.
  Reading field(String name, {Object? or}) {
    final found = value;
    final isPresent = found is Map && found.containsKey(name);
    return Reading(isPresent ? found[name] : or, path.isEmpty ? name : '$path.$name');
  }

  /// The text that tells the cases of a union apart; empty where it is absent.
  String tag(String name) => switch (field(name).value) {
        final String text => text,
        _ => '',
      };

  /// Reads a value that may be absent or null.
  T? orNull<T>(T Function(Reading reading) read) => value == null ? null : read(this);

  /// Reads a fact of a refusal; null where it is absent or of another type.
  T? fact<T>(T Function(Reading reading) read) {
    try {
      return orNull(read);
    } on ReadingException {
      return null;
    }
  }

  String text() => switch (value) {
        final String found => found,
        _ => throw mismatch('text'),
      };

  bool boolean() => switch (value) {
        final bool found => found,
        _ => throw mismatch('boolean'),
      };

  /// A codec may pass on a whole number as a decimal one.
  int integer() => switch (value) {
        final int found => found,
        final double found when found == found.truncateToDouble() && found.abs() <= _maxExact => found.toInt(),
        _ => throw mismatch('integer'),
      };

  double decimal() => switch (value) {
        final num found => found.toDouble(),
        _ => throw mismatch('number'),
      };

  Minor minor() => Minor(integer());

  EpochMs time() => EpochMs(integer());

  /// Reads a time of the server. A local snapshot has null until the server sets it: the clock of the phone stands for it.
  EpochMs stamp() => value == null ? EpochMs.now() : time();

  Object? json() => value;

  List<T> list<T>(T Function(Reading reading) read) => switch (value) {
        final List<Object?> found => [
            for (final (index, one) in found.indexed) read(Reading(one, '$path[$index]')),
          ],
        _ => throw mismatch('list'),
      };

  Map<String, T> map<T>(T Function(Reading reading) read) => switch (value) {
        final Map<Object?, Object?> found => found.map(
            (key, one) => MapEntry('$key', read(Reading(one, '$path.$key'))),
          ),
        _ => throw mismatch('map'),
      };

  ReadingException mismatch(String expected) => ReadingException(path, expected);
}
