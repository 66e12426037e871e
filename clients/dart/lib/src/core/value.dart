/// A record or a union of the contract. Values with the same properties are equal.
abstract class ContractValue {
  const ContractValue();

  /// The value as Firestore and Functions take it. Times are milliseconds since 1970.
  Map<String, Object?> toJson();

  @override
  bool operator ==(Object other) =>
      other is ContractValue && other.runtimeType == runtimeType && isSameJson(toJson(), other.toJson());

  @override
  int get hashCode => hashJson(toJson());

  @override
  String toString() => '$runtimeType${toJson()}';
}

/// Compares two values of JSON with everything in them.
bool isSameJson(Object? left, Object? right) => switch ((left, right)) {
      (final Map<Object?, Object?> one, final Map<Object?, Object?> other) => one.length == other.length &&
          one.keys.every((key) => other.containsKey(key) && isSameJson(one[key], other[key])),
      (final List<Object?> one, final List<Object?> other) => one.length == other.length &&
          one.indexed.every((entry) => isSameJson(entry.$2, other[entry.$1])),
      _ => left == right,
    };

int hashJson(Object? value) => switch (value) {
      final Map<Object?, Object?> map => Object.hashAllUnordered(
          map.entries.map((entry) => Object.hash(entry.key, hashJson(entry.value))),
        ),
      final List<Object?> list => Object.hashAll(list.map(hashJson)),
      _ => value.hashCode,
    };

/// A property that an app may leave out, set to null or set to a value.
final class OrNull<T> {
  /// Sets the property; null removes what was set.
  const OrNull(this.value);

  final T? value;
}
