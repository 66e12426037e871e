import 'dart:math' as math;

import 'package:intl/intl.dart';

import '../core/scalars.dart';

/// Formats an amount for a user: `€24.24`, `¥2,400`. [locale] is BCP 47 with an underscore, for example `de_DE`.
String formatMoney(Money money, {String? locale}) => NumberFormat.simpleCurrency(
      locale: locale,
      name: money.currency,
      decimalDigits: money.decimals,
    ).format(money.minor.value / math.pow(10, money.decimals));
