package tiffin.client

/** A callable function of the backend. */
class Callable<in I : Record, out O>(
    val name: String,
    private val output: Reader<O>,
    /** True where the call consumes a limited-use token of App Check. */
    val limitedUse: Boolean,
    /** The reasons with which it may refuse, besides [Calls.commonReasons]. */
    val reasons: Set<String>,
) {
    fun encode(input: I): Map<String, Any?> = input.toMap()

    /** Reads the answer. Throws a [ContractException]. */
    fun decode(answer: Map<String, Any?>): O = output.readFrom(answer)
}

/** A call that the server refused. Anything else, such as no connection, stays the exception of the Firebase SDK. */
class RefusedException(val refusal: Refusal, cause: Throwable? = null) : Exception(refusal.reason, cause) {
    companion object {
        /** Converts the details of the SDK's exception; null where the server did not send a reason. */
        fun of(details: Any?, cause: Throwable? = null): RefusedException? {
            val values = (details as? Map<*, *>)?.entries?.associate { (key, value) -> key.toString() to value }
            val reason = values?.get("reason") as? String ?: return null
            return RefusedException(Refusal.of(reason, values - "reason"), cause)
        }
    }
}
