package tiffin.client

import java.math.BigDecimal
import java.text.NumberFormat
import java.util.Currency
import java.util.Locale

/** The decimals of a currency by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. */
fun decimalsOf(currency: String): Int = DECIMALS[currency.uppercase(Locale.ROOT)] ?: 2

/** Formats an amount for a user: `€24.24`, `¥2,400`. */
fun Money.format(locale: Locale = Locale.getDefault()): String {
    val format = NumberFormat.getCurrencyInstance(locale)
    val decimals = decimalsOf(currency)
    format.currency = Currency.getInstance(currency.uppercase(Locale.ROOT))
    format.minimumFractionDigits = decimals
    format.maximumFractionDigits = decimals
    return format.format(BigDecimal.valueOf(minor.amount, decimals))
}
