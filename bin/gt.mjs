// Starts gt from sources. Not TypeScript itself: Node would load its type stripper (40 ms, 25 MB) before the compile
// cache could answer.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../.cache/node'));
await import('../src/main.ts');
