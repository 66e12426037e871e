import { itAnswers, itHolds } from './support.js';

describe('rules: casts', () => {
  itHolds([
    `int('-12') == -12`,
    `int(-1.9) == -1`,
    `float('1e2') == 100.0`,
    `float(2) is float`,
    `path('a/b') == /a/b`,
    `string(1.0) == '1.0' && string(12345678.0) == '1.2345678E7' && string(0.0001) == '1.0E-4'`,
    `string(null) + string(true) + string(7) == 'nulltrue7'`,
    `string(/a/b) == '/a/b'`,
  ]);
  itAnswers({
    'int(" 1") == 1': `Type conversion error. Received: ' 1'. Expected: int.`,
    'int("9223372036854775808") == 1': `Type conversion error. Received: '9223372036854775808'. Expected: int.`,
    'int(true) == 1': 'Unsupported operation error. Received: int(bool). Expected: int(int), int(float), int(string).',
    'bool("true")': 'Function not found error: Name: [bool].',
    'path("/a//b") is path': `Type conversion error. Received: '/a//b'. Expected: path.`,
  });
});

describe('rules: string', () => {
  itHolds([
    `'Éa'.lower() == 'Éa'`,
    `'éa'.upper() == 'éA'`,
    `' a '.trim() == 'a'`,
    `'a1b22'.replace('[0-9]+', '#') == 'a#b#'`,
    `'john smith'.replace('(\\\\w+) (\\\\w+)', '$2, $1') == 'smith, john'`,
    `'a'.replace('a', '\\\\$0') == '$0'`,
    `'a,b;c'.split('[,;]') == ['a', 'b', 'c']`,
    `'a,,'.split(',') == ['a']`,
    `!'xabcx'.matches('abc')`,
    `'é'.toUtf8().size() == 2`,
  ]);
  itAnswers({
    [`'a'.matches('(' + '')`]: 'Invalid regular expression pattern. Pattern: (.',
    [`'a'.replace('a', '$1') == 'a'`]: 'Invalid replacement. Replacement: $1.',
  });
});

describe('rules: list and set', () => {
  itHolds([
    `[1, 2].hasOnly([1, 2, 3]) && ![1, 4].hasOnly([1, 2, 3])`,
    `[1].hasAll([1.0].toSet())`,
    `![].hasAny([1])`,
    `[1].concat([2]) == [1, 2]`,
    `[1, 'a', null].join('-') == '1-a-null'`,
    `[1, 2, 1].removeAll([1]) == [2]`,
    `[1, 2, 1].toSet().size() == 2`,
    `[1].toSet().union([2].toSet()).intersection([2].toSet()) == [2].toSet()`,
    `[1, 2].toSet().difference([1].toSet()) == [2].toSet()`,
  ]);
  itAnswers({
    '[1].toSet().difference([1]) == null':
      'Unsupported operation error. Received: set.difference(list). Expected: set.difference(set).',
    '[[1]].join(",") == ""': 'Unsupported operation error. Received: string(list). Expected: string(string).',
    'null.size() == 0': 'Null value error.',
  });
});

describe('rules: map', () => {
  itHolds([
    `{'b': 1, 'a': 2}.keys() == ['a', 'b'] && {'b': 1, 'a': 2}.values() == [2, 1]`,
    `{'a': {'b': 1}}.get(['a', 'b'], 0) == 1 && {'a': {'b': 1}}.get(['a', 'c'], 0) == 0 && {'a': 1}.get(['a', 'b'], null) == null`,
    `{'a': null}.get('a', 1) == null`,
    `{'a': 1, 'b': 2, 'c': 3}.diff({'b': 2, 'c': 4, 'd': 5}).affectedKeys() == ['a', 'c', 'd'].toSet()`,
    `{'a': 1}.diff({}).addedKeys().hasOnly(['a']) && {}.diff({'a': 1}).removedKeys().hasAll(['a'])`,
    `{'a': 1}.diff({'a': 1.0}).unchangedKeys().size() == 1`,
  ]);
  itAnswers({ '{"a": 1}.hasAll(["a"])': 'Function not found error: Name: [hasAll].' });
});

describe('rules: timestamp and duration', () => {
  itHolds([
    `request.time.year() == 2026 && request.time.month() == 3 && request.time.day() == 4`,
    `request.time.hours() == 5 && request.time.minutes() == 6 && request.time.seconds() == 7 && request.time.nanos() == 89000000`,
    `request.time.dayOfWeek() == 3 && request.time.dayOfYear() == 63`,
    `timestamp.date(2026, 3, 8).dayOfWeek() == 7`,
    `request.time.date() + request.time.time() == request.time`,
    `request.time.toMillis() == 1772600767089`,
    `timestamp.value(-1).toMillis() == -1 && timestamp.value(-1).nanos() == 999000000 && timestamp.value(-1).year() == 1969`,
    `timestamp.date(2024, 2, 29) is timestamp`,
    `duration.time(0, 1, 30, 5).seconds() == 90 && duration.time(0, 1, 30, 5).nanos() == 5`,
    `duration.abs(duration.value(-1500, 'ms')).nanos() == 500000000`,
    `duration.value(2, 'w') == duration.value(14, 'd')`,
  ]);
  itAnswers({
    'timestamp.date(2026, 2, 29) is timestamp': 'Invalid date. Year: 2026, month: 2, day: 29.',
    'duration.value(1, "y") is duration': 'Invalid duration unit. Unit: y.',
  });
});

describe('rules: latlng', () => {
  itHolds([
    `latlng.value(12, -7.5).longitude() == -7.5`,
    `latlng.value(52.52, 13.405).distance(latlng.value(48.137, 11.575)) > 503000.0`,
    `latlng.value(52.52, 13.405).distance(latlng.value(48.137, 11.575)) < 505000.0`,
  ]);
  itAnswers({
    'latlng.value(91, 0) is latlng':
      'Latitude should be in [-90,90] range and longitude should be in [-180,180] range. latitude: 91.0, longitude: 0.0.',
  });
});

describe('rules: path, bytes, hashing, math, debug', () => {
  itHolds([
    `path('/a/{x}/{y}').bind({'x': '1', 'y': '2'}) == /a/1/2`,
    `'a?>'.toUtf8().toBase64() == 'YT8-' && '~~'.toUtf8().toBase64() == 'fn4='`,
    `hashing.md5('') == hashing.md5(b'')`,
    `hashing.crc32('123456789').toHexString() == '2639F4CB'`,
    `hashing.crc32c('123456789').toHexString() == '839206E3'`,
    `hashing.sha256('').size() == 32`,
    `math.abs(-2) == 2 && math.abs(-2) is int`,
    `math.ceil(1.1) == 2.0 && math.floor(-1.1) == -2.0`,
    `math.round(2.5) == 3 && math.round(-2.5) == -2`,
    `math.pow(2, 10) == 1024.0`,
    `math.sqrt(9) == 3.0`,
    `debug({'a': 1}).a == 1`,
  ]);
  itAnswers({
    [`path('/a').bind({'x': '1'}) is path`]: 'Unused path binding. Key: x.',
    [`path(path('/a/b')) is path`]: 'Unsupported operation error. Received: path(path). Expected: path(string).',
    'path("/a").size() == 1': 'Function not found error: Name: [size].',
    'math.isInfinite(1.0)': 'Function not found error: Name: [isInfinite].',
  });
});
