import 'package:intl/intl.dart';

import '../core/scalars.dart';

/// The digit that no other digit follows.
final RegExp _lastDigit = RegExp(r'\p{Nd}(?!.*\p{Nd})', unicode: true);

/// Formats an amount for a user: `€24.24`, `¥2,400`. [locale] is BCP 47, for example `de_DE`; the default one stands for
/// one that `intl` does not have. The formatter gets the whole units alone, since it computes with doubles; the fraction
/// is inserted behind their last digit.
String formatMoney(Money money, {String? locale}) {
  final name = money.currency.toUpperCase();
  final usable = Intl.verifiedLocale(locale, NumberFormat.localeExists, onFailure: (_) => null);
  final format = NumberFormat.simpleCurrency(locale: usable, name: name, decimalDigits: 0);
  final [digits, ...fraction] = money.decimalText.replaceFirst('-', '').split('.');
  final whole = int.parse(digits);
  final isNegative = money.minor.value < 0;
  // Zero has no sign: one stands for it.
  final shown = whole == 0 ? 1 : whole;
  final zero = format.symbols.ZERO_DIGIT.codeUnitAt(0);
  String toLocal(String text) => text.split('').map((one) => String.fromCharCode(zero + int.parse(one))).join();
  final tail = fraction.map((one) => '${format.symbols.DECIMAL_SEP}${toLocal(one)}').join();
  return format
      .format(isNegative ? -shown : shown)
      .replaceFirstMapped(_lastDigit, (found) => '${whole == 0 ? toLocal('0') : found[0]}$tail');
}
