import 'package:cloud_firestore/cloud_firestore.dart';
import 'package:firebase_auth/firebase_auth.dart';
import 'package:firebase_core/firebase_core.dart';
import 'package:firebase_storage/firebase_storage.dart';

import 'tiffin.dart';
import 'transport.dart';

/// The ports of the local stack: those of the official emulators, moved together by the stack's offset.
final class LocalPorts {
  const LocalPorts({this.auth = 9099, this.firestore = 8080, this.functions = 5001, this.storage = 9199});

  final int auth;
  final int firestore;
  final int functions;
  final int storage;
}

/// Connects an app to the local stack (`npm start`), before its first request, and returns the transport for [Tiffin]. An
/// Android emulator reaches the stack at `10.0.2.2`.
Future<CallTransport> connectToLocalStack(
  FirebaseApp firebase, {
  String host = '127.0.0.1',
  LocalPorts ports = const LocalPorts(),
  String region = Tiffin.defaultRegion,
}) async {
  await FirebaseAuth.instanceFor(app: firebase).useAuthEmulator(host, ports.auth);
  FirebaseFirestore.instanceFor(app: firebase).useFirestoreEmulator(host, ports.firestore);
  await FirebaseStorage.instanceFor(app: firebase).useStorageEmulator(host, ports.storage);
  return LocalTransport(firebase, host: host, port: ports.functions, region: region);
}
