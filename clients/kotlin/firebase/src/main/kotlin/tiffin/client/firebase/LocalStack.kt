package tiffin.client.firebase

import android.util.Base64
import com.google.android.gms.tasks.Tasks
import com.google.firebase.FirebaseApp
import com.google.firebase.appcheck.AppCheckProvider
import com.google.firebase.appcheck.AppCheckProviderFactory
import com.google.firebase.appcheck.AppCheckToken
import com.google.firebase.appcheck.FirebaseAppCheck
import com.google.firebase.auth.FirebaseAuth
import com.google.firebase.firestore.FirebaseFirestore
import com.google.firebase.functions.FirebaseFunctions
import com.google.firebase.storage.FirebaseStorage
import org.json.JSONObject

/** The ports of the local stack: those of the official emulators, moved together by the stack's offset. */
data class LocalPorts(
    val auth: Int = 9099,
    val firestore: Int = 8080,
    val functions: Int = 5001,
    val storage: Int = 9199,
) {
    /** The ports of a stack that was started with `--port-offset`. */
    fun withOffset(offset: Int): LocalPorts =
        LocalPorts(auth + offset, firestore + offset, functions + offset, storage + offset)
}

/** The address of the computer in an Android emulator. A phone needs the computer's address in the network. */
const val ANDROID_EMULATOR_HOST: String = "10.0.2.2"

/**
 * Connects an app to the local stack (`npm start`, whose `--port-offset` is `offset`), before its first request. The debug manifest has to allow unencrypted
 * traffic to the host.
 */
fun connectToLocalStack(
    app: FirebaseApp = FirebaseApp.getInstance(),
    host: String = ANDROID_EMULATOR_HOST,
    offset: Int = 0,
    ports: LocalPorts = LocalPorts().withOffset(offset),
    region: String = REGION,
) {
    FirebaseAuth.getInstance(app).useEmulator(host, ports.auth)
    FirebaseFirestore.getInstance(app).useEmulator(host, ports.firestore)
    FirebaseFunctions.getInstance(app, region).useEmulator(host, ports.functions)
    FirebaseStorage.getInstance(app).useEmulator(host, ports.storage)
}

/**
 * Installs App Check for the emulators, which accept an unsigned token. A production app installs the factory of Play
 * Integrity instead. Firebase's own debug provider asks its servers, so it does not work with the local stack.
 */
fun useLocalAppCheck(app: FirebaseApp = FirebaseApp.getInstance()) {
    val factory = AppCheckProviderFactory { AppCheckProvider { Tasks.forResult(LocalToken(it)) } }
    FirebaseAppCheck.getInstance(app).installAppCheckProviderFactory(factory)
}

private const val HOUR_SECONDS = 3600L

/** A token that the emulators accept: unsigned, for an hour. */
private class LocalToken(app: FirebaseApp) : AppCheckToken() {
    private val nowSeconds = System.currentTimeMillis() / 1000
    private val claims = mapOf(
        "iss" to "https://firebaseappcheck.googleapis.com/${app.options.projectId}",
        "sub" to app.options.applicationId,
        "aud" to listOf("projects/${app.options.projectId}"),
        "iat" to nowSeconds,
        "exp" to nowSeconds + HOUR_SECONDS,
    )

    override fun getToken(): String = "${toPart(mapOf("alg" to "none", "typ" to "JWT"))}.${toPart(claims)}."

    override fun getExpireTimeMillis(): Long = (nowSeconds + HOUR_SECONDS) * 1000

    private fun toPart(value: Map<String, Any>): String {
        val flags = Base64.URL_SAFE or Base64.NO_PADDING or Base64.NO_WRAP
        return Base64.encodeToString(JSONObject(value).toString().toByteArray(), flags)
    }
}
