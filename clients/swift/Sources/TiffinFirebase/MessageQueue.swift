import FirebaseFirestore
import Foundation
import TiffinCore

/// A queue of messages is of another order.
public struct OtherOrderError: Error {}

/// The messages that one user writes about one order, in both of its chats. Each waits until the server has stored the one
/// before it, and a second. A message whose number is used already, by another phone of the account for example, gets the
/// next one. While the phone is offline, Firestore keeps the first message; the others are in memory until it is sent.
public actor MessageQueue {
  /// The rules accept a message each second; with a margin for the clocks.
  private static let paceSeconds = 1.1

  private let session: Session
  private let orderId: String
  private let role: CommandRole
  private let turns = Turns()
  /// Nil before the messages are counted.
  private var count: Int?
  /// By the time since the phone started, which does not go back with its clock; nil before the first message.
  private var lastAtSeconds: TimeInterval?

  init(session: Session, orderId: String, role: CommandRole) {
    self.session = session
    self.orderId = orderId
    self.role = role
  }

  /// Sends a message of a chat of this order, after those before it. Returns once the server has stored it; throws where
  /// the rules deny it.
  public func send(_ text: String, in thread: ChatThread) async throws {
    if thread.orderId != orderId { throw OtherOrderError() }
    try await turns.take { try await self.sendNext(text, thread) }
  }

  private func sendNext(_ text: String, _ thread: ChatThread) async throws {
    var before: Int
    if let count {
      before = count
    } else {
      before = try await countStored()
    }
    while true {
      if let lastAtSeconds {
        let pauseSeconds = max(0, lastAtSeconds + MessageQueue.paceSeconds - ProcessInfo.processInfo.systemUptime)
        try await Task.sleep(nanoseconds: UInt64(pauseSeconds * 1_000_000_000))
      }
      let n = before + 1
      count = nil
      do {
        try await session.sendMessage(text, n: n, as: role, in: thread)
        count = n
        lastAtSeconds = ProcessInfo.processInfo.systemUptime
        return
      } catch let error where isDenied(error) {
        lastAtSeconds = ProcessInfo.processInfo.systemUptime
        before = try await countStored()
        if before == n - 1 { throw error }
      }
    }
  }

  /// Counts once those that an earlier start of the app left on the phone are sent: the last may be a moment old.
  private func countStored() async throws -> Int {
    let stored = try await session.countMessages(orderId: orderId)
    if stored > 0 {
      try await session.db.waitForPendingWrites()
      lastAtSeconds = ProcessInfo.processInfo.systemUptime
    }
    return stored
  }
}

extension Tiffin {
  /// Opens the queue of the user's messages about an order, in both of its chats. An app keeps one for each order.
  /// `authTime` is that of the session before: with it, the queue opens without the network.
  public func messages(orderId: String, role: CommandRole, authTime: Int64? = nil) async throws -> MessageQueue {
    let session = try await self.session(authTime: authTime)
    return MessageQueue(session: session, orderId: orderId, role: role)
  }
}
