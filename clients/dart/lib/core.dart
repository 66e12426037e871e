// The contract of the backend without Firebase: types, mapping, refusals, callables, reads and queries as data.

export 'src/core/callable.dart';
export 'src/core/cart.dart' show idsInCart;
export 'src/core/eta.dart';
export 'src/core/generated/calls.dart';
export 'src/core/generated/enumerations.dart';
export 'src/core/generated/reads.dart';
export 'src/core/generated/refusal.dart';
export 'src/core/generated/types.dart';
export 'src/core/geo.dart';
export 'src/core/reading.dart';
export 'src/core/reads.dart';
export 'src/core/scalars.dart';
export 'src/core/value.dart';
