package tiffin.client

/** Finds the last of the numbers from 1 that are used, by doubling and halving; 0 where none is. */
suspend fun findLast(max: Int, isUsed: suspend (Int) -> Boolean): Int {
    var used = 0
    var free = 1
    while (free <= max && isUsed(free)) {
        used = free
        free *= 2
    }
    free = minOf(free, max + 1)
    while (free - used > 1) {
        val middle = (used + free) / 2
        if (isUsed(middle)) used = middle else free = middle
    }
    return used
}
