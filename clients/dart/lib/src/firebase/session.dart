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
  const Session({required this.uid, required this.authTime, required this.db});

  final String uid;

  /// When the user signed in, in seconds since 1970. Commands and messages contain it.
  final int authTime;
  final FirebaseFirestore db;

  DocumentReference<Map<String, dynamic>> document(List<String> path) => db.doc(toPath(path));

  /// A document of the user in one of the user's collections.
  DocumentReference<Map<String, dynamic>> own(String collection, String id) => document(['users', uid, collection, id]);
}

/// Opens the session of the user who is signed in. Throws a [SignInRequiredException] where no user is.
Future<Session> openSession(Tiffin tiffin) async {
  final user = FirebaseAuth.instanceFor(app: tiffin.firebase).currentUser;
  final authTime = (await user?.getIdTokenResult())?.authTime;
  if (user == null || authTime == null) throw const SignInRequiredException();
  return Session(uid: user.uid, authTime: authTime.millisecondsSinceEpoch ~/ 1000, db: tiffin.db);
}
