package tiffin.client.firebase

import com.google.firebase.Timestamp
import com.google.firebase.firestore.DocumentReference
import com.google.firebase.firestore.DocumentSnapshot
import com.google.firebase.firestore.DocumentSnapshot.ServerTimestampBehavior
import com.google.firebase.firestore.FirebaseFirestore
import com.google.firebase.firestore.MetadataChanges
import com.google.firebase.firestore.Query
import com.google.firebase.firestore.QuerySnapshot
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import tiffin.client.EpochMs
import tiffin.client.Filter
import tiffin.client.MillisOf
import tiffin.client.Operator
import tiffin.client.QueryRead
import tiffin.client.Reader
import tiffin.client.readFrom

internal val millisOf: MillisOf = { (it as? Timestamp)?.let { at -> at.seconds * 1000 + at.nanoseconds / 1_000_000 } }

internal fun EpochMs.toTimestamp(): Timestamp =
    Timestamp(Math.floorDiv(ms, 1000L), Math.floorMod(ms, 1000L).toInt() * 1_000_000)

/** An object of the SDK as the core reads it; an empty one for any other value. */
internal fun Any?.toObject(): Map<String, Any?> =
    (this as? Map<*, *>).orEmpty().entries.associate { (key, value) -> key.toString() to value }

/** A time that the server has not set yet is the phone's estimate. */
internal fun <T> DocumentSnapshot.readAs(reader: Reader<T>): T? =
    getData(ServerTimestampBehavior.ESTIMATE)?.let { reader.readFrom(it, millisOf) }

internal fun <T> DocumentSnapshot.toFound(read: QueryRead<T>): Found<T> =
    Found(id, read.reader.readFrom(getData(ServerTimestampBehavior.ESTIMATE).orEmpty(), millisOf), this)

/**
 * The snapshots while the flow is collected. An error of the listener is thrown to the collector as it is. The SDK shows
 * a document that is not on the phone as one that does not exist: nothing is reported of it before the server has
 * answered. That answer changes the metadata alone, and other such changes are dropped.
 */
internal fun DocumentReference.changes(): Flow<DocumentSnapshot> = callbackFlow {
    var wasReported = false
    var last: Map<String, Any>? = null
    val registration = addSnapshotListener(MetadataChanges.INCLUDE) { snapshot, error ->
        if (snapshot != null) {
            val data = snapshot.getData(ServerTimestampBehavior.ESTIMATE)
            val isNew = if (wasReported) data != last else snapshot.exists() || !snapshot.metadata.isFromCache
            if (isNew) {
                wasReported = true
                last = data
                trySend(snapshot)
            }
        }
        if (error != null) close(error)
    }
    awaitClose { registration.remove() }
}.conflate()

/** The same for a query: a page that is empty and from the phone may lack documents of the server. */
internal fun Query.changes(): Flow<QuerySnapshot> = callbackFlow {
    var wasReported = false
    val registration = addSnapshotListener(MetadataChanges.INCLUDE) { snapshot, error ->
        if (snapshot != null && (if (wasReported) snapshot.documentChanges.isNotEmpty() else !snapshot.isUnknown)) {
            wasReported = true
            trySend(snapshot)
        }
        if (error != null) close(error)
    }
    awaitClose { registration.remove() }
}.conflate()

/** True where the phone has no document of a query, and the server was not asked. */
internal val QuerySnapshot.isUnknown: Boolean get() = isEmpty && metadata.isFromCache

internal fun FirebaseFirestore.query(read: QueryRead<*>, limit: Long, after: DocumentSnapshot?): Query {
    val filtered = read.filters.fold<Filter, Query>(collection(read.collection)) { query, filter -> query.where(filter) }
    val ordered = read.orderBy?.let { (field, descending) ->
        filtered.orderBy(field, if (descending) Query.Direction.DESCENDING else Query.Direction.ASCENDING)
    } ?: filtered
    return (if (after == null) ordered else ordered.startAfter(after)).limit(limit)
}

private fun Query.where(filter: Filter): Query {
    val given = filter.value
    val value = if (filter.isTimestamp && given is Long) EpochMs(given).toTimestamp() else given
    return when (filter.operator) {
        Operator.EQUAL -> whereEqualTo(filter.field, value)
        Operator.IN -> whereIn(filter.field, (value as List<*>).filterNotNull())
        Operator.GREATER -> whereGreaterThan(filter.field, requireNotNull(value))
        Operator.GREATER_OR_EQUAL -> whereGreaterThanOrEqualTo(filter.field, requireNotNull(value))
        Operator.ARRAY_CONTAINS -> whereArrayContains(filter.field, requireNotNull(value))
    }
}
