import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { getRawAsset } from 'node:sea';
import { Script } from 'node:vm';
import { BINARY_FOLDER, unpackOwnFiles } from './unpack.ts';

/*
 * Entry of the single executable: gt, bd by its second name, and the pane host. The programs and their code caches
 * are read from within the executable (scripts/build-binary.mjs puts them there); what must be a file is unpacked.
 */

/** These read no file of ours: they answer also where nothing can be written. */
const NEEDS_NO_FILES = /^(?:version|help|completion|__complete\w*|-v|-V|--version|-h|--help)?$/;

type Program = 'gt' | 'bd' | 'pane-host';

const modules = new Map<string, { exports: unknown }>();
const outside = createRequire(`${BINARY_FOLDER}/dist/gt.cjs`);

function main(): void {
  const program = programOf(basename(process.argv0), process.argv[2]);
  if (program === 'pane-host') {
    process.argv.splice(2, 1);
    process.getBuiltinModule('node:v8').setFlagsFromString('--optimize-for-size');
  }
  if (!NEEDS_NO_FILES.test(process.argv[2] ?? '')) unpackOwnFiles();
  load(`./${program}-main.cjs`);
}

function programOf(name: string, word: string | undefined): Program {
  if (name === 'bd') return 'bd';
  return word === 'pane-host' ? 'pane-host' : 'gt';
}

/** What `require` does among the files of dist/, without a file. */
function load(name: string): unknown {
  if (!name.startsWith('./')) return outside(name);
  const known = modules.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(name, module);
  const filename = `${BINARY_FOLDER}/dist/${name.slice(2)}`;
  const run: unknown = compile(name.slice(2), filename).runInThisContext();
  if (typeof run !== 'function') throw new TypeError(`${name} is no module`);
  Reflect.apply(run, module.exports, [module.exports, load, module, filename, `${BINARY_FOLDER}/dist`]);
  return module.exports;
}

function compile(file: string, filename: string): Script {
  const text = Buffer.from(getRawAsset(file)).toString('latin1');
  const cachedData = cacheOf(file);
  const wrapped = `(function(exports,require,module,__filename,__dirname){${text}\n})`;
  return new Script(wrapped, cachedData === undefined ? { filename } : { filename, cachedData });
}

function cacheOf(file: string): Buffer | undefined {
  try {
    return Buffer.from(getRawAsset(`${file}.cache`));
  } catch {
    return undefined;
  }
}

main();
