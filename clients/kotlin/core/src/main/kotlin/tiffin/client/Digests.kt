package tiffin.client

import java.security.MessageDigest

/** The first twenty hexadecimal digits of a SHA-256. */
private fun shortDigest(text: String): String =
    MessageDigest.getInstance("SHA-256").digest(text.toByteArray()).take(10).joinToString("") { "%02x".format(it) }

/** Computes the key of a member of staff, by which the kitchen's board finds the open orders of a restaurant. */
fun staffKeyOf(uid: String): String = shortDigest(uid)

/** Computes the id of a courier's account in the ledger, below which the courier's days are. */
fun accountIdOf(uid: String): String = shortDigest("ledger:$uid")
