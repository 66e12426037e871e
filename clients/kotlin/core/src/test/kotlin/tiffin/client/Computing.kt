package tiffin.client

import java.util.Locale

/** Computes what the TypeScript package computes, for the same facts. */
internal fun compute(cases: Map<String, Any?>): Map<String, Any?> {
    val places = cases.list("places").map { it.toPlace()!! }
    val uids = cases.list("uids").map { it as String }
    val travel = Travel.readFrom(cases["travel"].toObject())
    return mapOf(
        "eta" to cases.list("eta").map { eta(it.toObject()) },
        "meters" to places.zipWithNext().map { (from, to) -> distanceMeters(from, to) },
        "geohashes" to places.map(::geohashOf),
        "staffKeys" to uids.map(::staffKeyOf),
        "accountIds" to uids.map(::accountIdOf),
        "money" to cases.list("money").map { money(it.toObject()) },
        "paces" to cases.list("vehicles").map { paceOf(travel, (it as? String)?.let(::Vehicle)) },
        "refusals" to cases.list("refusals").map { refusal(it.toObject()) },
        "encoded" to encoded(),
        "integers" to cases.list("integers").map { integer(it) },
        "carts" to cases.list("carts").map { cart -> idsInCart((cart as List<*>).map { CartLine.readFrom(it.toObject()).toSend() }) },
        "paths" to cases.list("paths").map { id -> runCatching { path("zones", id as String) }.getOrNull() },
    )
}

private fun eta(facts: Map<String, Any?>): Any? {
    val eta = computeEta(
        EtaFacts(
            order = Order.readFrom(facts["order"].toObject()),
            position = facts["position"].toPlace(),
            door = facts["door"].toPlace(),
            pace = (facts["pace"] as Number).toDouble(),
            table = facts["table"]?.let { EtaTable.readFrom(it.toObject()) },
            now = EpochMs(facts["nowMs"] as Long),
        ),
    )
    return eta?.let { mapOf("p50AtMs" to it.p50At.ms, "p90AtMs" to it.p90At.ms) }
}

private fun money(value: Map<String, Any?>): String =
    Money(Minor(value["minor"] as Long), value["currency"] as String).format(Locale.US)

/** What an app reads of a refusal. */
private fun refusal(details: Map<String, Any?>): String = RefusedException.of(details)?.refusal.toString()

/** Inputs as they are sent: without what the app leaves out. */
private fun encoded(): List<Map<String, Any?>> = listOf(
    Calls.quote.encode(
        QuoteInput(
            restaurantId = "r1",
            kind = OrderKind.Delivery,
            lines = listOf(CartLineToSend(itemId = "dal", quantity = 2, note = "scharf 🌶")),
            dropOff = null,
            scheduledForMs = OrNull(EpochMs(1_772_475_300_123)),
        ),
    ),
    CommandStep.Move(CommandMove.Accept()).toMap(),
    CommandStep.Cancel(reason = "changed my mind").toMap(),
    Calls.listCards.encode(ListCardsInput),
    UpdateStoreInputChanges(slotCapacity = OrNull(null)).toMap(),
    UpdateStoreInputChanges(slotCapacity = OrNull(4)).toMap(),
)

/** Whole numbers as an SDK sends them; null where the value is none. */
private fun integer(value: Any?): Long? =
    runCatching { Fields(mapOf("n" to value), "", { null })["n"].integer() }.getOrNull()

private fun CartLine.toSend(): CartLineToSend =
    CartLineToSend(itemId, quantity, modifiers.map { ChosenModifierToSend(it.optionId, it.quantity, it.modifiers) }, note)

/** The callables as data. */
internal fun describeCalls(): Map<String, Any?> = Calls.all.associate { call ->
    call.name to mapOf("limitedUse" to call.limitedUse, "reasons" to call.reasons.toList())
}

/** The documents and queries, with the names of their parameters as values. */
internal fun describeReads(): Map<String, Any?> = mapOf(
    "documents" to DOCUMENTS.mapValues { (_, read) -> read.path },
    "queries" to QUERIES.mapValues { (_, read) ->
        mapOf(
            "collection" to read.collection,
            "filters" to read.filters.map { listOf(it.field, it.operator.text, it.value, it.isTimestamp) },
            "orderBy" to read.orderBy?.let { listOf(it.field, if (it.descending) "desc" else "asc") },
            "limit" to read.limit,
        )
    },
)

private fun Any?.toPlace(): LatLng? = (this as? Map<*, *>)?.let {
    LatLng((it["lat"] as Number).toDouble(), (it["lng"] as Number).toDouble())
}

private fun Map<String, Any?>.list(name: String): List<*> = get(name) as List<*>
