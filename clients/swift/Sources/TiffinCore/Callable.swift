import Foundation

/// A callable function of the backend, with the types of its input and output.
public struct Callable<Input: ContractInput, Output: ContractValue>: Sendable {
  public let name: String
  /// True where the call needs an App Check token of limited use.
  public let isLimitedUse: Bool
  /// The reasons with which this callable may refuse, besides `Calls.commonReasons`.
  public let reasons: [String]
}

/// A refused call. Everything else, such as no connection, stays the error of the Firebase SDK.
public struct RefusedError: Error, Hashable, Sendable {
  public let refusal: Refusal

  public init(_ refusal: Refusal) {
    self.refusal = refusal
  }

  /// Reads the details of an error of the Functions SDK; nil where they name no reason.
  public init?(details: JSON) {
    guard case .text(let reason)? = details.fields["reason"] else { return nil }
    self.init(Refusal(reason: reason, details: details))
  }
}
