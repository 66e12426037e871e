import {
  arrayUnion,
  deleteDoc,
  deleteField,
  doc,
  type DocumentReference,
  increment,
  serverTimestamp,
  setDoc,
  updateDoc,
  writeBatch,
} from 'firebase/firestore';
import { describeRecording } from './recordings.js';
import { type Clients, plain, startClients } from './sdk/clients.js';
import { itAnswersCalls, type RecordedCall } from './sdk/steps.js';

const FILE = 'sdk-web-writes-official-v1.22.0.json';
const FIFTY = Array.from({ length: 50 }, (_, i) => i);

describeRecording<RecordedCall[]>(FILE, (recorded) => {
  let clients: Clients;
  before(async () => {
    clients = await startClients('demo-sdk-web-writes');
  });
  after(() => clients.close());

  const at = (id: string): DocumentReference => doc(clients.web, 'c', id);
  /** Reads without the cache of the SDK that wrote. */
  const stored = async (id: string): Promise<unknown> =>
    plain((await clients.admin.doc(`c/${id}`).get()).data() ?? null);

  itAnswersCalls(FILE, recorded, {
    setDoc: async () => {
      await setDoc(at('a'), { n: 1, s: 'x', tags: ['a'] });
      return stored('a');
    },
    'setDoc merge': async () => {
      await setDoc(at('a'), { m: { x: 1 } }, { merge: true });
      return stored('a');
    },
    'updateDoc with transforms': async () => {
      const transforms = { at: serverTimestamp(), n: increment(2), tags: arrayUnion('b'), s: deleteField() };
      await updateDoc(at('a'), transforms);
      return stored('a');
    },
    'updateDoc of a missing document': () => updateDoc(at('missing'), { n: 1 }),
    deleteDoc: async () => {
      await deleteDoc(at('a'));
      return stored('a');
    },
    writeBatch: async () => {
      await setDoc(at('b1'), { n: 1 });
      await writeBatch(clients.web).delete(at('b1')).set(at('b2'), { n: 1 }).update(at('b2'), { n: 2 }).commit();
      return { b1: await stored('b1'), b2: await stored('b2') };
    },
    'fifty writes at once': async () => {
      await Promise.all(FIFTY.map((i) => setDoc(at(`d${i}`), { i })));
      return { d0: await stored('d0'), d49: await stored('d49') };
    },
    'fifty increments of one document': async () => {
      await Promise.all(FIFTY.map(() => setDoc(at('counter'), { n: increment(1) }, { merge: true })));
      return stored('counter');
    },
    'a write after a failed one': async () => {
      await updateDoc(at('missing'), { n: 1 }).catch(() => undefined);
      await setDoc(at('after'), { ok: true });
      return stored('after');
    },
  });
});
