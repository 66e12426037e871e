import FirebaseFirestore
import Foundation
import TiffinCore

/// Ten commands wait for their answers, or sixty were given about this order.
public struct TooManyCommandsError: Error {}

/// A command that is on its way.
public struct SentCommand: @unchecked Sendable {
  /// Ends with the server's answer, also long after the phone was offline; throws where the rules deny the command.
  public let answer: Task<CommandAnswer, Error>
  let command: OpenCommand
  let store: CommandStore

  /// The id of its document: another one from when its number turned out to be used already.
  public var id: String { store.id(of: command.n) }
}

/// A command without an answer. A command that the queue found has no request: it cannot be written again. The queue
/// alone changes it.
final class OpenCommand: @unchecked Sendable {
  let request: CommandStep?
  var n = 0
  var queued = 0
  /// The attempt to store it.
  var stored: Task<Void, Error>?
  /// Why it was given up.
  var failure: Error?
  var answer: Task<CommandAnswer, Error>?

  init(_ request: CommandStep?) {
    self.request = request
  }
}

/// The steps that one user takes at one order, in documents instead of calls: Firestore keeps them while the phone is
/// offline and delivers them later. A command behind another that has no answer yet waits for it on the server, which
/// refuses it if the first is refused. A command whose number is used already, by another phone of the account for
/// example, gets the next one.
public actor CommandQueue {
  /// Commands that are not queued keep a second apart, with a margin for the clocks.
  private static let paceSeconds = 1.1
  /// How many commands may wait behind the first of a queue.
  private static let maxQueued = 9

  /// How many commands this user has given about the order. An app keeps it to continue after a restart.
  public private(set) var count: Int
  private let store: CommandStore
  /// The commands without an answer, each behind the one before it.
  private var waiting: [OpenCommand] = []
  /// By the time since the phone started, which does not go back with its clock; nil before the first command.
  private var lastAtSeconds: TimeInterval?
  private let sends = Turns()
  /// What changes `count` and adds to `waiting` takes turns.
  private let turns = Turns()

  init(store: CommandStore, commandsBefore: Int) {
    self.store = store
    self.count = commandsBefore
    self.lastAtSeconds = commandsBefore > 0 ? ProcessInfo.processInfo.systemUptime : nil
  }

  /// Sends a command, after those before it. The tenth command behind another waits for the answers before it. Throws
  /// `TooManyCommandsError` while ten commands wait, and beyond sixty commands about an order.
  public func send(_ request: CommandStep) async throws -> SentCommand {
    try await sends.take { try await self.sendNext(request) }
  }

  /// Takes a command into the queue that another phone, or this one before a restart, has written.
  func adopt(_ found: StoredCommand, isFlushed: Bool) {
    let command = OpenCommand(nil)
    command.n = found.n
    command.queued = found.queued
    let store = store
    if !isFlushed { command.stored = Task { try await store.flush(found.n) } }
    waiting.append(command)
    follow(command)
  }

  private func sendNext(_ request: CommandStep) async throws -> SentCommand {
    let command = OpenCommand(request)
    var full = try await turns.take { try await self.place(command, request) }
    while let last = full {
      _ = try? await last.answer?.value
      full = try await turns.take { try await self.place(command, request) }
    }
    return SentCommand(answer: follow(command), command: command, store: store)
  }

  /// Gives a command its number and writes it. Returns the last command of a queue that is full.
  private func place(_ command: OpenCommand, _ request: CommandStep) async throws -> OpenCommand? {
    if waiting.isEmpty, let lastAtSeconds {
      let pauseSeconds = max(0, lastAtSeconds + CommandQueue.paceSeconds - ProcessInfo.processInfo.systemUptime)
      try await Task.sleep(nanoseconds: UInt64(pauseSeconds * 1_000_000_000))
    }
    let before = waiting.last
    if count >= CommandStore.maxCommands || waiting.count > CommandQueue.maxQueued { throw TooManyCommandsError() }
    if let before, before.queued >= CommandQueue.maxQueued { return before }
    let n = count + 1
    var queued = 0
    if let before { queued = before.queued + 1 }
    command.stored = try store.write(request, n: n, queued: queued)
    command.n = n
    command.queued = queued
    command.failure = nil
    count = n
    waiting.append(command)
    return nil
  }

  @discardableResult
  private func follow(_ command: OpenCommand) -> Task<CommandAnswer, Error> {
    let answer = Task { () async throws -> CommandAnswer in
      do {
        let answer = try await self.waitForAnswer(command)
        self.remove(command)
        return answer
      } catch {
        self.remove(command)
        throw error
      }
    }
    command.answer = answer
    return answer
  }

  private func remove(_ command: OpenCommand) {
    waiting.removeAll { $0 === command }
    lastAtSeconds = ProcessInfo.processInfo.systemUptime
  }

  private func waitForAnswer(_ command: OpenCommand) async throws -> CommandAnswer {
    while let attempt = command.stored {
      guard let error = await failure(of: attempt) else { break }
      try await turns.take { await self.repair(command, attempt, error) }
      if let failure = command.failure { throw failure }
    }
    return try await store.answer(to: command.n)
  }

  /// Waits for the attempt. Returns why it failed; nil where the command is stored.
  private func failure(of attempt: Task<Void, Error>) async -> Error? {
    do {
      try await attempt.value
      return nil
    } catch {
      return error
    }
  }

  /// Writes a command that was not stored again where its number was wrong, with the commands behind it, which the rules
  /// have denied as well. Otherwise gives them up, and their numbers back.
  private func repair(_ command: OpenCommand, _ attempt: Task<Void, Error>, _ error: Error) async {
    // The command before it was repaired first, and this one with it.
    if command.stored != attempt || command.failure != nil { return }
    let chain = waiting.filter { $0.n >= command.n }
    for one in chain {
      if let attempt = one.stored { one.failure = await failure(of: attempt) }
    }
    let denied = chain.filter { $0.failure != nil }
    waiting.removeAll { one in denied.contains { $0 === one } }
    var isWrong = false
    if isDenied(error) { isWrong = await isMisnumbered(command.n) }
    count = min(count, command.n - 1)
    if !isWrong { return }
    do {
      try await countAgain()
    } catch {
      // The server cannot be reached any more: the commands are given up.
      return
    }
    for one in denied {
      await placeAgain(one)
    }
  }

  private func placeAgain(_ command: OpenCommand) async {
    guard let request = command.request else { return }
    do {
      let full = try await place(command, request)
      if full != nil { command.failure = TooManyCommandsError() }
    } catch {
      command.failure = error
    }
  }

  /// True where the number is used, or the one before it is not.
  private func isMisnumbered(_ n: Int) async -> Bool {
    do {
      let found = try await store.find(n)
      if found != nil { return true }
      if n == 1 { return false }
      let before = try await store.find(n - 1)
      return before == nil
    } catch {
      return false
    }
  }

  /// Finds the newest command, from the one that should be it.
  private func countAgain() async throws {
    var newest: StoredCommand?
    if count > 0 { newest = try await store.find(count) }
    if newest == nil {
      newest = try await store.findNewest()
    } else {
      newest = try await store.findNext(after: newest)
    }
    count = newest?.n ?? 0
    // It may have been written a moment ago.
    lastAtSeconds = ProcessInfo.processInfo.systemUptime
    if let newest, newest.isPending, waiting.last?.n != newest.n { adopt(newest, isFlushed: true) }
  }
}

extension Tiffin {
  /// Opens the queue of the user's commands about an order. `commandsBefore` is the `count` of the queue before,
  /// `authTime` that of the session before: with both, the queue opens without the network. Without `commandsBefore` it
  /// looks for the last command, one read for each that was given.
  public func commands(
    orderId: String, role: CommandRole, commandsBefore: Int? = nil, authTime: Int64? = nil
  ) async throws -> CommandQueue {
    let session = try await self.session(authTime: authTime)
    let store = CommandStore(session: session, orderId: orderId, role: role)
    let newest: StoredCommand?
    if let commandsBefore {
      newest = try await store.findInCache(commandsBefore)
    } else {
      newest = try await store.findNewest()
    }
    let queue = CommandQueue(store: store, commandsBefore: commandsBefore ?? newest?.n ?? 0)
    if let newest, newest.isPending { await queue.adopt(newest, isFlushed: false) }
    return queue
  }
}
