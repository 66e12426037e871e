import tseslint from 'typescript-eslint';

const MESSAGE = 'Use lookUp() of core/look-up.ts: a key such as `constructor` finds what every object inherits.';

/**
 * Refuses `map[key]` and `key in map` where any text may be the key and the map is a plain object, but for plain
 * assignments.
 */
const ownLookUps = {
  meta: { type: 'problem', messages: { inherited: MESSAGE }, schema: [] },
  create(context) {
    const services = context.sourceCode.parserServices;
    const isMap = (node) => {
      const type = services.getTypeAtLocation(node).getNonNullableType();
      return (type.isUnion() ? type.types : [type]).some((one) => one.getStringIndexType() !== undefined);
    };
    const isAssigned = (node) =>
      node.parent.type === 'AssignmentExpression' && node.parent.operator === '=' && node.parent.left === node;
    const report = (node) => context.report({ node, messageId: 'inherited' });
    return {
      MemberExpression(node) {
        if (!node.computed || node.property.type === 'Literal' || isAssigned(node)) return;
        if (isMap(node.object)) report(node);
      },
      BinaryExpression(node) {
        if (node.operator === 'in' && node.left.type !== 'Literal' && isMap(node.right)) report(node);
      },
    };
  },
};

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/lib/', 'coverage/', '.tmp/', 'examples/**/dist/'] },
  ...tseslint.configs.recommended,
  // Loaded by `node --require`, or read by any Node, so it must be CommonJS.
  { files: ['local/preload/*.js', 'local/bin/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './examples/web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-shadow': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-shadow': 'off',
    },
  },
  {
    files: ['{functions,emulator,local,simulator}/src/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 60 }] },
  },
  {
    files: ['functions/src/**/*.ts'],
    ignores: ['functions/src/core/look-up.ts'],
    plugins: { tiffin: { rules: { 'own-look-ups': ownLookUps } } },
    rules: { 'tiffin/own-look-ups': 'error' },
  },
);
