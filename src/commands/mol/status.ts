/** The same question asked of the molecule: one answer. */
export { run, schema } from '../hook/status.ts';
