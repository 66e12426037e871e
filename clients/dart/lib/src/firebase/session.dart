import 'package:cloud_firestore/cloud_firestore.dart';
import 'package:firebase_auth/firebase_auth.dart';

import 'stored.dart';
import 'tiffin.dart';

/// No user is signed in.
final class SignInRequiredException implements Exception {
  const SignInRequiredException();
}

/// A signed-in user of an app: what the functions for own data, chats, commands and positions take.
final class Session {
  const Session({
    required this.uid,
    required this.authTime,
    required this.db,
    this.restaurants = const [],
    this.isCourier = false,
  });

  final String uid;

  /// When the user signed in, in seconds since 1970. Commands and messages contain it. An app may keep it: see
  /// [openSession].
  final int authTime;

  /// The ids of the restaurants that the user works for; at most twelve are in a token.
  final List<String> restaurants;

  /// True for a courier whose application was approved.
  final bool isCourier;
  final FirebaseFirestore db;

  DocumentReference<Map<String, dynamic>> document(List<String> path) => db.doc(toPath(path));

  /// A document of the user in one of the user's collections.
  DocumentReference<Map<String, dynamic>> own(String collection, String id) => document(['users', uid, collection, id]);
}

/// Opens the session of the user who is signed in. Throws a [SignInRequiredException] where no user is. Where the network
/// is needed for a fresh token and missing, the session has the [authTime] that the app kept, and no roles.
Future<Session> openSession(Tiffin tiffin, {int? authTime}) async {
  final user = FirebaseAuth.instanceFor(app: tiffin.firebase).currentUser;
  if (user == null) throw const SignInRequiredException();
  try {
    final token = await user.getIdTokenResult();
    final signedInAt = token.authTime;
    if (signedInAt == null) throw const SignInRequiredException();
    final claims = token.claims ?? const <String, dynamic>{};
    return Session(
      uid: user.uid,
      authTime: signedInAt.millisecondsSinceEpoch ~/ 1000,
      db: tiffin.db,
      restaurants: switch (claims['merchant']) {
        final Map<Object?, Object?> merchant => [for (final id in merchant.keys) '$id'],
        _ => const [],
      },
      isCourier: claims['role'] == 'courier',
    );
  } on FirebaseAuthException catch (error) {
    if (authTime == null || error.code != 'network-request-failed') rethrow;
    return Session(uid: user.uid, authTime: authTime, db: tiffin.db);
  }
}
