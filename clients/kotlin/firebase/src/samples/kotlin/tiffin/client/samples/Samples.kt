package tiffin.client.samples

import android.content.Context
import com.google.firebase.FirebaseApp
import com.google.firebase.FirebaseOptions
import com.google.firebase.auth.FirebaseAuth
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.launch
import kotlinx.coroutines.tasks.await
import tiffin.client.Calls
import tiffin.client.CartLineToSend
import tiffin.client.CommandAnswer
import tiffin.client.CommandMove
import tiffin.client.CommandRole
import tiffin.client.CommandStep
import tiffin.client.CreateProfileInput
import tiffin.client.Device
import tiffin.client.DevicePlatform
import tiffin.client.DocumentReads
import tiffin.client.DropOffToSend
import tiffin.client.Minor
import tiffin.client.Money
import tiffin.client.Order
import tiffin.client.OrderKind
import tiffin.client.OrderStatus
import tiffin.client.QueryReads
import tiffin.client.QuoteInput
import tiffin.client.Refusal
import tiffin.client.RefusedException
import tiffin.client.firebase.Found
import tiffin.client.firebase.Tiffin
import tiffin.client.firebase.connectToLocalStack
import tiffin.client.firebase.useLocalAppCheck
import tiffin.client.format
import tiffin.client.staffKeyOf

/** The samples of the README. The functions that they call are those of an app. */
internal abstract class Samples(private val isDebugBuild: Boolean) {
    abstract fun show(text: String)

    abstract fun show(orders: List<Found<Order>>)

    abstract fun askForMore(minimum: Minor?)

    abstract fun showProgress(order: Order)

    abstract fun askToUpdate()

    fun configure(context: Context) {
        val options = FirebaseOptions.Builder()
            .setProjectId("demo-tiffin")
            .setApplicationId("1:1:android:1")
            .setApiKey("demo")
            .setStorageBucket("demo-tiffin.appspot.com")
            .build()
        FirebaseApp.initializeApp(context, options)
    }

    suspend fun signUp(tiffin: Tiffin, email: String, password: String, displayName: String, installationId: String) {
        val user = FirebaseAuth.getInstance().createUserWithEmailAndPassword(email, password).await().user
        tiffin.call(Calls.createProfile, CreateProfileInput(displayName, locale = "de-AT", deviceId = installationId))
        user?.getIdToken(true)?.await()
    }

    fun connect(): Tiffin {
        if (isDebugBuild) {
            useLocalAppCheck() // in production: the factory of Play Integrity
            connectToLocalStack() // an Android emulator reaches the computer at 10.0.2.2
        }
        val tiffin = Tiffin()
        return tiffin
    }

    suspend fun quote(tiffin: Tiffin, restaurantId: String, lines: List<CartLineToSend>, dropOff: DropOffToSend) {
        try {
            val quote = tiffin.call(Calls.quote, QuoteInput(restaurantId, OrderKind.Delivery, lines, dropOff))
            show(Money(quote.totals.totalMinor, quote.currency).format(Locale.getDefault()))
        } catch (error: RefusedException) {
            when (val refusal = error.refusal) {
                is Refusal.BasketBelowMinimum -> askForMore(refusal.minimumMinor)
                is Refusal.Unknown -> askToUpdate()
                else -> show(refusal.reason)
            }
        }
    }

    fun watch(tiffin: Tiffin, scope: CoroutineScope, orderId: String, restaurantId: String, uid: String) {
        scope.launch {
            tiffin.listen(DocumentReads.order(orderId)).collect { order ->
                if (order?.status == OrderStatus.PickedUp) showProgress(order)
            }
        }
        scope.launch {
            tiffin.listenAll(QueryReads.kitchenBoard(restaurantId, staffKeyOf(uid))).collect { show(it) }
        }
    }

    suspend fun history(tiffin: Tiffin, uid: String) {
        val newest = tiffin.find(QueryReads.orders(uid), limit = 10)
        val older = tiffin.find(QueryReads.orders(uid), limit = 10, after = newest.lastOrNull())
        show(newest + older)
    }

    suspend fun accept(tiffin: Tiffin, orderId: String, applicationScope: CoroutineScope) {
        val commands = tiffin.commands(orderId, CommandRole.Merchant, applicationScope)
        commands.send(CommandStep.Move(CommandMove.Accept()))
        val ready = commands.send(CommandStep.Move(CommandMove.MarkReady))
        when (val answer = ready.answer.await()) {
            is CommandAnswer.Applied -> answer.pickUpCode?.let { show(it) }
            is CommandAnswer.Refused -> show(answer.reason)
            is CommandAnswer.Unknown -> askToUpdate()
            CommandAnswer.Pending -> Unit
        }
    }

    suspend fun register(tiffin: Tiffin, installationId: String, token: String) {
        val device = Device(token, DevicePlatform.Android, locale = Locale.getDefault().toLanguageTag())
        tiffin.session().registerDevice(installationId, device)
    }
}
