package tiffin.client.firebase

import com.google.firebase.firestore.DocumentReference
import com.google.firebase.firestore.FieldValue
import com.google.firebase.firestore.FirebaseFirestore
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.tasks.await
import tiffin.client.CartLineToSend
import tiffin.client.CommandRole
import tiffin.client.Device
import tiffin.client.EpochMs
import tiffin.client.LatLng
import tiffin.client.MenuDraftToSend
import tiffin.client.SavedAddress
import tiffin.client.geohashOf
import tiffin.client.idsInCart
import tiffin.client.path

/**
 * A signed-in user of an app. Its functions write documents that the rules allow. Each suspends until the server has
 * stored the document: while the phone is offline, Firestore keeps it and the function waits.
 */
class Session internal constructor(
    val uid: String,
    /** When the user signed in, in seconds since 1970. Commands and messages contain it. An app may keep it: see `session`. */
    val authTime: Long,
    internal val db: FirebaseFirestore,
    /** The ids of the restaurants that the user works for; at most twelve are in a token. */
    val restaurants: List<String> = emptyList(),
    /** True for a courier whose application was approved. */
    val isCourier: Boolean = false,
) {
    /** Registers this phone for pushes. A user has at most twenty devices; the oldest are removed. */
    suspend fun registerDevice(deviceId: String, device: Device) = set(path("users", uid, "devices", deviceId), device.toMap())

    /** Ends the pushes to this phone, for example when its user signs out. */
    suspend fun removeDevice(deviceId: String) = delete(path("users", uid, "devices", deviceId))

    /** Saves an address under `home`, `work` or `other-0` to `other-19`. */
    suspend fun saveAddress(id: String, address: SavedAddress) = set(path("users", uid, "addresses", id), address.toMap())

    suspend fun removeAddress(id: String) = delete(path("users", uid, "addresses", id))

    suspend fun addFavourite(restaurantId: String) =
        set(path("users", uid, "favourites", restaurantId), mapOf("addedAt" to FieldValue.serverTimestamp()))

    suspend fun removeFavourite(restaurantId: String) = delete(path("users", uid, "favourites", restaurantId))

    /** Stores the cart, so that it follows the user to another phone. */
    suspend fun saveCart(restaurantId: String, lines: List<CartLineToSend>) = set(
        path("carts", uid),
        mapOf(
            "restaurantId" to restaurantId,
            "lines" to lines.map { it.toMap() },
            "itemIds" to idsInCart(lines),
            "updatedAt" to FieldValue.serverTimestamp(),
        ),
    )

    suspend fun removeCart() = delete(path("carts", uid))

    /** Saves the menu that managers edit; `publishMenu` checks and publishes it. */
    suspend fun saveMenuDraft(restaurantId: String, draft: MenuDraftToSend) =
        set(path("restaurants", restaurantId, "menus", "draft"), draft.toMap())

    /** Marks a notification as read; only once. */
    suspend fun markNotificationRead(eventId: String) =
        update(path("users", uid, "inbox", eventId), mapOf("readAt" to FieldValue.serverTimestamp()))

    /** Marks the chat of an order as read up to the time of a message. */
    suspend fun markChatRead(orderId: String, readUpTo: EpochMs) =
        set(path("users", uid, "reads", orderId), mapOf("readUpTo" to readUpTo.toTimestamp()))

    /**
     * Writes the user's n-th message about an order, counted over both chats from 1: one more than [countMessages] at
     * first. The number makes a repeated write the same message. The rules accept one each second, and deny a number that
     * is used: a [MessageQueue] keeps to both. The other party sees the message once the server has filtered it.
     */
    suspend fun sendMessage(thread: Thread, role: CommandRole, n: Int, text: String) = set(
        path("orders", thread.orderId, "messages", "$uid-$n"),
        mapOf(
            "uid" to uid,
            "role" to role.text,
            "n" to n,
            "customerId" to thread.customerId,
            "restaurantId" to (thread as? Thread.WithRestaurant)?.restaurantId,
            "courierId" to (thread as? Thread.WithCourier)?.courierId,
            "text" to text,
            "createdAt" to FieldValue.serverTimestamp(),
            "authTime" to authTime,
            "state" to "new",
        ),
    )

    /** The rules accept a heartbeat every five seconds; apps send one every thirty. */
    suspend fun showPresence(place: LatLng) {
        val position = mapOf("lat" to place.lat, "lng" to place.lng, "geohash" to geohashOf(place))
        val presence = position + ("at" to FieldValue.serverTimestamp())
        update(path("couriers", uid), mapOf("online" to true, "presence" to presence))
    }

    /** Ends the courier's shift, at any time: no offer comes any more. */
    suspend fun goOffline() = update(path("couriers", uid), mapOf("online" to false))

    /** Throws an IllegalArgumentException for an id that is empty or contains a slash. */
    internal fun document(vararg segments: String): DocumentReference = db.document(path(*segments))

    internal suspend fun update(path: String, data: Map<String, Any?>) {
        db.document(path).update(data).await()
    }

    private suspend fun set(path: String, data: Map<String, Any?>) {
        db.document(path).set(data).await()
    }

    private suspend fun delete(path: String) {
        db.document(path).delete().await()
    }
}

/** A chat of an order: between its customer and either the restaurant or the courier. */
sealed interface Thread {
    val orderId: String
    val customerId: String

    data class WithRestaurant(
        override val orderId: String,
        override val customerId: String,
        val restaurantId: String,
    ) : Thread

    data class WithCourier(
        override val orderId: String,
        override val customerId: String,
        val courierId: String,
    ) : Thread
}

/** A position of the phone, `agoMs` before the packet is sent, at most a minute. */
data class TimedFix(val place: LatLng, val agoMs: Long)

/** The positions of one order on its way, which its parties follow. */
class PositionStream(private val session: Session, private val orderId: String) {
    private val turn = Mutex()
    private var seq: Long? = null

    /**
     * Sends a packet of one to four positions, the oldest first. The rules accept one every three seconds; the zone's
     * `limits.position` says how often apps send one. Packets are numbered on from the stored one, so that a phone that
     * restarts or whose clock went back continues.
     */
    suspend fun send(fixes: List<TimedFix>) {
        val path = path("couriers", session.uid, "live", orderId)
        // Two packets that are sent at once have numbers of their own.
        val next = turn.withLock {
            val last = seq ?: (session.db.document(path).get().await().get("seq") as? Number)?.toLong() ?: 0L
            (last + 1).also { seq = it }
        }
        val places = fixes.map { mapOf("lat" to it.place.lat, "lng" to it.place.lng, "agoMs" to it.agoMs) }
        session.update(path, mapOf("seq" to next, "fixes" to places, "at" to FieldValue.serverTimestamp()))
    }
}
