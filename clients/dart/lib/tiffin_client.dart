// The typed client of the backend on the Firebase SDK.

export 'core.dart';
export 'src/firebase/command_queue.dart';
export 'src/firebase/courier.dart';
export 'src/firebase/digests.dart';
export 'src/firebase/format_money.dart';
export 'src/firebase/local_stack.dart';
export 'src/firebase/message_queue.dart';
export 'src/firebase/own_data.dart';
export 'src/firebase/session.dart';
export 'src/firebase/stored.dart' show PathException, isDenied;
export 'src/firebase/tiffin.dart';
export 'src/firebase/transport.dart';
