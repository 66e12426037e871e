import Foundation
import XCTest

@testable import TiffinCore

/// A document as the server stores it, and what every client package reads from it: see `clients/golden.json`.
private struct Golden: Decodable {
  struct Sample: Decodable {
    let type: String
    let `case`: String
    let stored: JSON
    let read: JSON
  }

  struct SavedCart: Decodable {
    let lines: [JSON]
    let itemIds: [String]
  }

  let cases: [Sample]
  let carts: [SavedCart]

  /// `swift test` runs in the folder of the package. The grammar that checks this file does not know `#filePath`.
  static func read() throws -> Golden {
    let package = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    let file = package.deletingLastPathComponent().appendingPathComponent("golden.json")
    return try JSONDecoder().decode(Golden.self, from: try Data(contentsOf: file))
  }
}

final class GoldenTests: XCTestCase {
  func testReadsEachGoldenDocument() throws {
    let golden = try Golden.read()
    for sample in golden.cases {
      let written = try readAndWrite(sample.type, Reading(withMilliseconds(sample.stored)))
      let expected = withMilliseconds(withPlainUnknowns(sample.read))
      XCTAssertEqual(written.map(comparable), comparable(expected), "\(sample.type): \(sample.case)")
    }
  }

  func testListsTheItemsAndOptionsOfEachCart() throws {
    let golden = try Golden.read()
    for cart in golden.carts {
      let lines = try cart.lines.map { line in
        let read = try CartLine(reading: Reading(line))
        return CartLineToSend(
          itemId: read.itemId, quantity: read.quantity,
          modifiers: read.modifiers.map { chosen in
            ChosenModifierToSend(optionId: chosen.optionId, quantity: chosen.quantity, modifiers: chosen.modifiers)
          })
      }
      XCTAssertEqual(idsInCart(lines), cart.itemIds)
    }
  }
}

/// The table writes a Timestamp as `{"$timestamp": milliseconds}`.
private func withMilliseconds(_ value: JSON) -> JSON {
  if let milliseconds = value.fields["$timestamp"] { return milliseconds }
  return mapped(value, withMilliseconds)
}

/// The table writes an unknown case as `{tag: "unknown", "raw": value}`; this package writes the value as it arrived.
private func withPlainUnknowns(_ value: JSON) -> JSON {
  if let raw = value.fields["raw"] { return raw }
  return mapped(value, withPlainUnknowns)
}

/// An absent property is like null, and 3 like 3.0.
private func comparable(_ value: JSON) -> JSON {
  switch value {
  case .integer(let whole): return .decimal(Double(whole))
  case .map(let fields): return .map(fields.filter { $0.value != .null }.mapValues(comparable))
  default: return mapped(value, comparable)
  }
}

private func mapped(_ value: JSON, _ change: (JSON) -> JSON) -> JSON {
  switch value {
  case .list(let values): return .list(values.map(change))
  case .map(let fields): return .map(fields.mapValues(change))
  default: return value
  }
}
