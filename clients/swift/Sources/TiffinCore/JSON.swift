import Foundation

/// A value of a document or of a call, without any type of Firebase. Times are milliseconds since 1970.
public enum JSON: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case decimal(Double)
  case text(String)
  case list([JSON])
  case map([String: JSON])

  /// Converts a value of the Firebase SDK: dictionaries, arrays, strings, numbers and `NSNull`. Everything else is null.
  public init(any value: Any?) {
    switch value {
    case let json as JSON: self = json
    case let text as String: self = .text(text)
    case let number as NSNumber: self = JSON(number: number)
    case let list as [Any]: self = .list(list.map { JSON(any: $0) })
    case let map as [String: Any]: self = .map(map.mapValues { JSON(any: $0) })
    default: self = .null
    }
  }

  /// A boolean is an `NSNumber` too: its Objective-C type tells it from a number.
  private init(number: NSNumber) {
    switch String(cString: number.objCType) {
    case "c", "B": self = .boolean(number.boolValue)
    case "d", "f": self = .decimal(number.doubleValue)
    default: self = .integer(number.int64Value)
    }
  }

  /// The value as the Firebase SDK takes it.
  public var any: Any {
    switch self {
    case .null: return NSNull()
    case .boolean(let value): return value
    case .integer(let value): return NSNumber(value: value)
    case .decimal(let value): return value
    case .text(let value): return value
    case .list(let values): return values.map { $0.any }
    case .map(let values): return values.mapValues { $0.any }
    }
  }

  /// The properties of a map; none of any other value.
  public var fields: [String: JSON] {
    if case .map(let fields) = self { return fields }
    return [:]
  }

  /// The properties of a case of a union, with the text that tells the case.
  static func tagged(_ tag: String, _ text: String, _ value: JSON) -> JSON {
    var fields = value.fields
    fields[tag] = .text(text)
    return .map(fields)
  }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .decimal(value) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(arrayLiteral elements: JSON...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .map(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension JSON: Codable {
  public init(from decoder: Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .decimal(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let values = try? container.decode([JSON].self) {
      self = .list(values)
    } else {
      self = .map(try container.decode([String: JSON].self))
    }
  }

  public func encode(to encoder: Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .decimal(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .map(let values): try container.encode(values)
    }
  }
}
