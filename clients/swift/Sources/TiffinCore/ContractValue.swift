import Foundation

/// A value that can be read from what the server sends.
public protocol ContractReadable {
  init(reading: Reading) throws
}

/// A value that can be written as JSON.
public protocol ContractWritable {
  var json: JSON { get }
}

/// A record or a union that an app sends.
public protocol ContractInput: ContractWritable, Hashable, Sendable, Encodable {}

/// A record or a union that the server sends. Codable, for example for a cache on the phone.
public protocol ContractValue: ContractReadable, ContractInput, Decodable {}

extension ContractInput {
  public func encode(to encoder: Encoder) throws {
    try json.encode(to: encoder)
  }

  /// The value as Firestore and Functions take it.
  public var dictionary: [String: Any] {
    json.fields.mapValues { $0.any }
  }
}

extension ContractValue {
  public init(from decoder: Decoder) throws {
    try self.init(reading: Reading(try JSON(from: decoder)))
  }

  /// Reads a value of Firestore or Functions, in which times are milliseconds. Throws `ReadingError`.
  public init(dictionary: [String: Any]) throws {
    try self.init(reading: Reading(JSON(any: dictionary)))
  }
}

/// A fixed set of texts. A newer server may send others.
public protocol TextEnumeration: ContractReadable, ContractWritable, Hashable, Sendable, Codable {
  init(text: String)
  var text: String { get }
}

extension TextEnumeration {
  public init(reading: Reading) throws {
    self.init(text: try String(reading: reading))
  }

  public var json: JSON { .text(text) }

  public init(from decoder: Decoder) throws {
    self.init(text: try String(from: decoder))
  }

  public func encode(to encoder: Encoder) throws {
    try text.encode(to: encoder)
  }
}

/// A property that an app may leave out, set to null or set to a value.
public enum OrNull<Value: ContractWritable & Hashable & Sendable>: ContractWritable, Hashable, Sendable {
  case null
  case value(Value)

  public var json: JSON {
    switch self {
    case .null: return .null
    case .value(let value): return value.json
    }
  }
}

extension String: ContractReadable, ContractWritable {
  public init(reading: Reading) throws {
    guard case .text(let text)? = reading.value else { throw reading.mismatch("text") }
    self = text
  }

  public var json: JSON { .text(self) }
}

extension Bool: ContractReadable, ContractWritable {
  public init(reading: Reading) throws {
    guard case .boolean(let value)? = reading.value else { throw reading.mismatch("boolean") }
    self = value
  }

  public var json: JSON { .boolean(self) }
}

extension Int64: ContractReadable, ContractWritable {
  /// The Functions SDK may pass on a whole number as a decimal one.
  public init(reading: Reading) throws {
    switch reading.value {
    case .integer(let value)?: self = value
    case .decimal(let value)?:
      guard let whole = Int64(exactly: value) else { throw reading.mismatch("integer") }
      self = whole
    default: throw reading.mismatch("integer")
    }
  }

  public var json: JSON { .integer(self) }
}

extension Double: ContractReadable, ContractWritable {
  public init(reading: Reading) throws {
    switch reading.value {
    case .integer(let value)?: self = Double(value)
    case .decimal(let value)?: self = value
    default: throw reading.mismatch("number")
    }
  }

  public var json: JSON { .decimal(self) }
}

extension JSON: ContractReadable, ContractWritable {
  public init(reading: Reading) throws { self = reading.raw }

  public var json: JSON { self }
}

extension Array: ContractReadable where Element: ContractReadable {
  public init(reading: Reading) throws {
    guard case .list(let values)? = reading.value else { throw reading.mismatch("list") }
    self = try values.enumerated().map { index, value in
      try Element(reading: Reading(value: value, path: "\(reading.path)[\(index)]"))
    }
  }
}

extension Array: ContractWritable where Element: ContractWritable {
  public var json: JSON { .list(map { $0.json }) }
}

extension Dictionary: ContractReadable where Key == String, Value: ContractReadable {
  public init(reading: Reading) throws {
    guard case .map(let values)? = reading.value else { throw reading.mismatch("map") }
    self = [:]
    for (key, value) in values {
      self[key] = try Value(reading: Reading(value: value, path: "\(reading.path).\(key)"))
    }
  }
}

extension Dictionary: ContractWritable where Key == String, Value: ContractWritable {
  public var json: JSON { .map(mapValues { $0.json }) }
}

extension Optional: ContractReadable where Wrapped: ContractReadable {
  public init(reading: Reading) throws {
    self = try reading.isAbsent ? .none : .some(Wrapped(reading: reading))
  }
}

extension Optional: ContractWritable where Wrapped: ContractWritable {
  public var json: JSON {
    switch self {
    case .none: return .null
    case .some(let value): return value.json
    }
  }
}
