import FirebaseFirestore
import Foundation
import TiffinCore

/// Too many commands wait for their answers, or were given about this order.
public struct TooManyCommandsError: Error {}

/// A command that is on its way.
public struct SentCommand: Sendable {
  public let id: String
  /// Ends with the server's answer, also long after the phone was offline; throws where the rules deny the command.
  public let answer: Task<CommandAnswer, Error>
}

/// The steps that one user takes at one order, in documents instead of calls: Firestore keeps them while the phone is
/// offline and delivers them later. A command behind another that has no answer yet waits for it on the server, which
/// refuses it if the first is refused.
public actor CommandQueue {
  /// Commands that are not queued keep a second apart, with a margin for the clocks.
  private static let paceMs: Int64 = 1_100
  /// How many commands may wait behind the first of a queue.
  private static let maxQueued = 9
  /// How many commands one user may give about one order.
  static let maxCommands = 60

  /// How many commands this user has given about the order. An app keeps it to continue after a restart.
  public private(set) var count: Int
  private let session: Session
  private let orderId: String
  private let role: CommandRole
  /// The commands without an answer, and the newest one's place in its queue.
  private var waiting = 0
  private var queued = 0
  private var lastAtMs: Int64 = 0
  /// The newest command that was handed to Firestore: the next one is handed over after it.
  private var handedOver: Task<AsyncThrowingStream<Never, Error>, Never>?

  /// `commandsBefore` is how many commands about this order the app has sent: see `Tiffin.commands`.
  init(session: Session, orderId: String, role: CommandRole, commandsBefore: Int) {
    self.session = session
    self.orderId = orderId
    self.role = role
    self.count = commandsBefore
  }

  /// Sends a command. Throws `TooManyCommandsError`.
  public func send(_ request: CommandRequestToSend) async throws -> SentCommand {
    let isBehind = waiting > 0
    if count >= CommandQueue.maxCommands || (isBehind && queued >= CommandQueue.maxQueued) {
      throw TooManyCommandsError()
    }
    queued = isBehind ? queued + 1 : 0
    count += 1
    waiting += 1
    let n = count
    let command = toCommand(request, n: n, queued: queued)
    let reference = try session.document("orders", orderId, "commands", idOf(n))
    let pauseMs = isBehind ? 0 : max(0, lastAtMs + CommandQueue.paceMs - EpochMs(Date()).value)
    let stored = handOver(reference, command, pauseMs: pauseMs)
    let answer = Task { () async throws -> CommandAnswer in
      do {
        for try await _ in await stored.value {}
        let answer = try await waitForAnswer(reference)
        noteAnswer()
        return answer
      } catch {
        noteAnswer()
        // What the rules deny is not stored: the next command has its number.
        if isDenied(error) { count = min(count, n - 1) }
        throw error
      }
    }
    return SentCommand(id: idOf(n), answer: answer)
  }

  /// Hands a command to Firestore, after those before it and the pause. The stream ends once it is stored.
  private func handOver(
    _ reference: DocumentReference, _ command: [String: Any], pauseMs: Int64
  ) -> Task<AsyncThrowingStream<Never, Error>, Never> {
    let before = handedOver
    let task = Task { () async -> AsyncThrowingStream<Never, Error> in
      _ = await before?.value
      try? await Task.sleep(nanoseconds: UInt64(pauseMs) * 1_000_000)
      return AsyncThrowingStream<Never, Error> { continuation in
        reference.setData(command) { error in continuation.finish(throwing: error) }
      }
    }
    handedOver = task
    return task
  }

  private func idOf(_ n: Int) -> String { "\(session.uid)-command-\(n)" }

  private func toCommand(_ request: CommandRequestToSend, n: Int, queued: Int) -> [String: Any] {
    var command: [String: Any] = [
      "uid": session.uid, "role": role.text, "n": n, "request": request.dictionary, "authTime": session.authTime,
      "createdAt": FieldValue.serverTimestamp(), "answer": ["state": "pending"],
    ]
    if queued > 0 {
      command["after"] = idOf(n - 1)
      command["queued"] = queued
    }
    return command
  }

  private func noteAnswer() {
    waiting -= 1
    lastAtMs = EpochMs(Date()).value
  }

  /// Returns once the server has answered. The rules allow to listen to a command only once it is stored.
  private func waitForAnswer(_ reference: DocumentReference) async throws -> CommandAnswer {
    let answers = AsyncThrowingStream<CommandAnswer, Error> { continuation in
      let listener = reference.addSnapshotListener { snapshot, error in
        if let snapshot {
          let stored = toJSON(snapshot.get("answer") ?? NSNull())
          continuation.yield(with: Result { try CommandAnswer(reading: Reading(stored)) })
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
}

extension Tiffin {
  /// Opens the queue of the user's commands about an order. Without `commandsBefore` it looks for the last command: one
  /// read for each that was given.
  public func commands(orderId: String, role: CommandRole, commandsBefore: Int? = nil) async throws -> CommandQueue {
    let session = try await self.session()
    let before: Int
    if let commandsBefore {
      before = commandsBefore
    } else {
      before = try await countCommands(session, orderId: orderId)
    }
    return CommandQueue(session: session, orderId: orderId, role: role, commandsBefore: before)
  }

  private func countCommands(_ session: Session, orderId: String) async throws -> Int {
    for n in 1...CommandQueue.maxCommands {
      let reference = try session.document("orders", orderId, "commands", "\(session.uid)-command-\(n)")
      let isGiven = try await isStored(reference)
      if !isGiven { return n - 1 }
    }
    return CommandQueue.maxCommands
  }

  /// The rules deny a command that does not exist.
  private func isStored(_ reference: DocumentReference) async throws -> Bool {
    do {
      return try await reference.getDocument().exists
    } catch let error as NSError where isDenied(error) {
      return false
    }
  }
}

/// True where the security rules denied a read or a write.
public func isDenied(_ error: Error) -> Bool {
  let error = error as NSError
  return error.domain == FirestoreErrorDomain && error.code == FirestoreErrorCode.permissionDenied.rawValue
}
