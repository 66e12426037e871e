/**
 * The version of what apps see: documents, callables, commands, queries. The major version rises with a change that
 * breaks apps in use, and `npm run clients -- --check-compat` names such changes.
 */
export const CONTRACT_VERSION = '2.0.0';
