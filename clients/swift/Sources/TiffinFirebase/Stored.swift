import FirebaseFirestore
import Foundation
import TiffinCore

/// An id is empty or contains a slash, so that the path would name another document.
public struct PathError: Error {
  public let path: [String]
}

func toPath(_ path: [String]) throws -> String {
  if path.contains(where: { $0.isEmpty || $0.contains("/") }) { throw PathError(path: path) }
  return path.joined(separator: "/")
}

/// Converts a stored value: a Timestamp becomes milliseconds since 1970.
func toJSON(_ stored: Any) -> JSON {
  switch stored {
  case let time as Timestamp: return .integer(time.seconds * 1000 + Int64(time.nanoseconds / 1_000_000))
  case let list as [Any]: return .list(list.map(toJSON))
  case let map as [String: Any]: return .map(map.mapValues(toJSON))
  default: return JSON(any: stored)
  }
}

func toTimestamp(_ time: EpochMs) -> Timestamp {
  let milliseconds = ((time.value % 1000) + 1000) % 1000
  return Timestamp(seconds: (time.value - milliseconds) / 1000, nanoseconds: Int32(milliseconds * 1_000_000))
}

/// Reads a document; nil where it does not exist. A time that the server has not set yet is estimated by the SDK.
func toValue<Document: ContractValue>(_ snapshot: DocumentSnapshot) throws -> Document? {
  guard let data = snapshot.data(with: .estimate) else { return nil }
  return try Document(reading: Reading(toJSON(data)))
}

/// Lets through the snapshots that a listener reports. The SDK shows a document that is not on the phone as one that does
/// not exist: nothing is reported of it before the server has answered. That answer changes the metadata alone, so that
/// listeners include such changes, and the filter drops those that change nothing else.
struct DocumentFilter {
  private var wasReported = false
  private var last: JSON?

  mutating func isReported(_ snapshot: DocumentSnapshot) -> Bool {
    let stored = snapshot.data(with: .estimate).map { toJSON($0) }
    if !wasReported && stored == nil && snapshot.metadata.isFromCache { return false }
    if wasReported && stored == last { return false }
    wasReported = true
    last = stored
    return true
  }
}

/// True where the phone has no document of a query, and the server was not asked.
func isUnknown(_ snapshot: QuerySnapshot) -> Bool {
  snapshot.isEmpty && snapshot.metadata.isFromCache
}

func apply(_ filter: QueryFilter, to query: Query) -> Query {
  let operand = toOperand(filter.operand)
  switch filter.comparison {
  case .equal: return query.whereField(filter.field, isEqualTo: operand)
  case .isIn: return query.whereField(filter.field, in: operand as? [Any] ?? [operand])
  case .greater: return query.whereField(filter.field, isGreaterThan: operand)
  case .greaterOrEqual: return query.whereField(filter.field, isGreaterThanOrEqualTo: operand)
  case .contains: return query.whereField(filter.field, arrayContains: operand)
  }
}

private func toOperand(_ operand: QueryFilter.Operand) -> Any {
  switch operand {
  case .null: return NSNull()
  case .boolean(let value): return value
  case .text(let value): return value
  case .texts(let values): return values
  case .time(let time): return NSNumber(value: time.value)
  case .timestamp(let time): return toTimestamp(time)
  }
}
