package tiffin.client

import kotlin.math.abs

/** An object of the contract. Its properties are those that the server knows, in the form that the Firebase SDKs take. */
interface Record {
    /** Writes the object as a map of maps, lists, texts, numbers and booleans. Absent properties are left out. */
    fun toMap(): Map<String, Any?>
}

/** Reads objects of one type. */
fun interface Reader<out T> {
    fun read(from: Fields): T
}

/** A property that an app may leave out, set to null or set to a value. `OrNull(null)` removes what was set. */
data class OrNull<out T>(val value: T?)

/** Returns the milliseconds since 1970 of a Timestamp of the Firebase SDK; null for any other value. */
typealias MillisOf = (Any) -> Long?

/**
 * Reads a document or an answer of the server. Unknown properties, texts and cases are no errors. Throws a
 * [ContractException] where a value has another type than the contract says.
 *
 * @param millisOf converts the SDK's Timestamps, which this package does not know
 */
fun <T> Reader<T>.readFrom(values: Map<String, Any?>, millisOf: MillisOf = { null }): T =
    read(Fields(values, "", millisOf))

/** The server sent a value that does not match the contract: the app is older than the last incompatible change. */
class ContractException(path: String, expected: String, value: Any?) : IllegalArgumentException(
    "$path: expected $expected, not ${if (value == null) "null" else value::class.simpleName}; update the app",
)

/** The largest Double that is one whole number only: 2^53. A conversion would turn larger ones into the largest Long. */
private const val MAX_EXACT = 9_007_199_254_740_992.0

/** The properties of an object that is being read. */
class Fields internal constructor(
    private val values: Map<*, *>,
    private val path: String,
    private val millisOf: MillisOf,
) {
    /** The object as it arrived. */
    val raw: Map<String, Any?> get() = values.entries.associate { (key, value) -> key.toString() to value }

    /** A property that is never absent. */
    operator fun get(name: String): Value = Value(values[name], "$path.$name", millisOf)

    /** A property that may be absent or null. */
    fun find(name: String): Value? = get(name).orNull()

    /** A property that may be absent, and null where it is present. */
    internal fun <T> findOrNull(name: String, read: (Value) -> T): OrNull<T>? =
        if (name in values) OrNull(get(name).orNull()?.let(read)) else null

    /** A property, or its default. */
    fun or(name: String, default: Any): Value = find(name) ?: Value(default, "$path.$name", millisOf)

    /** The text that tells the cases of a union apart. */
    internal fun tag(name: String): String? = values[name] as? String
}

/** A value that is being read. */
class Value internal constructor(
    private val value: Any?,
    private val path: String,
    private val millisOf: MillisOf,
) {
    fun orNull(): Value? = if (value == null) null else this

    fun json(): Any? = value

    fun text(): String = value as? String ?: fail("a text")

    /** A text of an enumeration, also one that this version does not know. */
    fun <T> enumeration(of: (String) -> T): T = of(text())

    fun boolean(): Boolean = value as? Boolean ?: fail("true or false")

    fun decimal(): Double = (value as? Number)?.toDouble() ?: fail("a number")

    fun minor(): Minor = Minor(integer())

    /** A time in milliseconds, or a Timestamp of the SDK. */
    fun time(): EpochMs = EpochMs(value?.let(millisOf) ?: integer())

    /** The SDKs send a whole number as an Int, a Long or a Double. */
    fun integer(): Long = when (value) {
        is Long -> value
        is Int -> value.toLong()
        is Double -> if (value == Math.rint(value) && abs(value) <= MAX_EXACT) value.toLong() else fail("a whole number")
        else -> fail("a whole number")
    }

    fun <T> record(reader: Reader<T>): T =
        reader.read(Fields(value as? Map<*, *> ?: fail("an object"), path, millisOf))

    fun <T> list(element: (Value) -> T): List<T> {
        val list = value as? List<*> ?: fail("a list")
        return list.mapIndexed { index, one -> element(Value(one, "$path[$index]", millisOf)) }
    }

    fun <T> map(element: (Value) -> T): Map<String, T> {
        val map = value as? Map<*, *> ?: fail("an object")
        return map.entries.associate { (key, one) -> key.toString() to element(Value(one, "$path.$key", millisOf)) }
    }

    private fun fail(expected: String): Nothing = throw ContractException(path.removePrefix("."), expected, value)
}

/** The facts of a refusal. What is absent or has another type is null: a refusal is always readable. */
internal class Facts(private val values: Map<String, Any?>) {
    fun text(name: String): String? = values[name] as? String

    fun boolean(name: String): Boolean? = values[name] as? Boolean

    fun decimal(name: String): Double? = (values[name] as? Number)?.toDouble()

    fun integer(name: String): Long? = (values[name] as? Number)?.toLong()

    fun minor(name: String): Minor? = integer(name)?.let(::Minor)

    fun time(name: String): EpochMs? = integer(name)?.let(::EpochMs)
}
