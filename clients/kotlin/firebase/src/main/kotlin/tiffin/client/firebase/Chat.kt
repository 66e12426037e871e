package tiffin.client.firebase

import com.google.firebase.firestore.DocumentReference
import com.google.firebase.firestore.FirebaseFirestoreException
import kotlinx.coroutines.tasks.await
import tiffin.client.findLast

/** The number of messages that one user may write about one order. */
private const val MAX_MESSAGES = 200

/**
 * Counts the user's messages about an order, those on the phone included that are not sent yet. It needs at most fifteen
 * reads. Where the server cannot be reached, it counts those on the phone.
 */
suspend fun Session.countMessages(orderId: String): Int {
    val message = { n: Int -> document("orders", orderId, "messages", "$uid-$n") }
    return try {
        findLast(MAX_MESSAGES) { message(it).getFromCache()?.exists() == true || message(it).isStored() }
    } catch (error: FirebaseFirestoreException) {
        if (!error.isUnavailable) throw error
        (MAX_MESSAGES downTo 1).firstOrNull { message(it).getFromCache()?.exists() == true } ?: 0
    }
}

/** The rules deny a message that does not exist. */
private suspend fun DocumentReference.isStored(): Boolean = try {
    get().await().exists()
} catch (error: FirebaseFirestoreException) {
    if (!error.isDenied) throw error
    false
}
