import 'package:cloud_firestore/cloud_firestore.dart';

import '../core/cart.dart';
import '../core/generated/enumerations.dart';
import '../core/generated/types.dart';
import '../core/scalars.dart';
import 'session.dart';
import 'stored.dart';

/// How many messages one user may write about one order.
const int _maxMessages = 200;

/// What a user writes under rules, without a call.
extension OwnData on Session {
  /// Registers this phone for pushes. A user has at most twenty devices; the oldest are removed.
  Future<void> registerDevice(String id, Device device) => own('devices', id).set(device.toJson());

  /// Ends the pushes to this phone, for example when its user signs out.
  Future<void> removeDevice(String id) => own('devices', id).delete();

  /// Saves an address as `home`, `work` or `other-0` to `other-19`.
  Future<void> saveAddress(String id, SavedAddress address) => own('addresses', id).set(address.toJson());

  Future<void> removeAddress(String id) => own('addresses', id).delete();

  Future<void> addFavourite(String restaurantId) =>
      own('favourites', restaurantId).set({'addedAt': FieldValue.serverTimestamp()});

  Future<void> removeFavourite(String restaurantId) => own('favourites', restaurantId).delete();

  /// Stores the cart, so that it follows the user to another phone.
  Future<void> saveCart(String restaurantId, List<CartLineToSend> lines) => document(['carts', uid]).set({
        'restaurantId': restaurantId,
        'lines': lines.map((line) => line.toJson()).toList(),
        'itemIds': idsInCart(lines),
        'updatedAt': FieldValue.serverTimestamp(),
      });

  Future<void> removeCart() => document(['carts', uid]).delete();

  /// Saves the menu that managers edit; `Calls.publishMenu` checks and publishes it.
  Future<void> saveMenuDraft(String restaurantId, MenuDraftToSend draft) =>
      document(['restaurants', restaurantId, 'menus', 'draft']).set(draft.toJson());

  /// Marks a notification as read; only once.
  Future<void> markNotificationRead(String eventId) =>
      own('inbox', eventId).update({'readAt': FieldValue.serverTimestamp()});

  /// Marks the chat of an order as read up to the time of a message.
  Future<void> markChatRead(String orderId, EpochMs upTo) =>
      own('reads', orderId).set({'readUpTo': Timestamp.fromMillisecondsSinceEpoch(upTo.value)});

  /// Writes the user's n-th message about an order, counted over both chats from 1: one more than [countMessages] at
  /// first. The number makes a repeated write the same message. The rules accept one each second, and deny a number that
  /// is used: a `MessageQueue` keeps to both. The other party sees the message once the server has filtered it.
  Future<void> sendMessage(ChatThread thread, CommandRole role, int n, String text) =>
      document(['orders', thread.orderId, 'messages', '$uid-$n']).set({
        'uid': uid,
        'role': role.text,
        'n': n,
        'customerId': thread.customerId,
        'restaurantId': thread.restaurantId,
        'courierId': thread.courierId,
        'text': text,
        'createdAt': FieldValue.serverTimestamp(),
        'authTime': authTime,
        'state': 'new',
      });

  /// Counts the user's messages about an order, those on the phone included that are not sent yet. It needs at most
  /// fifteen reads. Where the server cannot be reached, it counts those on the phone.
  Future<int> countMessages(String orderId) async {
    DocumentReference<Map<String, dynamic>> message(int n) => document(['orders', orderId, 'messages', '$uid-$n']);
    Future<bool> isKnown(int n) async => (await getFromCache(message(n)))?.exists ?? false;
    Future<bool> isStored(int n) async => (await getIfStored(message(n)))?.exists ?? false;
    try {
      return await findLast(_maxMessages, (n) async => await isKnown(n) || await isStored(n));
    } on FirebaseException catch (error) {
      if (!isUnavailable(error)) rethrow;
      for (var n = _maxMessages; n >= 1; n -= 1) {
        if (await isKnown(n)) return n;
      }
      return 0;
    }
  }
}

/// A chat of an order: between its customer and either the restaurant or the courier.
final class ChatThread {
  const ChatThread.withRestaurant(String this.restaurantId, {required this.orderId, required this.customerId})
      : courierId = null;

  const ChatThread.withCourier(String this.courierId, {required this.orderId, required this.customerId})
      : restaurantId = null;

  final String orderId;
  final String customerId;
  final String? restaurantId;
  final String? courierId;
}
