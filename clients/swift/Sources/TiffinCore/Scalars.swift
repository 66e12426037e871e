import Foundation

/// An amount in a currency's minor unit, such as cents.
public struct Minor: ContractReadable, ContractWritable, Hashable, Comparable, Sendable, Codable {
  public let value: Int64

  public init(_ value: Int64) {
    self.value = value
  }

  public init(reading: Reading) throws {
    self.init(try Int64(reading: reading))
  }

  public init(from decoder: Decoder) throws {
    self.init(try Int64(from: decoder))
  }

  public func encode(to encoder: Encoder) throws {
    try value.encode(to: encoder)
  }

  public var json: JSON { .integer(value) }

  public static func < (left: Minor, right: Minor) -> Bool { left.value < right.value }
  public static func + (left: Minor, right: Minor) -> Minor { Minor(left.value + right.value) }
  public static func - (left: Minor, right: Minor) -> Minor { Minor(left.value - right.value) }
}

/// A time by the server's clock, in milliseconds since 1970.
public struct EpochMs: ContractReadable, ContractWritable, Hashable, Comparable, Sendable, Codable {
  public let value: Int64

  public init(_ value: Int64) {
    self.value = value
  }

  public init(_ date: Date) {
    self.init(Int64((date.timeIntervalSince1970 * 1000).rounded()))
  }

  public init(reading: Reading) throws {
    self.init(try Int64(reading: reading))
  }

  public init(from decoder: Decoder) throws {
    self.init(try Int64(from: decoder))
  }

  public func encode(to encoder: Encoder) throws {
    try value.encode(to: encoder)
  }

  public var json: JSON { .integer(value) }

  public var date: Date { Date(timeIntervalSince1970: Double(value) / 1000) }

  public static func < (left: EpochMs, right: EpochMs) -> Bool { left.value < right.value }
}

/// An amount with its currency.
public struct Money: Hashable, Sendable, Codable {
  public let minor: Minor
  /// ISO 4217.
  public let currency: String

  public init(minor: Minor, currency: String) {
    self.minor = minor
    self.currency = currency
  }

  /// The decimals of a currency by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD.
  public static func decimals(of currency: String) -> Int {
    currencyDecimals[currency.uppercased()] ?? 2
  }

  /// Formats the amount for a user: `€24.24`, `¥2,400`.
  public func formatted(locale: Locale = .current) -> String {
    let decimals = Money.decimals(of: currency)
    let formatter = NumberFormatter()
    formatter.numberStyle = .currency
    formatter.locale = locale
    formatter.currencyCode = currency.uppercased()
    formatter.minimumFractionDigits = decimals
    formatter.maximumFractionDigits = decimals
    let amount = NSDecimalNumber(decimal: Decimal(minor.value)).multiplying(byPowerOf10: Int16(-decimals))
    return formatter.string(from: amount) ?? "\(amount) \(currency)"
  }
}
