// Checks the version of Node against package.json. The syntax is old enough for any Node, since this runs before
// anything else is loaded.
'use strict';

/**
 * Returns one sentence about a version that is too old, or undefined. `engines` has the form `^20.19.0 || >=24.0.0`.
 */
exports.refusal = function refusal(version, engines) {
  var alternatives = engines.split('||').map(function trimmed(text) {
    return text.trim();
  });
  if (alternatives.some(serves(version))) return undefined;
  var known = alternatives.map(function named(text) {
    var least = text.replace(/^[^\d]+/, '').replace(/(\.0)+$/, '');
    return least + '+' + (text.charAt(0) === '^' ? ' (' + least.split('.')[0] + '.x)' : '');
  });
  return (
    'Node ' +
    version +
    ' cannot run this project: install Node ' +
    known.join(', ').replace(/, ([^,]*)$/, ' or $1') +
    '.'
  );
};

function serves(version) {
  var own = numbers(version);
  return function isServed(alternative) {
    var least = numbers(alternative.replace(/^[^\d]+/, ''));
    if (alternative.charAt(0) === '^' && own[0] !== least[0]) return false;
    for (var i = 0; i < 3; i++) if (own[i] !== least[i]) return own[i] > least[i];
    return true;
  };
}

function numbers(version) {
  return version.split(/[.-]/).slice(0, 3).map(Number);
}
