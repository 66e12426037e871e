import CryptoKit
import Foundation

/// Computes the key of a member of staff, by which the kitchen's board finds the open orders of a restaurant.
public func staffKey(uid: String) -> String {
  shortDigest(uid)
}

/// Computes the id of a courier's account in the ledger, below which the courier's days are.
public func accountId(uid: String) -> String {
  shortDigest("ledger:\(uid)")
}

/// The first twenty hexadecimal digits of a SHA-256.
private func shortDigest(_ text: String) -> String {
  SHA256.hash(data: Data(text.utf8)).prefix(10).map { String(format: "%02x", $0) }.joined()
}
