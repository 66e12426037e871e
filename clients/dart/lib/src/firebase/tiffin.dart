import 'dart:typed_data';

import 'package:cloud_firestore/cloud_firestore.dart';
import 'package:firebase_core/firebase_core.dart';
import 'package:firebase_storage/firebase_storage.dart';

import '../core/callable.dart';
import '../core/generated/reads.dart';
import '../core/reading.dart';
import '../core/reads.dart';
import '../core/value.dart';
import 'stored.dart';
import 'transport.dart';

/// The rules allow no query without a limit, and none of more than this, counts included.
const int _maxCount = 50;

/// A document that a query found.
final class Found<T> {
  const Found(this.id, this.data, this.cursor);

  final String id;
  final T data;

  /// For the next page: pass it as `after`.
  final DocumentSnapshot<Map<String, dynamic>> cursor;
}

/// The backend as one app sees it: callables, documents and queries, with types.
final class Tiffin {
  /// Takes an initialised app, connected to the local stack or to a project. The transport of the local stack is that of
  /// `connectToLocalStack`.
  Tiffin(
    this.firebase, {
    CallTransport? transport,
    String region = defaultRegion,
    Duration callTimeout = const Duration(seconds: 70),
  })  : db = FirebaseFirestore.instanceFor(app: firebase),
        _transport = transport ?? FunctionsTransport(firebase, region: region, timeout: callTimeout);

  /// Where the functions are deployed unless the project says otherwise.
  static const String defaultRegion = 'europe-west1';

  final FirebaseApp firebase;
  final FirebaseFirestore db;
  final CallTransport _transport;

  /// Calls a function. Throws a [RefusedException] with a typed reason where the server refuses, an exception of the
  /// transport where it was not reached. Calls with an idempotency key may be repeated with the same key.
  Future<O> call<I extends ContractValue, O extends ContractValue>(Callable<I, O> callable, I input) async {
    final Callable(:name, :isLimitedUse, :read) = callable;
    return read(Reading(await _transport.call(name, input.toJson(), isLimitedUse: isLimitedUse)));
  }

  /// Gets the document of a screen; null where it does not exist. The rules deny some documents where they do not exist,
  /// as [Documents] says for each: [isDenied] is then true of the exception.
  Future<T?> getDocument<T extends ContractValue>(DocumentRead<T> read) async =>
      readSnapshot(await db.doc(toPath(read.path)).get(), read.read);

  /// Listens to the document of a screen: its current state and each change, null where [getDocument]
  /// completes with null. While the phone is offline, nothing comes of a document that is not on the phone.
  Stream<T?> listen<T extends ContractValue>(DocumentRead<T> read) =>
      changesOf(db.doc(toPath(read.path))).map((snapshot) => readSnapshot(snapshot, read.read));

  /// Makes a query that the rules allow, and returns a page: at most 50 documents, after the one of [after]. While the
  /// phone is offline, the page has what is on the phone; where nothing is, it fails with the code `unavailable`.
  Future<List<Found<T>>> find<T extends ContractValue>(
    QueryRead<T> read, {
    int? limit,
    DocumentSnapshot<Map<String, dynamic>>? after,
  }) async {
    final snapshot = await _toQuery(read, limit: limit, after: after).get();
    if (isUnknown(snapshot)) {
      const problem = 'the server was not reached, and the phone has no document of the query';
      throw FirebaseException(plugin: 'cloud_firestore', code: 'unavailable', message: problem);
    }
    return _found(snapshot, read);
  }

  /// Counts what a query finds, at most 50: the rules allow no larger count. It is billed as one read.
  Future<int> count<T extends ContractValue>(QueryRead<T> read) async {
    final snapshot = await _toQuery(read, limit: _maxCount).count().get();
    return snapshot.count ?? 0;
  }

  /// Listens to a query: the whole page after each change. While the phone is offline, an empty page is not reported.
  Stream<List<Found<T>>> listenAll<T extends ContractValue>(QueryRead<T> read) =>
      pagesOf(_toQuery(read)).map((snapshot) => _found(snapshot, read));

  /// Uploads a photo or a paper to a path that the storage rules allow. The app's options need a storage bucket.
  Future<void> upload(String path, Uint8List bytes, String contentType) async {
    final reference = FirebaseStorage.instanceFor(app: firebase).ref(path);
    await reference.putData(bytes, SettableMetadata(contentType: contentType));
  }

  List<Found<T>> _found<T extends ContractValue>(QuerySnapshot<Map<String, dynamic>> snapshot, QueryRead<T> read) => [
        for (final one in snapshot.docs) Found(one.id, read.read(Reading(fromStored(one.data()))), one),
      ];

  Query<Map<String, dynamic>> _toQuery<T extends ContractValue>(
    QueryRead<T> read, {
    int? limit,
    DocumentSnapshot<Map<String, dynamic>>? after,
  }) {
    Query<Map<String, dynamic>> query = db.collection(toPath(read.collection));
    query = read.filters.fold(query, applyFilter);
    if (read.ordering case Ordering(:final field, :final isDescending)) {
      query = query.orderBy(field, descending: isDescending);
    }
    if (after != null) query = query.startAfterDocument(after);
    return query.limit(limit ?? read.limit);
  }
}
