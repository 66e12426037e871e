import FirebaseAppCheck
import FirebaseAuth
import FirebaseCore
import FirebaseFirestore
import FirebaseFunctions
import FirebaseStorage
import Foundation

/// The ports of the local stack: those of the official emulators, moved together by the stack's offset.
public struct LocalPorts: Sendable {
  public var auth = 9099
  public var firestore = 8080
  public var functions = 5001
  public var storage = 9199

  /// The ports of a stack that was started with `--port-offset`.
  public init(offset: Int = 0) {
    auth += offset
    firestore += offset
    functions += offset
    storage += offset
  }
}

/// Connects an app to the local stack (`npm start`, whose `--port-offset` is `offset`), before its first request. A phone
/// reaches it at the computer's address in the network.
public func connectToLocalStack(
  _ firebase: FirebaseApp, host: String = "127.0.0.1", offset: Int = 0, ports: LocalPorts? = nil,
  region: String = Tiffin.region
) {
  let ports = ports ?? LocalPorts(offset: offset)
  Auth.auth(app: firebase).useEmulator(withHost: host, port: ports.auth)
  Firestore.firestore(app: firebase).useEmulator(withHost: host, port: ports.firestore)
  Functions.functions(app: firebase, region: region).useEmulator(withHost: host, port: ports.functions)
  Storage.storage(app: firebase).useEmulator(withHost: host, port: ports.storage)
}

/// Installs App Check for the emulators, which accept an unsigned token; call it before `FirebaseApp.configure`. A
/// production app uses a real provider instead.
public func useLocalAppCheck() {
  AppCheck.setAppCheckProviderFactory(LocalAppCheckFactory())
}

private final class LocalAppCheckFactory: NSObject, AppCheckProviderFactory {
  func createProvider(with app: FirebaseApp) -> AppCheckProvider? {
    LocalAppCheckProvider(projectId: app.options.projectID ?? "", appId: app.options.googleAppID)
  }
}

private final class LocalAppCheckProvider: NSObject, AppCheckProvider {
  private static let hourSeconds = 3600
  private let projectId: String
  private let appId: String

  init(projectId: String, appId: String) {
    self.projectId = projectId
    self.appId = appId
  }

  /// Creates a token that the emulators accept: unsigned, for an hour.
  func getToken(completion handler: @escaping (AppCheckToken?, Error?) -> Void) {
    let nowSeconds = Int(Date().timeIntervalSince1970)
    let expiresSeconds = nowSeconds + LocalAppCheckProvider.hourSeconds
    let claims: [String: Any] = [
      "iss": "https://firebaseappcheck.googleapis.com/\(projectId)",
      "sub": appId,
      "aud": ["projects/\(projectId)"],
      "iat": nowSeconds,
      "exp": expiresSeconds,
    ]
    do {
      let token = try toPart(["alg": "none", "typ": "JWT"]) + "." + toPart(claims) + "."
      let expires = Date(timeIntervalSince1970: TimeInterval(expiresSeconds))
      handler(AppCheckToken(token: token, expirationDate: expires), nil)
    } catch {
      handler(nil, error)
    }
  }

  /// URL-safe base64 of JSON.
  private func toPart(_ value: [String: Any]) throws -> String {
    try JSONSerialization.data(withJSONObject: value).base64EncodedString()
      .replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }
}
