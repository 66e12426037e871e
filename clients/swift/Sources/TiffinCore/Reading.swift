import Foundation

/// A value does not have the type that the contract names: the app and the server differ by a major version.
public struct ReadingError: Error, Hashable, Sendable {
  /// The path of the value, for example `lines[2].quantity`.
  public let path: String
  /// The type that was expected.
  public let expected: String
}

/// A value that is being read, with its path. Unknown properties, texts and cases are no errors.
public struct Reading: Sendable {
  /// Nil where the property is absent.
  let value: JSON?
  let path: String

  public init(_ value: JSON) {
    self.init(value: value, path: "")
  }

  init(value: JSON?, path: String) {
    self.value = value
    self.path = path
  }

  /// The value as it arrived.
  public var raw: JSON { value ?? .null }

  var isAbsent: Bool { value == nil || value == .null }

  func field(_ name: String, or fallback: JSON? = nil) -> Reading {
    Reading(value: raw.fields[name] ?? fallback, path: path.isEmpty ? name : "\(path).\(name)")
  }

  /// Reads a property. `fallback` stands for an absent one.
  func read<T: ContractReadable>(_ name: String, or fallback: JSON? = nil) throws -> T {
    try T(reading: field(name, or: fallback))
  }

  /// Reads a property that may be absent or null.
  func readIfPresent<T: ContractReadable>(_ name: String, or fallback: JSON? = nil) throws -> T? {
    let found = field(name, or: fallback)
    return try found.isAbsent ? nil : T(reading: found)
  }

  /// Reads a fact of a refusal; nil where it is absent or of another type.
  func fact<T: ContractReadable>(_ name: String) -> T? {
    try? T(reading: field(name))
  }

  /// The text that tells the cases of a union apart; empty where it is absent.
  func tag(_ name: String) -> String {
    if case .text(let text)? = raw.fields[name] { return text }
    return ""
  }

  func mismatch(_ expected: String) -> ReadingError {
    ReadingError(path: path, expected: expected)
  }
}
