import 'package:cloud_firestore/cloud_firestore.dart';
import 'package:collection/collection.dart';

import '../core/reading.dart';
import '../core/reads.dart';

/// An id is empty or contains a slash, so that the path would name another document.
final class PathException implements Exception {
  const PathException(this.path);

  final List<String> path;

  @override
  String toString() => 'PathException: $path';
}

String toPath(List<String> path) {
  if (path.any((one) => one.isEmpty || one.contains('/'))) throw PathException(path);
  return path.join('/');
}

/// Converts a stored value: a Timestamp becomes milliseconds since 1970.
Object? fromStored(Object? stored) => switch (stored) {
      final Timestamp time => time.millisecondsSinceEpoch,
      final Map<Object?, Object?> map => map.map((key, one) => MapEntry('$key', fromStored(one))),
      final List<Object?> list => list.map(fromStored).toList(),
      _ => stored,
    };

/// Reads a document; null where it does not exist.
T? readSnapshot<T>(DocumentSnapshot<Map<String, dynamic>> snapshot, T Function(Reading reading) read) {
  final data = snapshot.data();
  return data == null ? null : read(Reading(fromStored(data)));
}

/// The snapshots that a listener reports. The SDK shows a document that is not on the phone as one that does not exist:
/// nothing is reported of it before the server has answered. That answer changes the metadata alone, and other such
/// changes are dropped.
Stream<DocumentSnapshot<Map<String, dynamic>>> changesOf(DocumentReference<Map<String, dynamic>> reference) => reference
    .snapshots(includeMetadataChanges: true)
    .skipWhile((snapshot) => !snapshot.exists && snapshot.metadata.isFromCache)
    .distinct((one, next) => const DeepCollectionEquality().equals(one.data(), next.data()));

/// The same for a query: a page that is empty and from the phone may lack documents of the server.
Stream<QuerySnapshot<Map<String, dynamic>>> pagesOf(Query<Map<String, dynamic>> query) {
  var wasReported = false;
  return query.snapshots(includeMetadataChanges: true).where((snapshot) {
    final isReported = wasReported ? snapshot.docChanges.isNotEmpty : !isUnknown(snapshot);
    wasReported = wasReported || isReported;
    return isReported;
  });
}

/// True where the phone has no document of a query, and the server was not asked.
bool isUnknown(QuerySnapshot<Map<String, dynamic>> snapshot) => snapshot.docs.isEmpty && snapshot.metadata.isFromCache;

Query<Map<String, dynamic>> applyFilter(Query<Map<String, dynamic>> query, QueryFilter filter) {
  final value = toOperand(filter);
  return switch (filter.operator_) {
    Operator.equal when value == null => query.where(filter.field, isNull: true),
    Operator.equal => query.where(filter.field, isEqualTo: value),
    Operator.isIn => query.where(filter.field, whereIn: value is List<Object?> ? value : [value]),
    Operator.greater => query.where(filter.field, isGreaterThan: value),
    Operator.greaterOrEqual => query.where(filter.field, isGreaterThanOrEqualTo: value),
    Operator.contains => query.where(filter.field, arrayContains: value),
  };
}

Object? toOperand(QueryFilter filter) => switch (filter.value) {
      final int milliseconds when filter.isStamp => Timestamp.fromMillisecondsSinceEpoch(milliseconds),
      final other => other,
    };

/// True where the security rules of Firestore or Storage denied a read or a write.
bool isDenied(Object error) =>
    error is FirebaseException &&
    (error.code == 'permission-denied' || (error.plugin == 'firebase_storage' && error.code == 'unauthorized'));

/// True where Firestore was not reached, or where a document is not on the phone.
bool isUnavailable(FirebaseException error) => error.code == 'unavailable';

/// Gets a document from the phone; null where it is not there.
Future<DocumentSnapshot<Map<String, dynamic>>?> getFromCache(DocumentReference<Map<String, dynamic>> reference) async {
  try {
    return await reference.get(const GetOptions(source: Source.cache));
  } on FirebaseException catch (error) {
    if (isUnavailable(error)) return null;
    rethrow;
  }
}

/// Gets a document whose rules deny a `get` where it does not exist; null then.
Future<DocumentSnapshot<Map<String, dynamic>>?> getIfStored(DocumentReference<Map<String, dynamic>> reference) async {
  try {
    return await reference.get();
  } on FirebaseException catch (error) {
    if (isDenied(error)) return null;
    rethrow;
  }
}
