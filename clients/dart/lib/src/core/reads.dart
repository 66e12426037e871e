import 'reading.dart';
import 'value.dart';

/// A document that the rules allow a user to get.
final class DocumentRead<T extends ContractValue> {
  const DocumentRead({required this.path, required this.read});

  /// The names and ids from the root.
  final List<String> path;
  final T Function(Reading reading) read;
}

/// A query that the rules allow.
final class QueryRead<T extends ContractValue> {
  const QueryRead({
    required this.collection,
    required this.read,
    required this.filters,
    this.ordering,
    required this.limit,
  });

  /// The names and ids from the root to the collection.
  final List<String> collection;
  final T Function(Reading reading) read;
  final List<QueryFilter> filters;
  final Ordering? ordering;

  /// The documents of a page. The rules refuse more than 50.
  final int limit;
}

enum Operator { equal, isIn, greater, greaterOrEqual, contains }

final class QueryFilter {
  const QueryFilter(this.field, this.operator_, this.value, {this.isStamp = false});

  final String field;
  final Operator operator_;
  final Object? value;

  /// True where the field holds a Timestamp; [value] is in milliseconds.
  final bool isStamp;
}

final class Ordering {
  const Ordering(this.field, {required this.isDescending});

  final String field;
  final bool isDescending;
}
