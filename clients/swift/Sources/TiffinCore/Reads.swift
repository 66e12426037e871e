import Foundation

/// A document that the rules allow a user to get.
public struct DocumentRead<Document: ContractValue>: Hashable, Sendable {
  /// The names and ids from the root.
  public let path: [String]
}

/// A query that the rules allow.
public struct QueryRead<Document: ContractValue>: Hashable, Sendable {
  /// The names and ids from the root to the collection.
  public let collection: [String]
  public let filters: [QueryFilter]
  public let ordering: Ordering?
  /// The documents of a page. The rules refuse more than 50.
  public let limit: Int
}

public struct QueryFilter: Hashable, Sendable {
  public enum Comparison: Hashable, Sendable {
    case equal
    case isIn
    case greater
    case greaterOrEqual
    case contains
  }

  /// What a field is compared with: `time` is stored as milliseconds, `timestamp` as a Timestamp.
  public enum Operand: Hashable, Sendable {
    case null
    case boolean(Bool)
    case text(String)
    case texts([String])
    case time(EpochMs)
    case timestamp(EpochMs)
  }

  public let field: String
  public let comparison: Comparison
  public let operand: Operand

  init(_ field: String, _ comparison: Comparison, _ operand: Operand) {
    self.field = field
    self.comparison = comparison
    self.operand = operand
  }
}

public struct Ordering: Hashable, Sendable {
  public let field: String
  public let isDescending: Bool

  init(_ field: String, isDescending: Bool) {
    self.field = field
    self.isDescending = isDescending
  }
}
