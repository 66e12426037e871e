package tiffin.client

/** A document that the rules let an app get. */
class DocumentRead<out T>(val path: String, val reader: Reader<T>)

/** A query that the rules let an app make. */
class QueryRead<out T>(
    val collection: String,
    val filters: List<Filter>,
    val orderBy: OrderBy?,
    /** The documents of a page. The rules refuse more than 50. */
    val limit: Long,
    val reader: Reader<T>,
)

enum class Operator(val text: String) {
    EQUAL("=="),
    IN("in"),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    ARRAY_CONTAINS("array-contains"),
}

/** A condition of a query. With `isTimestamp`, the value is milliseconds, and the field holds a Timestamp. */
data class Filter(val field: String, val operator: Operator, val value: Any?, val isTimestamp: Boolean = false)

data class OrderBy(val field: String, val descending: Boolean)

/** Checks an id in a path. Throws an IllegalArgumentException for one that would lead to another document. */
internal fun id(text: String): String {
    require(text.isNotEmpty() && '/' !in text) { "an id is neither empty nor contains a slash: '$text'" }
    return text
}

/** Joins the names and ids of a path. Throws an IllegalArgumentException for an id that leads to another document. */
fun path(vararg segments: String): String = segments.joinToString("/", transform = ::id)
