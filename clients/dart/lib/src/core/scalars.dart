import 'generated/currencies.dart';

/// An amount in a currency's minor unit, such as cents.
extension type const Minor(int value) {
  Minor operator +(Minor other) => Minor(value + other.value);
  Minor operator -(Minor other) => Minor(value - other.value);
  bool operator <(Minor other) => value < other.value;
  bool operator >(Minor other) => value > other.value;
}

/// A time by the server's clock, in milliseconds since 1970.
extension type const EpochMs(int value) {
  EpochMs.of(DateTime time) : this(time.millisecondsSinceEpoch);
  EpochMs.now() : this.of(DateTime.now());

  DateTime toDateTime() => DateTime.fromMillisecondsSinceEpoch(value);

  bool operator <(EpochMs other) => value < other.value;
  bool operator >(EpochMs other) => value > other.value;
}

/// An amount with its currency.
final class Money {
  const Money(this.minor, this.currency);

  final Minor minor;

  /// ISO 4217.
  final String currency;

  /// The decimals of the currency by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD.
  int get decimals => currencyDecimals[currency.toUpperCase()] ?? 2;

  /// The amount in the currency's unit, without rounding: `24.24`, `2400`, `-0.050`.
  String get decimalText {
    final digits = minor.value.abs().toString().padLeft(decimals + 1, '0');
    final sign = minor.value < 0 ? '-' : '';
    final point = digits.length - decimals;
    return decimals == 0 ? '$sign$digits' : '$sign${digits.substring(0, point)}.${digits.substring(point)}';
  }

  @override
  bool operator ==(Object other) => other is Money && other.minor == minor && other.currency == currency;

  @override
  int get hashCode => Object.hash(minor, currency);

  @override
  String toString() => '$decimalText $currency';
}
