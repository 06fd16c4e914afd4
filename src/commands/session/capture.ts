export { capture as run, schema } from './peek.ts';
