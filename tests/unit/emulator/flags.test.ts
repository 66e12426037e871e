import assert from 'node:assert/strict';
import { parseFlags } from '#emulator/flags.js';

describe('flags', () => {
  it('accept those of firebase-tools and ignore unknown ones', () => {
    const flags = parseFlags([
      '--host',
      '127.0.0.1',
      '--port',
      '8080',
      '--websocket_port',
      '9150',
      '--database-edition',
      'standard',
      '--project_id',
      'demo-x',
      '--rules',
      '/r/firestore.rules',
      '--single_project_mode',
      'true',
      '--functions_emulator',
      '127.0.0.1:5001',
    ]);
    assert.deepEqual(flags, {
      host: '127.0.0.1',
      port: 8080,
      projectId: 'demo-x',
      singleProject: true,
      rules: '/r/firestore.rules',
      functionsEmulator: '127.0.0.1:5001',
      seed: undefined,
      indexes: undefined,
    });
  });

  it('refuse an edition of Firestore that is not supported', () => {
    assert.doesNotThrow(() => parseFlags(['--database-edition', 'standard']));
    assert.throws(() => parseFlags(['--database-edition', 'enterprise']), /does not support the enterprise edition/);
  });
});
