package tiffin.client.firebase

import com.google.firebase.firestore.FirebaseFirestoreException
import com.google.firebase.storage.StorageException

/** True where the security rules of Firestore or Storage denied a read or a write. */
val Throwable.isDenied: Boolean
    get() = when (this) {
        is FirebaseFirestoreException -> code == FirebaseFirestoreException.Code.PERMISSION_DENIED
        is StorageException -> errorCode == StorageException.ERROR_NOT_AUTHORIZED
        else -> false
    }

/** True where Firestore was not reached, or where a document is not on the phone. */
internal val FirebaseFirestoreException.isUnavailable: Boolean
    get() = code == FirebaseFirestoreException.Code.UNAVAILABLE
