import 'dart:convert';
import 'dart:io';

import 'package:cloud_functions/cloud_functions.dart';
import 'package:firebase_auth/firebase_auth.dart';
import 'package:firebase_core/firebase_core.dart';

import '../core/callable.dart';

/// How calls reach the functions.
abstract interface class CallTransport {
  /// Returns the answer. Throws a [RefusedException] where the server refuses.
  Future<Object?> call(String name, Map<String, Object?> input, {required bool isLimitedUse});
}

/// Calls by the Functions SDK, with the tokens of App Check.
final class FunctionsTransport implements CallTransport {
  FunctionsTransport(FirebaseApp firebase, {required String region, required this.timeout})
      : _functions = FirebaseFunctions.instanceFor(app: firebase, region: region);

  final FirebaseFunctions _functions;
  final Duration timeout;

  @override
  Future<Object?> call(String name, Map<String, Object?> input, {required bool isLimitedUse}) async {
    final options = HttpsCallableOptions(timeout: timeout, limitedUseAppCheckToken: isLimitedUse);
    try {
      final result = await _functions.httpsCallable(name, options: options).call<Object?>(input);
      return result.data;
    } on FirebaseFunctionsException catch (error) {
      throw RefusedException.of(error.details) ?? error;
    }
  }
}

/// Calls to the local stack. FlutterFire has no App Check provider of an app's own, and its debug provider needs the
/// service of Google: this transport sends the unsigned token that the emulators accept. Not for the web.
final class LocalTransport implements CallTransport {
  LocalTransport(this.firebase, {required this.host, required this.port, required this.region, required this.timeout});

  final FirebaseApp firebase;
  final String host;
  final int port;
  final String region;
  final Duration timeout;
  final HttpClient _client = HttpClient();

  /// Fails with a TimeoutException where the functions do not answer in time.
  @override
  Future<Object?> call(String name, Map<String, Object?> input, {required bool isLimitedUse}) =>
      _send(name, input).timeout(timeout);

  Future<Object?> _send(String name, Map<String, Object?> input) async {
    final FirebaseOptions(:projectId, :appId) = firebase.options;
    final idToken = await FirebaseAuth.instanceFor(app: firebase).currentUser?.getIdToken();
    final request = await _client.postUrl(Uri.http('$host:$port', '/$projectId/$region/$name'));
    request.headers.contentType = ContentType.json;
    request.headers.set('X-Firebase-AppCheck', createLocalToken(projectId, appId, DateTime.now()));
    if (idToken != null) request.headers.set('Authorization', 'Bearer $idToken');
    request.write(jsonEncode({'data': input}));
    final response = await request.close();
    final body = jsonDecode(await response.transform(utf8.decoder).join());
    if (body case {'result': final Object? result}) return result;
    if (body case {'error': {'details': final Object? details}}) {
      if (RefusedException.of(details) case final refused?) throw refused;
    }
    throw HttpException('$name failed with status ${response.statusCode}: $body');
  }
}

/// The address at which an app reaches the computer: an Android emulator has one of its own, which FlutterFire also uses.
String toReachableHost(String host) =>
    Platform.isAndroid && (host == '127.0.0.1' || host == 'localhost') ? '10.0.2.2' : host;

/// Creates an App Check token that the emulators accept: unsigned, for an hour.
String createLocalToken(String projectId, String appId, DateTime now) {
  final nowSeconds = now.millisecondsSinceEpoch ~/ 1000;
  final claims = {
    'iss': 'https://firebaseappcheck.googleapis.com/$projectId',
    'sub': appId,
    'aud': ['projects/$projectId'],
    'iat': nowSeconds,
    'exp': nowSeconds + 3600,
  };
  return '${_toPart({'alg': 'none', 'typ': 'JWT'})}.${_toPart(claims)}.';
}

/// URL-safe base64 of JSON.
String _toPart(Map<String, Object?> value) =>
    base64Url.encode(utf8.encode(jsonEncode(value))).replaceAll('=', '');
