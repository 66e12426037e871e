import { toStackPort as at } from '../../local/src/port-offset.js';

/** Addresses of the running stack: the default ports of the official suite, moved together by an offset. */
export interface Stack {
  projectId: string;
  region: string;
  host: string;
  ports: { auth: number; firestore: number; functions: number; storage: number; stripe: number; inbox: number };
}

export function localStack(): Stack {
  return {
    projectId: 'demo-tiffin',
    region: 'europe-west1',
    host: '127.0.0.1',
    ports: {
      auth: at(9099),
      firestore: at(8080),
      functions: at(5001),
      storage: at(9199),
      stripe: at(12111),
      inbox: at(9399),
    },
  };
}
