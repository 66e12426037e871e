import FirebaseAuth
import FirebaseFirestore
import Foundation
import TiffinCore

/// No user is signed in.
public struct SignInRequiredError: Error {}

/// A signed-in user of an app: the user's own data, chats, commands and positions.
public struct Session {
  public let uid: String
  /// When the user signed in, in seconds since 1970. Commands and messages contain it.
  public let authTime: Int64
  let db: Firestore
}

extension Tiffin {
  /// Opens the session of the user who is signed in. Throws `SignInRequiredError` where no user is.
  public func session() async throws -> Session {
    guard let user = Auth.auth(app: firebase).currentUser else { throw SignInRequiredError() }
    let authDate = try await user.getIDTokenResult().authDate
    return Session(uid: user.uid, authTime: Int64(authDate.timeIntervalSince1970), db: db)
  }
}
