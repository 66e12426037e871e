package tiffin.client

/** An amount in a currency's minor unit, such as cents. */
@JvmInline
value class Minor(val amount: Long) : Comparable<Minor> {
    operator fun plus(other: Minor): Minor = Minor(Math.addExact(amount, other.amount))

    operator fun minus(other: Minor): Minor = Minor(Math.subtractExact(amount, other.amount))

    override fun compareTo(other: Minor): Int = amount.compareTo(other.amount)
}

/** A time by the server's clock, in milliseconds since 1970. */
@JvmInline
value class EpochMs(val ms: Long) : Comparable<EpochMs> {
    override fun compareTo(other: EpochMs): Int = ms.compareTo(other.ms)
}

/** An amount with its currency by ISO 4217. */
data class Money(val minor: Minor, val currency: String)
