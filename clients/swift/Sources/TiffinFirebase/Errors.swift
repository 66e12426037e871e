import FirebaseFirestore
import FirebaseStorage
import Foundation

/// True where the security rules of Firestore or Storage denied a read or a write.
public func isDenied(_ error: Error) -> Bool {
  let error = error as NSError
  switch error.domain {
  case FirestoreErrorDomain: return error.code == FirestoreErrorCode.permissionDenied.rawValue
  case StorageErrorDomain: return error.code == StorageErrorCode.unauthorized.rawValue
  default: return false
  }
}

/// True where Firestore was not reached, or where a document is not on the phone.
func isUnavailable(_ error: Error) -> Bool {
  let error = error as NSError
  return error.domain == FirestoreErrorDomain && error.code == FirestoreErrorCode.unavailable.rawValue
}

extension DocumentReference {
  /// Gets a document from the phone; nil where it is not there.
  func getFromCache() async throws -> DocumentSnapshot? {
    do {
      return try await getDocument(source: .cache)
    } catch let error where isUnavailable(error) {
      return nil
    }
  }

  /// Gets a document whose rules deny a `get` where it does not exist; nil then.
  func getIfStored() async throws -> DocumentSnapshot? {
    do {
      return try await getDocument()
    } catch let error where isDenied(error) {
      return nil
    }
  }
}
