import { itAnswers, itHolds } from './support.js';

const COMPARED = (op: string): string =>
  ['string', 'bytes', 'int', 'float', 'duration', 'timestamp'].map((kind) => `${kind} ${op} ${kind}`).join(', ');

describe('rules: types', () => {
  itHolds([
    `request.time is timestamp`,
    `request.path is path`,
    `2.0 is number && !(2.0 is int)`,
    `b'' is bytes`,
    `!([1].toSet() is set)`,
    `!(null is map)`,
    `{}.diff({}).addedKeys().size() == 0`,
  ]);
});

describe('rules: equality', () => {
  itHolds([
    `3 == 3.0`,
    `[3] != [3.0]`,
    `{'n': 3} != {'n': 3.0}`,
    `[3].toSet() == [3.0].toSet()`,
    `3.0 in [3]`,
    `'3' != 3`,
    `null == null`,
    `0.0 / 0.0 != 0.0 / 0.0`,
    `{'a': 1, 'b': 2} == {'b': 2, 'a': 1}`,
    `[1, 2] != [1]`,
  ]);
});

describe('rules: order', () => {
  itHolds([
    `'B' < 'a'`,
    `b'a' < b'b'`,
    `2 >= 1.5`,
    `duration.value(90, 's') > duration.value(1, 'm')`,
    `timestamp.date(2026, 1, 1) < request.time`,
  ]);
  itAnswers({
    'null <= 5': `Unsupported operation error. Received: null <= int. Expected: ${COMPARED('<=')}, constraint <= any, any <= constraint.`,
    '[1] < [2]': `Unsupported operation error. Received: list < list. Expected: ${COMPARED('<')}, constraint < any, any < constraint.`,
  });
});

describe('rules: arithmetic', () => {
  itHolds([
    `-7 / 2 == -3 && -7 % 2 == -1 && 7 % -2 == 1`,
    `7 / 2.0 == 3.5`,
    `1.0 / 0.0 > 9223372036854775807`,
    `math.isNaN(0.0 / 0.0)`,
    `'a' + 'b' == 'ab'`,
    `-(2.5) == -2.5`,
    `request.time + duration.value(1, 'h') - request.time == duration.value(60, 'm')`,
    `duration.value(1, 's') - duration.value(2, 's') == duration.value(-1, 's')`,
  ]);
  itAnswers({
    '1 / 0 == 1': 'Divide by zero error.',
    '1 % 0 == 1': 'Divide by zero error.',
    '9223372036854775807 + 1 == 0': 'Integer overflow error.',
    '-(-9223372036854775807 - 1) == 0': 'Integer overflow error.',
    '[1] + [2] == [1, 2]':
      'Unsupported operation error. Received: list + list. Expected: int + int, float + float, string + string, timestamp + duration, duration + duration.',
    'duration.value(1, "s") - request.time == null':
      'Unsupported operation error. Received: duration - timestamp. Expected: int - int, float - float, timestamp - duration, timestamp - timestamp, duration - duration.',
  });
});

describe('rules: logic', () => {
  itHolds([
    `null.a == 1 || true`,
    `true || null.a == 1`,
    `!(null.a == 1 && false)`,
    `!(false && null.a == 1)`,
    `true ? true : null.a == 1`,
    `null || true`,
  ]);
  itAnswers({
    'null.a == 1 || false': 'Null value error.',
    'true && null.a == 1': 'Null value error.',
    'null.a || {}.b': 'Null value error.',
    '1 && true': 'Unsupported operation error. Received: int. Expected: bool.',
    '!null': 'Unsupported operation error. Received: null. Expected: bool.',
    '1 ? true : false': 'Unsupported operation error. Received: int. Expected: bool.',
    '1': 'Unsupported operation error. Received: int. Expected: bool.',
  });
});

describe('rules: members and elements', () => {
  itHolds([
    `'auth' in request`,
    `!('resource' in request)`,
    `'b'.size() in [1].toSet()`,
    `{'a': {'b': 2}}['a'].b == 2`,
    `'abc'[1] == 'b'`,
    `'abc'[1:3] == 'bc'`,
    `[1, 2, 3][1:1] == []`,
    `request.path[3] == 'orders'`,
  ]);
  itAnswers({
    '{}.a == 1': 'Property a is undefined on object.',
    'request.query.limit == 1': 'Property query is undefined on object.',
    'resource.data == null': 'Null value error.',
    '[1, 2][-1] == 1': 'Index out of bound error. Index: [-1] , size: [2].',
    '[1, 2][2] == 1': 'Index out of bound error. Index: [2] , size: [2].',
    '[1, 2]["a"] == 1': 'Unsupported operation error. Received: list[string]. Expected: list[int].',
    '[1, 2][0:0] == []': 'Index out of bound error. Index: [0:0] , size: [2].',
    '[1, 2][2:1] == []': 'Index out of bound error. Index: [2:1] , size: [2].',
    '1 in null': 'Null value error.',
    '1 in 2': 'Function not found error: Name: [in].',
    'unknown() == 1': 'Function not found error: Name: [unknown].',
    '{}.constructor() == 1': 'Function not found error: Name: [constructor].',
    'toString.a() == 1': 'Variable not found error: Name: [toString].',
    '[].hasAll() == true': 'Incorrect number of arguments. Received: 0. Expected: 1.',
    '/a/$("b/c") == /a': 'Unsupported operation error. Received: path/string. Expected: path/string, path/path.',
  });
});
