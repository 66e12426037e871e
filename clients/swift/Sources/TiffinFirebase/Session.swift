import FirebaseAuth
import FirebaseFirestore
import Foundation
import TiffinCore

/// No user is signed in.
public struct SignInRequiredError: Error {}

/// A signed-in user of an app: the user's own data, chats, commands and positions.
public struct Session {
  public let uid: String
  /// When the user signed in, in seconds since 1970. Commands and messages contain it. An app may keep it: see
  /// `Tiffin.session`.
  public let authTime: Int64
  /// The ids of the restaurants that the user works for; at most twelve are in a token.
  public let restaurants: [String]
  /// True for a courier whose application was approved.
  public let isCourier: Bool
  let db: Firestore
}

extension Tiffin {
  /// Opens the session of the user who is signed in. Throws `SignInRequiredError` where no user is. Where the network is
  /// needed for a fresh token and missing, the session has the `authTime` that the app kept, and no roles.
  public func session(authTime: Int64? = nil) async throws -> Session {
    guard let user = Auth.auth(app: firebase).currentUser else { throw SignInRequiredError() }
    do {
      let token = try await user.getIDTokenResult()
      let merchant = token.claims["merchant"] as? [String: Any]
      let role = token.claims["role"] as? String
      return Session(
        uid: user.uid, authTime: Int64(token.authDate.timeIntervalSince1970),
        restaurants: (merchant ?? [:]).map { $0.key }, isCourier: role == "courier", db: db)
    } catch let error as NSError where isOffline(error) {
      guard let authTime else { throw error }
      return Session(uid: user.uid, authTime: authTime, restaurants: [], isCourier: false, db: db)
    }
  }
}

/// True where Firebase Authentication was not reached.
private func isOffline(_ error: NSError) -> Bool {
  error.domain == "FIRAuthErrorDomain" && error.code == AuthErrorCode.networkError.rawValue
}
