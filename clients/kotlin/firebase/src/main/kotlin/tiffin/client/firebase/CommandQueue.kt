package tiffin.client.firebase

import com.google.firebase.firestore.FirebaseFirestoreException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.plus
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import tiffin.client.CommandAnswer
import tiffin.client.CommandStep

/** Commands that are not queued keep a second apart, with a margin for the clocks. */
private const val PACE_MS = 1_100L

/** How many commands may wait behind the first of a queue. */
private const val MAX_QUEUED = 9

/** A command that is on its way. */
class SentCommand internal constructor(
    private val currentId: () -> String,
    /** Completes with the server's answer, also long after the phone was offline; fails where the rules deny it. */
    val answer: Deferred<CommandAnswer>,
) {
    /** The id of its document: another one from when its number turned out to be used already. */
    val id: String get() = currentId()
}

/** Ten commands wait for their answers, or sixty were given about this order. */
class TooManyCommandsException :
    IllegalStateException("too many commands wait for an answer, or were given about this order")

/** A command without an answer. A command that the queue found has no request: it cannot be written again. */
private class OpenCommand(val request: CommandStep?, var n: Int = 0, var queued: Int = 0) {
    var storing: Storing = Storing { }

    /** Why it was given up. */
    var failure: Exception? = null
    lateinit var answer: Deferred<CommandAnswer>
    val isFollowed: Boolean get() = ::answer.isInitialized
}

/**
 * The steps that one user takes at one order, in documents instead of calls: Firestore keeps them while the phone is
 * offline and delivers them later. A command behind another that has no answer yet waits for it on the server, which
 * refuses it if the first is refused. A command whose number is used already, by another phone of the account for
 * example, gets the next one.
 */
class CommandQueue internal constructor(
    private val store: CommandStore,
    scope: CoroutineScope,
    commandsBefore: Int,
    newest: StoredCommand?,
    private val paceMs: Long = PACE_MS,
) {
    /** A command that is denied must not end the others. */
    private val scope = scope + SupervisorJob(scope.coroutineContext[Job])

    /** Sends take turns: a command is stored before the one behind it. */
    private val sends = Mutex()

    /** What changes `count` and `open` takes turns. */
    private val turns = Mutex()

    /** The commands without an answer, each behind the one before it. */
    private val open = mutableListOf<OpenCommand>()

    /** By a clock that does not go back with that of the phone; null before the first command. */
    private var lastAtNanos: Long? = if (commandsBefore > 0) System.nanoTime() else null

    /** How many commands this user has given about the order. An app keeps it to continue after a restart. */
    @Volatile
    var count: Int = commandsBefore
        private set

    init {
        if (newest?.isPending == true) adopt(newest) { store.flush() }
    }

    /**
     * Sends a command, after those before it. The tenth command behind another waits for the answers before it. Throws a
     * [TooManyCommandsException] while ten commands wait, and beyond sixty commands about an order.
     */
    suspend fun send(request: CommandStep): SentCommand = sends.withLock {
        val command = OpenCommand(request)
        while (true) {
            val last = turns.withLock { place(command, request) } ?: break
            last.answer.join()
        }
        SentCommand({ store.idOf(command.n) }, command.answer)
    }

    /** Gives a command its number and writes it. Returns the last command of a queue that is full. */
    private suspend fun place(command: OpenCommand, request: CommandStep): OpenCommand? {
        if (open.isEmpty()) lastAtNanos?.let { delay(paceMs - (System.nanoTime() - it) / 1_000_000) }
        // From here on nothing suspends: a cancelled caller must not leave a number without a command.
        val before = open.lastOrNull()
        if (count >= MAX_COMMANDS || open.size > MAX_QUEUED) throw TooManyCommandsException()
        if (before != null && before.queued >= MAX_QUEUED) return before
        val n = count + 1
        val queued = if (before == null) 0 else before.queued + 1
        command.storing = store.write(WrittenCommand(n, request, queued))
        command.n = n
        command.queued = queued
        command.failure = null
        count = n
        open += command
        if (!command.isFollowed) follow(command)
        return null
    }

    /** Takes a command into the queue that another phone, or this one before a restart, has written. */
    private fun adopt(found: StoredCommand, flush: suspend () -> Unit) {
        val command = OpenCommand(null, found.n, found.queued)
        command.storing = Storing {
            flush()
            if (store.find(found.n) == null)
                throw FirebaseFirestoreException("a command was denied", FirebaseFirestoreException.Code.PERMISSION_DENIED)
        }
        open += command
        follow(command)
    }

    private fun follow(command: OpenCommand) {
        command.answer = scope.async { awaitAnswer(command) }
    }

    private suspend fun awaitAnswer(command: OpenCommand): CommandAnswer = try {
        while (true) {
            val attempt = command.storing
            val error = attempt.failure() ?: break
            turns.withLock { repair(command, attempt, error) }
            command.failure?.let { throw it }
        }
        store.answerTo(command.n)
    } finally {
        withContext(NonCancellable) {
            turns.withLock {
                open -= command
                lastAtNanos = System.nanoTime()
            }
        }
    }

    /**
     * Writes a command that was not stored again where its number was wrong, with the commands behind it, which the rules
     * have denied as well. Otherwise gives them up, and their numbers back.
     */
    private suspend fun repair(command: OpenCommand, attempt: Storing, error: FirebaseFirestoreException) {
        // The command before it was repaired first, and this one with it.
        if (command.storing !== attempt || command.failure != null) return
        val chain = open.drop(open.indexOf(command))
        for (one in chain) one.failure = one.storing.failure()
        val denied = chain.filter { it.failure != null }
        open -= denied.toSet()
        val isMisnumbered = error.isDenied && isMisnumbered(command.n)
        count = minOf(count, command.n - 1)
        if (!isMisnumbered) return
        countAgain()
        for (one in denied) placeAgain(one)
    }

    private suspend fun placeAgain(command: OpenCommand) {
        val request = command.request ?: return
        try {
            if (place(command, request) != null) command.failure = TooManyCommandsException()
        } catch (error: TooManyCommandsException) {
            command.failure = error
        }
    }

    /** True where the number is used, or the one before it is not. */
    private suspend fun isMisnumbered(n: Int): Boolean = try {
        store.find(n) != null || (n > 1 && store.find(n - 1) == null)
    } catch (error: FirebaseFirestoreException) {
        false
    }

    /** Finds the newest command, from the one that should be it. */
    private suspend fun countAgain() {
        var newest = if (count > 0) store.find(count) else null
        if (newest == null && count > 0) newest = store.findNewest()
        for (n in (newest?.n ?: 0) + 1..MAX_COMMANDS) newest = store.find(n) ?: break
        count = newest?.n ?: 0
        // It may have been written a moment ago.
        lastAtNanos = System.nanoTime()
        if (newest?.isPending == true && open.lastOrNull()?.n != newest.n) adopt(newest) { }
    }
}

/** Waits for the attempt. Returns why it failed; null where the command is stored. */
private suspend fun Storing.failure(): FirebaseFirestoreException? = try {
    await()
    null
} catch (error: FirebaseFirestoreException) {
    error
}
