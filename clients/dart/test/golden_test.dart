import 'dart:convert';
import 'dart:io';

import 'package:flutter_test/flutter_test.dart';
import 'package:tiffin_client/core.dart';

import 'readers.dart';

/// A document as the server stores it, and what every client package reads from it: see `clients/golden.json`.
void main() {
  final golden = Reading(jsonDecode(File('../golden.json').readAsStringSync()));
  for (final sample in golden.field('cases').list((one) => one)) {
    final type = sample.field('type').text();
    test('reads $type: ${sample.field('case').text()}', () {
      final read = readers[type];
      final stored = withMilliseconds(sample.field('stored').value);
      final expected = withMilliseconds(withPlainUnknowns(sample.field('read').value));
      expect(comparable(read?.call(Reading(stored)).toJson()), comparable(expected));
    });
  }
  test('lists the items and options of each cart', () {
    for (final cart in golden.field('carts').list((one) => one)) {
      final lines = cart.field('lines').list((line) => toSend(CartLine.read(line)));
      expect(idsInCart(lines), cart.field('itemIds').list((one) => one.text()));
    }
  });
}

CartLineToSend toSend(CartLine line) => CartLineToSend(
      itemId: line.itemId,
      quantity: line.quantity,
      modifiers: [
        for (final chosen in line.modifiers)
          ChosenModifierToSend(optionId: chosen.optionId, quantity: chosen.quantity, modifiers: chosen.modifiers),
      ],
    );

/// The table writes a Timestamp as `{"$timestamp": milliseconds}`.
Object? withMilliseconds(Object? value) => switch (value) {
      {r'$timestamp': final Object? milliseconds} => milliseconds,
      _ => mapped(value, withMilliseconds),
    };

/// The table writes an unknown case as `{tag: "unknown", "raw": value}`; this package writes the value as it arrived.
Object? withPlainUnknowns(Object? value) => switch (value) {
      {'raw': final Object? raw} => raw,
      _ => mapped(value, withPlainUnknowns),
    };

/// An absent property is like null.
Object? comparable(Object? value) => switch (value) {
      final Map<Object?, Object?> map => {
          for (final MapEntry(:key, value: one) in map.entries)
            if (one != null) key: comparable(one),
        },
      _ => mapped(value, comparable),
    };

Object? mapped(Object? value, Object? Function(Object? one) change) => switch (value) {
      final Map<Object?, Object?> map => map.map((key, one) => MapEntry(key, change(one))),
      final List<Object?> list => list.map(change).toList(),
      _ => value,
    };
