/// Runs tasks one after another, in the order in which they were given.
actor Turns {
  private var last: Task<Void, Never>?

  /// Runs a task after those before it, also where one of them failed.
  func take<Value: Sendable>(_ task: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let before = last
    let current = Task { () async throws -> Value in
      _ = await before?.value
      return try await task()
    }
    last = Task { _ = try? await current.value }
    return try await current.value
  }
}
