import FirebaseFirestore
import Foundation
import TiffinCore

/// What a user writes under rules, without a call.
extension Session {
  /// How many messages one user may write about one order.
  private static let maxMessages = 200

  /// Registers this phone for pushes. A user has at most twenty devices; the oldest are removed.
  public func registerDevice(id: String, _ device: Device) async throws {
    try await own("devices", id).setData(device.dictionary)
  }

  /// Ends the pushes to this phone, for example when its user signs out.
  public func removeDevice(id: String) async throws {
    try await own("devices", id).delete()
  }

  /// Saves an address as `home`, `work` or `other-0` to `other-19`.
  public func saveAddress(id: String, _ address: SavedAddress) async throws {
    try await own("addresses", id).setData(address.dictionary)
  }

  public func removeAddress(id: String) async throws {
    try await own("addresses", id).delete()
  }

  public func addFavourite(restaurantId: String) async throws {
    try await own("favourites", restaurantId).setData(["addedAt": FieldValue.serverTimestamp()])
  }

  public func removeFavourite(restaurantId: String) async throws {
    try await own("favourites", restaurantId).delete()
  }

  /// Stores the cart, so that it follows the user to another phone.
  public func saveCart(restaurantId: String, lines: [CartLineToSend]) async throws {
    let cart: [String: Any] = [
      "restaurantId": restaurantId,
      "lines": lines.map { $0.dictionary },
      "itemIds": idsInCart(lines),
      "updatedAt": FieldValue.serverTimestamp(),
    ]
    try await document("carts", uid).setData(cart)
  }

  public func removeCart() async throws {
    try await document("carts", uid).delete()
  }

  /// Saves the menu that managers edit; `Calls.publishMenu` checks and publishes it.
  public func saveMenuDraft(restaurantId: String, _ draft: MenuDraftToSend) async throws {
    try await document("restaurants", restaurantId, "menus", "draft").setData(draft.dictionary)
  }

  /// Marks a notification as read; only once.
  public func markNotificationRead(eventId: String) async throws {
    try await own("inbox", eventId).updateData(["readAt": FieldValue.serverTimestamp()])
  }

  /// Marks the chat of an order as read up to the time of a message.
  public func markChatRead(orderId: String, upTo time: EpochMs) async throws {
    try await own("reads", orderId).setData(["readUpTo": toTimestamp(time)])
  }

  /// Writes the user's n-th message about an order, counted over both chats from 1: one more than `countMessages` at
  /// first. The number makes a repeated write the same message. The rules accept one each second, and deny a number that
  /// is used: a `MessageQueue` keeps to both. The other party sees the message once the server has filtered it.
  public func sendMessage(_ text: String, n: Int, as role: CommandRole, in thread: ChatThread) async throws {
    let message: [String: Any] = [
      "uid": uid, "role": role.text, "n": n, "text": text, "state": "new", "authTime": authTime,
      "customerId": thread.customerId,
      "restaurantId": thread.restaurantId.json.any,
      "courierId": thread.courierId.json.any,
      "createdAt": FieldValue.serverTimestamp(),
    ]
    try await document("orders", thread.orderId, "messages", "\(uid)-\(n)").setData(message)
  }

  /// Counts the user's messages about an order, those on the phone included that are not sent yet. It needs at most fifteen
  /// reads. Where the server cannot be reached, it counts those on the phone.
  public func countMessages(orderId: String) async throws -> Int {
    do {
      return try await findLast(upTo: Session.maxMessages) { n in
        let message = try document("orders", orderId, "messages", "\(uid)-\(n)")
        let cached = try await message.getFromCache()
        if let cached, cached.exists { return true }
        let stored = try await message.getIfStored()
        return stored?.exists ?? false
      }
    } catch let error where isUnavailable(error) {
      for n in stride(from: Session.maxMessages, to: 0, by: -1) {
        let message = try document("orders", orderId, "messages", "\(uid)-\(n)")
        let cached = try await message.getFromCache()
        if let cached, cached.exists { return n }
      }
      return 0
    }
  }

  func own(_ collection: String, _ id: String) throws -> DocumentReference {
    try document("users", uid, collection, id)
  }

  func document(_ path: String...) throws -> DocumentReference {
    db.document(try toPath(path))
  }
}

/// A chat of an order: between its customer and either the restaurant or the courier.
public struct ChatThread: Hashable, Sendable {
  public let orderId: String
  public let customerId: String
  let restaurantId: String?
  let courierId: String?

  public static func withRestaurant(_ restaurantId: String, orderId: String, customerId: String) -> ChatThread {
    ChatThread(orderId: orderId, customerId: customerId, restaurantId: restaurantId, courierId: nil)
  }

  public static func withCourier(_ courierId: String, orderId: String, customerId: String) -> ChatThread {
    ChatThread(orderId: orderId, customerId: customerId, restaurantId: nil, courierId: courierId)
  }
}
