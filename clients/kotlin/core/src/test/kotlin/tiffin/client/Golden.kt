package tiffin.client

/** A Timestamp of the table, as an SDK would return it: an object that the core does not know. */
private data class FakeTimestamp(val ms: Long)

private val millisOf: MillisOf = { (it as? FakeTimestamp)?.ms }

/** Compares what the core reads with the table of golden documents. Returns the differences. */
internal fun compareGolden(table: Map<*, *>): List<Map<String, Any?>> =
    (table["cases"] as List<*>).mapNotNull { one ->
        val golden = one as Map<*, *>
        val reader = READERS[golden["type"]]
        val problem = if (reader == null) "no reader" else runCatching { compareCase(reader, golden) }.getOrElse { "$it" }
        problem?.let { mapOf("type" to golden["type"], "case" to golden["case"], "problem" to it) }
    }

private fun compareCase(reader: Reader<Record>, golden: Map<*, *>): String? {
    val stored = golden["stored"] as Map<*, *>
    val read = reader.readFrom(toStored(stored).toObject(), millisOf)
    val expected = normalize(golden["read"])
    val written = normalize(read.toMap())
    return when {
        written != expected -> "read ${toJson(written)}, not ${toJson(expected)}"
        reader.readFrom(read.toMap()) != read -> "is another value when it is read again"
        else -> null
    }
}

private fun toStored(value: Any?): Any? = when (value) {
    is List<*> -> value.map(::toStored)
    is Map<*, *> -> (value["\$timestamp"] as? Long)?.let(::FakeTimestamp) ?: value.mapValues { (_, one) -> toStored(one) }
    else -> value
}

/**
 * Makes values comparable: without nulls, numbers as Double where the table has no decimals, and an unknown case in the
 * form in which it arrived.
 */
private fun normalize(value: Any?): Any? = when (value) {
    is List<*> -> value.map(::normalize)
    is Map<*, *> -> normalizeObject(value)
    is Long -> if (value.toDouble().toLong() == value) value.toDouble() else value
    else -> value
}

private fun normalizeObject(value: Map<*, *>): Any? {
    val raw = value["raw"]
    if (value.size == 2 && raw != null && value.containsValue("unknown")) return normalize(raw)
    return value.filterValues { it != null }.mapValues { (_, one) -> normalize(one) }
}

internal fun Any?.toObject(): Map<String, Any?> = (this as Map<*, *>).entries.associate { (key, one) -> "$key" to one }
