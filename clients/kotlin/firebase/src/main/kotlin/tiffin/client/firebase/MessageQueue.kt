package tiffin.client.firebase

import com.google.firebase.firestore.FirebaseFirestoreException
import kotlinx.coroutines.delay
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.tasks.await
import tiffin.client.CommandRole

/** The rules accept a message each second; with a margin for the clocks. */
private const val MESSAGE_PACE_MS = 1_100L

/**
 * The messages that one user writes about one order, in both of its chats. Each waits until the server has stored the one
 * before it, and a second. A message whose number is used already, by another phone of the account for example, gets the
 * next one. While the phone is offline, Firestore keeps the first message; the others are in memory until it is sent.
 */
class MessageQueue internal constructor(
    private val session: Session,
    private val orderId: String,
    private val role: CommandRole,
) {
    private val turn = Mutex()

    /** Null before the messages are counted, and while one is written: a cancelled caller leaves it to the next one. */
    private var count: Int? = null
    private var lastAtNanos: Long? = null

    /**
     * Sends a message of a chat of this order, after those before it. Returns once the server has stored it; throws where
     * the rules deny it.
     */
    suspend fun send(thread: Thread, text: String): Unit = turn.withLock {
        require(thread.orderId == orderId) { "this queue is of the order $orderId" }
        var before = count ?: countStored()
        while (true) {
            lastAtNanos?.let { delay(MESSAGE_PACE_MS - (System.nanoTime() - it) / 1_000_000) }
            val n = before + 1
            count = null
            try {
                session.sendMessage(thread, role, n, text)
                count = n
                break
            } catch (error: FirebaseFirestoreException) {
                if (!error.isDenied) throw error
                before = countStored()
                if (before == n - 1) throw error
            } finally {
                lastAtNanos = System.nanoTime()
            }
        }
    }

    /** Counts once those that an earlier start of the app left on the phone are sent: the last may be a moment old. */
    private suspend fun countStored(): Int {
        val stored = session.countMessages(orderId)
        if (stored > 0) {
            session.db.waitForPendingWrites().await()
            lastAtNanos = System.nanoTime()
        }
        return stored
    }
}
