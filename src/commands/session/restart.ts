export { restart as run, schema } from './start.ts';
