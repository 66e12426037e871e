import 'dart:convert';

import 'package:crypto/crypto.dart';

/// Computes the key of a member of staff, by which the kitchen's board finds the open orders of a restaurant.
String staffKeyOf(String uid) => _shortDigest(uid);

/// Computes the id of a courier's account in the ledger, below which the courier's days are.
String accountIdOf(String uid) => _shortDigest('ledger:$uid');

/// The first twenty hexadecimal digits of a SHA-256.
String _shortDigest(String text) => sha256.convert(utf8.encode(text)).toString().substring(0, 20);
