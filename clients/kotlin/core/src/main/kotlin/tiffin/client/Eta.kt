package tiffin.client

import kotlin.math.max
import kotlin.math.min

/** When an order arrives: half of such orders come before `p50At`, nine in ten before `p90At`. */
data class Eta(val p50At: EpochMs, val p90At: EpochMs)

/** What is known of a delivery. `position` and `door` are known once the courier rides to the door. */
data class EtaFacts(
    val order: Order,
    val position: LatLng?,
    val door: LatLng?,
    /** See [paceOf]. */
    val pace: Double,
    /** The zone's table, [DocumentReads.etaTable]; null where there is none. */
    val table: EtaTable?,
    val now: EpochMs,
)

/** The courier's time from the counter to the departure. */
private const val HAND_OVER_MS = 120_000L
private const val HOUR_MS = 3_600_000L

/** Without data: a ride takes as long as quoted, one in ten a good third longer. */
private val UNLEARNED = Spread(1.0, 1.35)
private val BEFORE_PICK_UP =
    setOf(OrderStatus.Placed, OrderStatus.Accepted, OrderStatus.Preparing, OrderStatus.Ready)

private data class Spread(val p50: Double, val p90: Double)

/** Computes how much longer a courier's vehicle takes than was quoted: 1 before a courier is found. */
fun paceOf(travel: Travel, vehicle: Vehicle?): Double {
    val speeds = travel.metersPerSecond.toMap()
    val quoted = speeds[travel.quotedVehicle.text] as? Double
    val own = speeds[(vehicle ?: travel.quotedVehicle).text] as? Double
    return if (quoted != null && own != null) quoted / own else 1.0
}

/** Computes when an order arrives, as the server does for a shared link. Null when it is not being delivered. */
fun computeEta(facts: EtaFacts): Eta? {
    val (order, _, _, pace, table, now) = facts
    val hour = Math.floorMod(Math.floorDiv(now.ms, HOUR_MS), 24L)
    val ratio = table?.let { it.hours[hour.toString()] ?: it.all }?.let { Spread(it.p50, it.p90) } ?: UNLEARNED
    val rideMs = order.travelSeconds * 1000 * pace
    if (order.status in BEFORE_PICK_UP) {
        val readyAtMs = order.readyAtMs?.ms ?: (order.createdAtMs.ms + order.prepMinutes * 60_000)
        return etaAt(max(now.ms, readyAtMs) + HAND_OVER_MS, rideMs, ratio)
    }
    return if (order.status == OrderStatus.PickedUp) etaAt(now.ms, rideLeftMs(facts, rideMs), ratio) else null
}

private fun etaAt(fromMs: Long, rideMs: Double, ratio: Spread): Eta =
    Eta(EpochMs(Math.round(fromMs + rideMs * ratio.p50)), EpochMs(Math.round(fromMs + rideMs * ratio.p90)))

/** The quoted ride in proportion to the remaining distance; without a position, the rest of its time. */
private fun rideLeftMs(facts: EtaFacts, rideMs: Double): Double {
    val (order, position, door) = facts
    if (position != null && door != null) {
        val wayMeters = distanceMeters(LatLng(order.pickUpAt.lat, order.pickUpAt.lng), door)
        return if (wayMeters == 0.0) 0.0 else rideMs * min(1.5, distanceMeters(position, door) / wayMeters)
    }
    val pickedUp = order.events.findLast { it.action == OrderEventAction.PickUp }?.atMs ?: facts.now
    return max(0.0, pickedUp.ms + rideMs - facts.now.ms)
}
