package tiffin.client.firebase

import com.google.firebase.FirebaseApp
import com.google.firebase.FirebaseNetworkException
import com.google.firebase.auth.FirebaseAuth
import com.google.firebase.firestore.AggregateSource
import com.google.firebase.firestore.DocumentSnapshot
import com.google.firebase.firestore.FirebaseFirestore
import com.google.firebase.firestore.FirebaseFirestoreException
import com.google.firebase.functions.FirebaseFunctions
import com.google.firebase.functions.FirebaseFunctionsException
import com.google.firebase.functions.HttpsCallableOptions
import com.google.firebase.storage.FirebaseStorage
import com.google.firebase.storage.StorageMetadata
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.tasks.await
import tiffin.client.Callable
import tiffin.client.CommandRole
import tiffin.client.DocumentRead
import tiffin.client.QueryRead
import tiffin.client.Record
import tiffin.client.RefusedException

/** Where the functions are deployed unless the project says otherwise. */
const val REGION: String = "europe-west1"

/** A call that takes longer than a phone's user waits: the slowest function may run for this long. */
private const val CALL_TIMEOUT_SECONDS = 70L

/** The rules allow no query without a limit, and none of more than this, counts included. */
private const val MAX_COUNT = 50L

/** A document that a query found. */
class Found<out T>(
    val id: String,
    val data: T,
    /** For the next page: pass it as `after`. */
    val cursor: DocumentSnapshot,
)

/** The backend as one app sees it: callables, documents and queries, with types. */
class Tiffin(
    private val app: FirebaseApp = FirebaseApp.getInstance(),
    region: String = REGION,
    private val callTimeoutSeconds: Long = CALL_TIMEOUT_SECONDS,
) {
    private val db = FirebaseFirestore.getInstance(app)
    private val functions = FirebaseFunctions.getInstance(app, region)

    /**
     * Calls a function of [tiffin.client.Calls]. Throws a [RefusedException] where the server refuses, and an exception
     * of the Firebase SDK where it was not reached. A call with an idempotency key may be repeated with the same key.
     */
    suspend fun <I : Record, O> call(callable: Callable<I, O>, input: I): O {
        val options = HttpsCallableOptions.Builder().setLimitedUseAppCheckTokens(callable.limitedUse).build()
        val function = functions.getHttpsCallable(callable.name, options)
        function.setTimeout(callTimeoutSeconds, TimeUnit.SECONDS)
        try {
            return callable.decode(function.call(callable.encode(input)).await().getData().toObject())
        } catch (error: FirebaseFunctionsException) {
            throw RefusedException.of(error.details, error) ?: error
        }
    }

    /**
     * Gets a document of [tiffin.client.DocumentReads]; null where it does not exist. The rules deny some documents where
     * they do not exist, as `DocumentReads` says for each: `isDenied` is then true of the exception.
     */
    suspend fun <T> get(read: DocumentRead<T>): T? = db.document(read.path).get().await().readAs(read.reader)

    /**
     * Listens to a document while the flow is collected: its state and each change, null where [get] returns null. A slow
     * collector gets the newest state alone. While the phone is offline, nothing is emitted of a document that is not on
     * the phone.
     */
    fun <T> listen(read: DocumentRead<T>): Flow<T?> =
        db.document(read.path).changes().map { it.readAs(read.reader) }

    /**
     * Makes a query of [tiffin.client.QueryReads], and returns a page. While the phone is offline, the page has what is on
     * the phone; where nothing is, a [FirebaseFirestoreException] with the code `UNAVAILABLE` is thrown.
     */
    suspend fun <T> find(read: QueryRead<T>, limit: Long = read.limit, after: Found<*>? = null): List<Found<T>> {
        val page = db.query(read, limit, after?.cursor).get().await()
        if (page.isUnknown) {
            val problem = "the server was not reached, and the phone has no document of the query"
            throw FirebaseFirestoreException(problem, FirebaseFirestoreException.Code.UNAVAILABLE)
        }
        return page.documents.map { it.toFound(read) }
    }

    /**
     * Listens to a query while the flow is collected: the whole page after each change. While the phone is offline, an
     * empty page is not emitted.
     */
    fun <T> listenAll(read: QueryRead<T>): Flow<List<Found<T>>> =
        db.query(read, read.limit, null).changes().map { page -> page.documents.map { it.toFound(read) } }

    /** Counts what a query finds, at most 50: the rules allow no larger count. It is billed as one read. */
    suspend fun count(read: QueryRead<*>): Long =
        db.query(read, MAX_COUNT, null).count().get(AggregateSource.SERVER).await().count

    /**
     * The signed-in user, whose own data, chats and positions the functions of a session write. Where the network is
     * needed for a fresh token and missing, the session has the `authTime` that the app kept, and no roles.
     */
    suspend fun session(authTime: Long? = null): Session {
        val user = checkNotNull(FirebaseAuth.getInstance(app).currentUser) { "sign in first" }
        val token = try {
            user.getIdToken(false).await()
        } catch (error: FirebaseNetworkException) {
            return Session(user.uid, authTime ?: throw error, db)
        }
        val restaurants = token.claims["merchant"].toObject().keys.toList()
        return Session(user.uid, token.authTimestamp, db, restaurants, isCourier = token.claims["role"] == "courier")
    }

    /**
     * Opens the queue of the user's offline commands about an order. `scope` has to outlive the screen: it waits for the
     * answers. `commandsBefore` is the `count` of the queue before, `authTime` that of the session before: with both, the
     * queue opens without the network. Without `commandsBefore` it looks for the last command, one read for each.
     */
    suspend fun commands(
        orderId: String,
        role: CommandRole,
        scope: CoroutineScope,
        commandsBefore: Int? = null,
        authTime: Long? = null,
    ): CommandQueue {
        val store = FirestoreCommands(session(authTime), orderId, role)
        val newest = if (commandsBefore == null) store.findNewest() else store.findInCache(commandsBefore)
        return CommandQueue(store, scope, commandsBefore ?: newest?.n ?: 0, newest)
    }

    /**
     * Opens the queue of the user's messages about an order, in both of its chats. An app keeps one for each order.
     * `authTime` is that of the session before: with it, the queue opens without the network.
     */
    suspend fun messages(orderId: String, role: CommandRole, authTime: Long? = null): MessageQueue =
        MessageQueue(session(authTime), orderId, role)

    /** Uploads a photo or a paper to a path that the storage rules allow. The app's options need a storage bucket. */
    suspend fun upload(path: String, bytes: ByteArray, contentType: String) {
        val metadata = StorageMetadata.Builder().setContentType(contentType).build()
        FirebaseStorage.getInstance(app).getReference(path).putBytes(bytes, metadata).await()
    }
}
