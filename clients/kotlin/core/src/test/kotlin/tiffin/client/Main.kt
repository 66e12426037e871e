package tiffin.client

import java.io.File

/**
 * Runs the checks of the core without a test framework: `Main golden.json cases.json`. Prints as JSON what differs from
 * the golden documents, what the core computes for the cases, the reads and the callables.
 */
fun main(arguments: Array<String>) {
    val (golden, cases) = arguments.map { JsonReader(File(it).readText()).read().toObject() }
    val report = mapOf(
        "differences" to compareGolden(golden),
        "computed" to compute(cases),
        "reads" to describeReads(),
        "calls" to describeCalls(),
    )
    System.out.write(toJson(report).toByteArray())
    System.out.flush()
}
