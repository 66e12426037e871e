import FirebaseCore
import FirebaseFirestore
import FirebaseFunctions
import FirebaseStorage
import Foundation
import TiffinCore

/// The backend as one app sees it: callables, documents and queries, with types.
public final class Tiffin {
  /// Where the functions are deployed unless the project says otherwise.
  public static let region = "europe-west1"

  /// The rules allow no query without a limit, and none of more than this, counts included.
  private static let maxCount = 50

  let firebase: FirebaseApp
  let db: Firestore
  private let functions: Functions
  /// A call that takes longer than a phone's user waits: the slowest function may run for this long.
  private let callTimeoutSeconds: TimeInterval

  /// Takes a configured app, connected to the local stack or to a project.
  public init(firebase: FirebaseApp, region: String = Tiffin.region, callTimeoutSeconds: TimeInterval = 70) {
    self.firebase = firebase
    self.db = Firestore.firestore(app: firebase)
    self.functions = Functions.functions(app: firebase, region: region)
    self.callTimeoutSeconds = callTimeoutSeconds
  }

  /// Calls a function. Throws a `RefusedError` with a typed reason where the server refuses, an error of the Firebase SDK
  /// where it was not reached. Calls with an idempotency key may be repeated with the same key.
  public func call<Input, Output>(_ callable: Callable<Input, Output>, _ input: Input) async throws -> Output {
    let options = HTTPSCallableOptions(requireLimitedUseAppCheckTokens: callable.isLimitedUse)
    let function = functions.httpsCallable(callable.name, options: options)
    function.timeoutInterval = callTimeoutSeconds
    do {
      let result = try await function.call(input.dictionary)
      return try Output(reading: Reading(JSON(any: result.data)))
    } catch let error as NSError where error.domain == FunctionsErrorDomain {
      let details = JSON(any: error.userInfo[FunctionsErrorDetailsKey])
      guard let refused = RefusedError(details: details) else { throw error }
      throw refused
    }
  }

  /// Gets the document of a screen; nil where it does not exist. The rules deny some documents where they do not exist,
  /// as `Documents` says for each: `isDenied` is then true of the error.
  public func get<Document>(_ read: DocumentRead<Document>) async throws -> Document? {
    let reference = db.document(try toPath(read.path))
    return try toValue(try await reference.getDocument())
  }

  /// Listens to the document of a screen: its current state and each change, nil where `get` returns nil. While the phone
  /// is offline, nothing comes of a document that is not on the phone. The listener ends with the task that reads the
  /// stream.
  public func listen<Document>(_ read: DocumentRead<Document>) throws -> AsyncThrowingStream<Document?, Error> {
    let reference = db.document(try toPath(read.path))
    return AsyncThrowingStream { continuation in
      var filter = DocumentFilter()
      let listener = reference.addSnapshotListener(includeMetadataChanges: true) { snapshot, error in
        if let snapshot {
          if filter.isReported(snapshot) { continuation.yield(with: Result { try toValue(snapshot) }) }
        } else {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in listener.remove() }
    }
  }

  /// Makes a query that the rules allow, and returns a page: at most 50 documents, after the one of `cursor`. While the
  /// phone is offline, the page has what is on the phone; where nothing is, Firestore's error `unavailable` is thrown.
  public func find<Document>(
    _ read: QueryRead<Document>, limit: Int? = nil, after cursor: DocumentSnapshot? = nil
  ) async throws -> [Found<Document>] {
    let snapshot = try await toQuery(read, limit: limit, after: cursor).getDocuments()
    if isUnknown(snapshot) {
      let problem = "the server was not reached, and the phone has no document of the query"
      let userInfo = [NSLocalizedDescriptionKey: problem]
      throw NSError(domain: FirestoreErrorDomain, code: FirestoreErrorCode.unavailable.rawValue, userInfo: userInfo)
    }
    return try snapshot.documents.map { try Found($0) }
  }

  /// Counts what a query finds, at most 50: the rules allow no larger count. It is billed as one read.
  public func count<Document>(_ read: QueryRead<Document>) async throws -> Int {
    try await toQuery(read, limit: Tiffin.maxCount).count.getAggregation(source: .server).count.intValue
  }

  /// Listens to a query: the whole page after each change. While the phone is offline, an empty page is not reported. The
  /// listener ends with the task that reads the stream.
  public func listenAll<Document>(
    _ read: QueryRead<Document>
  ) throws -> AsyncThrowingStream<[Found<Document>], Error> {
    let query = try toQuery(read)
    return AsyncThrowingStream { continuation in
      var wasReported = false
      let listener = query.addSnapshotListener(includeMetadataChanges: true) { snapshot, error in
        if let snapshot {
          // That the server answered changes the metadata alone; other such changes are not reported.
          let isReported = wasReported ? !snapshot.documentChanges.isEmpty : !isUnknown(snapshot)
          guard isReported else { return }
          wasReported = true
          continuation.yield(with: Result { try snapshot.documents.map { try Found($0) } })
        } else {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in listener.remove() }
    }
  }

  /// Uploads a photo or a paper to a path that the storage rules allow. The app's options need a storage bucket.
  public func upload(path: String, bytes: Data, contentType: String) async throws {
    let metadata = StorageMetadata()
    metadata.contentType = contentType
    _ = try await Storage.storage(app: firebase).reference(withPath: path).putDataAsync(bytes, metadata: metadata)
  }

  private func toQuery<Document>(
    _ read: QueryRead<Document>, limit: Int? = nil, after cursor: DocumentSnapshot? = nil
  ) throws -> Query {
    var query: Query = db.collection(try toPath(read.collection))
    for filter in read.filters {
      query = apply(filter, to: query)
    }
    if let ordering = read.ordering {
      query = query.order(by: ordering.field, descending: ordering.isDescending)
    }
    if let cursor {
      query = query.start(afterDocument: cursor)
    }
    return query.limit(to: limit ?? read.limit)
  }
}

/// A document that a query found.
public struct Found<Document: ContractValue> {
  public let id: String
  public let data: Document
  /// For the next page: pass it as `after`.
  public let cursor: DocumentSnapshot

  init(_ snapshot: QueryDocumentSnapshot) throws {
    id = snapshot.documentID
    data = try Document(reading: Reading(toJSON(snapshot.data(with: .estimate))))
    cursor = snapshot
  }
}
