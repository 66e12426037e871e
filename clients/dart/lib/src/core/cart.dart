import 'generated/types.dart';

/// The most ids that a cart may list: the rules refuse more.
const int _maxIds = 200;

/// Lists the ids of the items and options in the lines: by them the server finds the carts with what is sold out.
List<String> idsInCart(List<CartLineToSend> lines) => {
      for (final line in lines) ...[
        line.itemId,
        for (final chosen in line.modifiers ?? const <ChosenModifierToSend>[]) ..._idsOf(chosen),
      ],
    }.take(_maxIds).toList();

List<String> _idsOf(ChosenModifierToSend chosen) => [
      chosen.optionId,
      for (final leaf in chosen.modifiers ?? const <ChosenModifierModifier>[]) leaf.optionId,
    ];

/// Finds the last of the numbers from 1 that are used, by doubling and halving; 0 where none is.
Future<int> findLast(int max, Future<bool> Function(int n) isUsed) async {
  var used = 0;
  var free = 1;
  while (free <= max && await isUsed(free)) {
    used = free;
    free *= 2;
  }
  if (free > max) free = max + 1;
  while (free - used > 1) {
    final middle = (used + free) ~/ 2;
    if (await isUsed(middle)) {
      used = middle;
    } else {
      free = middle;
    }
  }
  return used;
}
