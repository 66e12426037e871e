import 'package:cloud_firestore/cloud_firestore.dart';
import 'package:firebase_auth/firebase_auth.dart';
import 'package:firebase_core/firebase_core.dart';
import 'package:firebase_storage/firebase_storage.dart';

import 'tiffin.dart';
import 'transport.dart';

/// The ports of the local stack: those of the official emulators, moved together by the stack's offset.
final class LocalPorts {
  const LocalPorts({this.auth = 9099, this.firestore = 8080, this.functions = 5001, this.storage = 9199});

  /// The ports of a stack that was started with `--port-offset`.
  const LocalPorts.withOffset(int offset)
      : auth = 9099 + offset,
        firestore = 8080 + offset,
        functions = 5001 + offset,
        storage = 9199 + offset;

  final int auth;
  final int firestore;
  final int functions;
  final int storage;
}

/// Connects an app to the local stack (`npm start`, whose `--port-offset` is [offset]), before its first request, and
/// returns the transport for [Tiffin]. On Android, `127.0.0.1` and `localhost` become the computer of the emulator,
/// `10.0.2.2`, as FlutterFire does it.
Future<CallTransport> connectToLocalStack(
  FirebaseApp firebase, {
  String host = '127.0.0.1',
  int offset = 0,
  LocalPorts? ports,
  String region = Tiffin.defaultRegion,
  Duration callTimeout = const Duration(seconds: 70),
}) async {
  final LocalPorts(:auth, :firestore, :functions, :storage) = ports ?? LocalPorts.withOffset(offset);
  await FirebaseAuth.instanceFor(app: firebase).useAuthEmulator(host, auth);
  FirebaseFirestore.instanceFor(app: firebase).useFirestoreEmulator(host, firestore);
  await FirebaseStorage.instanceFor(app: firebase).useStorageEmulator(host, storage);
  final reachable = toReachableHost(host);
  return LocalTransport(firebase, host: reachable, port: functions, region: region, timeout: callTimeout);
}
