package tiffin.client

/** Reads JSON with integers of 64 bits, for the tests: the core has no dependency. */
internal class JsonReader(private val text: String) {
    private var at = 0

    fun read(): Any? = value().also { require(skipSpace() == null) { "text after the value at $at" } }

    private fun value(): Any? = when (skipSpace()) {
        '{' -> elements('}') { string().also { take(':') } to value() }.toMap()
        '[' -> elements(']') { value() }
        '"' -> string()
        't' -> word("true", true)
        'f' -> word("false", false)
        'n' -> word("null", null)
        else -> number()
    }

    private fun <T> elements(end: Char, element: () -> T): List<T> {
        at += 1
        val found = mutableListOf<T>()
        while (skipSpace() != end) {
            if (found.isNotEmpty()) take(',')
            found += element()
        }
        at += 1
        return found
    }

    private fun string(): String {
        take('"')
        val read = StringBuilder()
        while (text[at] != '"') read.append(if (text[at] == '\\') escaped() else text[at++])
        at += 1
        return read.toString()
    }

    private fun escaped(): Char {
        val letter = text[at + 1]
        at += 2
        return when (letter) {
            'n' -> '\n'
            't' -> '\t'
            'r' -> '\r'
            'b' -> '\b'
            'f' -> '\u000c'
            'u' -> text.substring(at, at + 4).toInt(16).toChar().also { at += 4 }
            else -> letter
        }
    }

    private fun number(): Number {
        val token = text.substring(at).takeWhile { it in "+-.0123456789eE" }
        at += token.length
        return token.toLongOrNull() ?: token.toDouble()
    }

    private fun word(word: String, value: Any?): Any? {
        require(text.startsWith(word, at)) { "unexpected text at $at" }
        at += word.length
        return value
    }

    private fun take(expected: Char) {
        require(skipSpace() == expected) { "expected $expected at $at" }
        at += 1
    }

    private fun skipSpace(): Char? {
        while (at < text.length && text[at].isWhitespace()) at += 1
        return text.getOrNull(at)
    }
}

/** Writes a value as JSON. */
internal fun toJson(value: Any?): String = when (value) {
    null, is Boolean, is Number -> value.toString()
    is Map<*, *> -> value.entries.joinToString(",", "{", "}") { (key, one) -> "${toJson(key)}:${toJson(one)}" }
    is List<*> -> value.joinToString(",", "[", "]") { toJson(it) }
    else -> value.toString().map(::escape).joinToString("", "\"", "\"")
}

private fun escape(char: Char): String =
    if (char == '"' || char == '\\' || char < ' ') "\\u%04x".format(char.code) else char.toString()
