package tiffin.client.firebase

import com.google.android.gms.tasks.Task
import com.google.firebase.firestore.DocumentReference
import com.google.firebase.firestore.FieldValue
import com.google.firebase.firestore.FirebaseFirestoreException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.plus
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.tasks.await
import kotlinx.coroutines.withContext
import tiffin.client.CommandAnswer
import tiffin.client.CommandRequestToSend
import tiffin.client.CommandRole
import tiffin.client.readFrom

/** Commands that are not queued keep a second apart, with a margin for the clocks. */
private const val PACE_MS = 1_100L

/** How many commands may wait behind the first of a queue. */
private const val MAX_QUEUED = 9

/** How many commands one user may give about one order. */
private const val MAX_COMMANDS = 60

/** A command that is on its way. */
class SentCommand(
    val id: String,
    /** Completes with the server's answer, also long after the phone was offline; fails where the rules deny it. */
    val answer: Deferred<CommandAnswer>,
)

/** Too many commands wait for their answers, or were given about this order. */
class TooManyCommandsException :
    IllegalStateException("too many commands wait for an answer, or were given about this order")

/**
 * The steps that one user takes at one order, in documents instead of calls: Firestore keeps them while the phone is
 * offline and delivers them later. A command behind another that has no answer yet waits for it on the server, which
 * refuses it if the first is refused.
 */
class CommandQueue internal constructor(
    private val session: Session,
    private val orderId: String,
    private val role: CommandRole,
    scope: CoroutineScope,
    commandsBefore: Int,
) {
    /** A command that is denied must not end the others. */
    private val scope = scope + SupervisorJob(scope.coroutineContext[Job])

    /** Sends take turns: a command is stored before the one behind it. */
    private val turn = Mutex()
    private val state = Mutex()

    /** The commands without an answer. */
    private var waiting = 0
    private var queued = 0
    private var lastAtMs = 0L

    /** How many commands this user has given about the order. An app keeps it to continue after a restart. */
    @Volatile
    var count: Int = commandsBefore
        private set

    /** Sends a command. Throws a [TooManyCommandsException]. */
    suspend fun send(request: CommandRequestToSend): SentCommand = turn.withLock {
        val place = enter()
        // From here on nothing suspends: a cancelled caller must not leave a number without a command.
        val document = session.db.document("orders/$orderId/commands/${idOf(place.n)}")
        val stored = document.set(toCommand(request, place))
        SentCommand(idOf(place.n), scope.async { awaitAnswer(place.n, stored, document) })
    }

    private suspend fun awaitAnswer(n: Int, stored: Task<*>, document: DocumentReference): CommandAnswer = try {
        // The rules allow to listen to a command only once it is stored.
        stored.await()
        document.awaitAnswer()
    } catch (error: FirebaseFirestoreException) {
        // What the rules deny is not stored: the next command has its number.
        if (error.isDenied) state.withLock { count = minOf(count, n - 1) }
        throw error
    } finally {
        leave()
    }

    /** Takes the next number, a second after the last answer where no command waits. */
    private suspend fun enter(): Place {
        while (true) {
            val waitMs = state.withLock {
                val untilMs = if (waiting > 0) 0 else lastAtMs + PACE_MS - System.currentTimeMillis()
                if (untilMs <= 0) return take()
                untilMs
            }
            delay(waitMs)
        }
    }

    private fun take(): Place {
        val isBehind = waiting > 0
        if (count >= MAX_COMMANDS || (isBehind && queued >= MAX_QUEUED)) throw TooManyCommandsException()
        queued = if (isBehind) queued + 1 else 0
        count += 1
        waiting += 1
        return Place(count, queued)
    }

    private suspend fun leave() = withContext(NonCancellable) {
        state.withLock {
            waiting -= 1
            lastAtMs = System.currentTimeMillis()
        }
    }

    private fun idOf(n: Int): String = "${session.uid}-command-$n"

    private fun toCommand(request: CommandRequestToSend, place: Place): Map<String, Any?> = mapOf(
        "uid" to session.uid,
        "role" to role.text,
        "n" to place.n,
        "request" to request.toMap(),
        "createdAt" to FieldValue.serverTimestamp(),
        "authTime" to session.authTime,
        "answer" to mapOf("state" to "pending"),
    ) + if (place.behind == 0) emptyMap() else mapOf("after" to idOf(place.n - 1), "queued" to place.behind)
}

/** The number of a command, and its place behind the first one of its queue: 0 for the first. */
private class Place(val n: Int, val behind: Int)

private val FirebaseFirestoreException.isDenied: Boolean
    get() = code == FirebaseFirestoreException.Code.PERMISSION_DENIED

private suspend fun DocumentReference.awaitAnswer(): CommandAnswer =
    changes().map { CommandAnswer.readFrom(it.get("answer").toObject(), millisOf) }.first { it !is CommandAnswer.Pending }

/** Counts the user's commands about an order. */
internal suspend fun countCommands(session: Session, orderId: String): Int =
    (1..MAX_COMMANDS).firstOrNull { n ->
        !session.db.document("orders/$orderId/commands/${session.uid}-command-$n").isStored()
    }?.minus(1) ?: MAX_COMMANDS

/** The rules deny a command that does not exist. */
private suspend fun DocumentReference.isStored(): Boolean = try {
    get().await().exists()
} catch (error: FirebaseFirestoreException) {
    if (!error.isDenied) throw error
    false
}
