package tiffin.client.firebase

import com.google.firebase.firestore.DocumentReference
import com.google.firebase.firestore.DocumentSnapshot
import com.google.firebase.firestore.FieldValue
import com.google.firebase.firestore.FirebaseFirestoreException
import com.google.firebase.firestore.Source
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.tasks.await
import tiffin.client.CommandAnswer
import tiffin.client.CommandRole
import tiffin.client.CommandStep
import tiffin.client.readFrom

/** The number of commands that one user may give about one order. */
internal const val MAX_COMMANDS = 60

/** A command that is stored, on the server or on the phone. `queued` is the number of commands before it in its queue. */
internal data class StoredCommand(val n: Int, val queued: Int, val isPending: Boolean)

/** A command as the queue writes it: behind its predecessor where `queued` is above 0. */
internal class WrittenCommand(val n: Int, val request: CommandStep, val queued: Int)

/** An attempt to store a command. It can be awaited several times. */
internal fun interface Storing {
    /** Returns once the server has stored the command. Throws a [FirebaseFirestoreException] where the rules deny it. */
    suspend fun await()
}

/** What a queue of commands needs of Firestore. */
internal interface CommandStore {
    fun idOf(n: Int): String

    fun write(command: WrittenCommand): Storing

    /** Finds a command on the phone or on the server. */
    suspend fun find(n: Int): StoredCommand?

    suspend fun findInCache(n: Int): StoredCommand?

    /** Returns once what the phone had written before is stored or denied. */
    suspend fun flush()

    /** Returns the server's answer to a command that is stored. */
    suspend fun answerTo(n: Int): CommandAnswer
}

/** The commands of one user about one order. */
internal class FirestoreCommands(
    private val session: Session,
    private val orderId: String,
    private val role: CommandRole,
) : CommandStore {
    override fun idOf(n: Int): String = "${session.uid}-command-$n"

    override fun write(command: WrittenCommand): Storing {
        val place = mapOf("after" to idOf(command.n - 1), "queued" to command.queued)
        val fields = mapOf(
            "uid" to session.uid,
            "role" to role.text,
            "n" to command.n,
            "request" to command.request.toMap(),
            "createdAt" to FieldValue.serverTimestamp(),
            "authTime" to session.authTime,
            "answer" to mapOf("state" to "pending"),
        )
        val task = document(command.n).set(if (command.queued > 0) fields + place else fields)
        return Storing { task.await() }
    }

    override suspend fun find(n: Int): StoredCommand? = findInCache(n) ?: try {
        document(n).get().await().toStored(n)
    } catch (error: FirebaseFirestoreException) {
        // The rules deny a command that does not exist.
        if (!error.isDenied) throw error
        null
    }

    override suspend fun findInCache(n: Int): StoredCommand? = document(n).getFromCache()?.toStored(n)

    override suspend fun flush() {
        session.db.waitForPendingWrites().await()
    }

    override suspend fun answerTo(n: Int): CommandAnswer =
        // The phone may have dropped a command that is on the server.
        document(n).changes().filter { it.exists() }.map { it.toAnswer() }.first { it !is CommandAnswer.Pending }

    private fun document(n: Int): DocumentReference = session.document("orders", orderId, "commands", idOf(n))
}

private fun DocumentSnapshot.toAnswer(): CommandAnswer = CommandAnswer.readFrom(get("answer").toObject(), millisOf)

private fun DocumentSnapshot.toStored(n: Int): StoredCommand? {
    if (!exists()) return null
    val queued = (get("queued") as? Number)?.toInt() ?: 0
    return StoredCommand(n, queued, toAnswer() is CommandAnswer.Pending)
}

/** Gets a document from the phone; null where it is not there. */
internal suspend fun DocumentReference.getFromCache(): DocumentSnapshot? = try {
    get(Source.CACHE).await()
} catch (error: FirebaseFirestoreException) {
    if (!error.isUnavailable) throw error
    null
}

/**
 * Finds the newest command: one read for each that was given. Where the server cannot be reached, it is the newest one
 * on the phone.
 */
internal suspend fun CommandStore.findNewest(): StoredCommand? = try {
    var newest: StoredCommand? = null
    for (n in 1..MAX_COMMANDS) newest = find(n) ?: break
    newest
} catch (error: FirebaseFirestoreException) {
    if (!error.isUnavailable) throw error
    // The phone may not have all of them.
    (MAX_COMMANDS downTo 1).firstNotNullOfOrNull { findInCache(it) }
}
