package tiffin.client

/** The most ids that a cart may list: the rules refuse more. */
private const val MAX_IDS = 200

/** Lists the ids of the items and options in the lines: by them the server finds the carts with what is sold out. */
fun idsInCart(lines: List<CartLineToSend>): List<String> =
    lines.flatMap { line -> listOf(line.itemId) + line.modifiers.orEmpty().flatMap(::idsOf) }.distinct().take(MAX_IDS)

private fun idsOf(chosen: ChosenModifierToSend): List<String> =
    listOf(chosen.optionId) + chosen.modifiers.orEmpty().map { it.optionId }
