import FirebaseFirestore
import Foundation
import TiffinCore

/// A command that is stored, on the server or on the phone.
struct StoredCommand: Sendable {
  let n: Int
  /// The number of commands before it in its queue.
  let queued: Int
  let isPending: Bool
}

/// The command that a queue found was denied.
struct DeniedCommandError: Error {}

/// The commands of one user about one order.
struct CommandStore: @unchecked Sendable {
  /// How many commands one user may give about one order.
  static let maxCommands = 60

  let session: Session
  let orderId: String
  let role: CommandRole

  func id(of n: Int) -> String { "\(session.uid)-command-\(n)" }

  /// Writes a command, behind its predecessor where `queued` is above 0. The task ends once the server has stored it, and
  /// throws where the rules deny it.
  func write(_ request: CommandStep, n: Int, queued: Int) throws -> Task<Void, Error> {
    var command: [String: Any] = [
      "uid": session.uid, "role": role.text, "n": n, "request": request.dictionary, "authTime": session.authTime,
      "createdAt": FieldValue.serverTimestamp(), "answer": ["state": "pending"],
    ]
    if queued > 0 {
      command["after"] = id(of: n - 1)
      command["queued"] = queued
    }
    let reference = try document(n)
    let fields = command
    let stored = AsyncThrowingStream<Never, Error> { continuation in
      reference.setData(fields) { error in continuation.finish(throwing: error) }
    }
    return Task { for try await _ in stored {} }
  }

  /// Finds a command on the phone or on the server.
  func find(_ n: Int) async throws -> StoredCommand? {
    let cached = try await findInCache(n)
    if let cached { return cached }
    let stored = try await document(n).getIfStored()
    return toStored(n, stored)
  }

  func findInCache(_ n: Int) async throws -> StoredCommand? {
    let cached = try await document(n).getFromCache()
    return toStored(n, cached)
  }

  /// Finds the newest command: one read for each that was given. Where the server cannot be reached, it is the newest one
  /// on the phone.
  func findNewest() async throws -> StoredCommand? {
    do {
      return try await findNext(after: nil)
    } catch let error where isUnavailable(error) {
      // The phone may not have all of them.
      for n in stride(from: CommandStore.maxCommands, to: 0, by: -1) {
        let found = try await findInCache(n)
        if let found { return found }
      }
      return nil
    }
  }

  /// Finds the last command that follows one without a gap; that one where there is no other.
  func findNext(after first: StoredCommand?) async throws -> StoredCommand? {
    var newest = first
    while (newest?.n ?? 0) < CommandStore.maxCommands {
      guard let next = try await find((newest?.n ?? 0) + 1) else { break }
      newest = next
    }
    return newest
  }

  /// Returns once what the phone had written before is stored, with the command among it. Throws where it was denied.
  func flush(_ n: Int) async throws {
    try await session.db.waitForPendingWrites()
    let found = try await find(n)
    if found == nil { throw DeniedCommandError() }
  }

  /// Returns the server's answer to a command that is stored.
  func answer(to n: Int) async throws -> CommandAnswer {
    let reference = try document(n)
    let answers = AsyncThrowingStream<CommandAnswer, Error> { continuation in
      let listener = reference.addSnapshotListener { snapshot, error in
        if let snapshot {
          // The phone may have dropped a command that is on the server.
          guard snapshot.exists else { return }
          continuation.yield(with: Result { try toAnswer(snapshot) })
        } else {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in listener.remove() }
    }
    for try await answer in answers where answer != .pending {
      return answer
    }
    throw CancellationError()
  }

  private func document(_ n: Int) throws -> DocumentReference {
    try session.document("orders", orderId, "commands", id(of: n))
  }

  private func toStored(_ n: Int, _ snapshot: DocumentSnapshot?) -> StoredCommand? {
    guard let snapshot, snapshot.exists else { return nil }
    let queued = snapshot.get("queued") as? NSNumber
    let answer = try? toAnswer(snapshot)
    return StoredCommand(n: n, queued: queued?.intValue ?? 0, isPending: answer == .pending)
  }
}

private func toAnswer(_ snapshot: DocumentSnapshot) throws -> CommandAnswer {
  try CommandAnswer(reading: Reading(toJSON(snapshot.get("answer") ?? NSNull())))
}
