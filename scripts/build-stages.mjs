// Builds one program as two files: what every start needs, and the rest, which is read when a command asks for it.
// As one file, the 1 MB of all commands would be read for `gt version` too (5 ms, growing with every command). A guard
// stands before every tool that an agent uses, so it has files of its own beside the rest, and does not read that.
import { build } from 'esbuild';
import { join, relative } from 'node:path';

/**
 * Lazily imported, but part of the first file: parsing, help, errors and completion need no command at all, and a
 * status bar that finds what another has drawn needs one file.
 */
const EARLY = [
  'src/adapters/files.ts',
  'src/cli/glossary.ts',
  'src/cli/help.ts',
  'src/cli/parse.ts',
  'src/cli/render-error.ts',
  'src/commands/completion/gt.ts',
  'src/commands/meta/version.ts',
  'src/commands/tmux/status-line.ts',
];

/** Lazily imported, and each a file of its own. What it shares with the rest is doubled: it must hold no state. */
const APART = new Map([
  ['src/adapters/files.ts', 'files'],
  ['src/commands/agent-hooks/tap-guard.ts', 'guard'],
]);

/**
 * Everything else behind a relative `import()` of the first file goes into `<name>-rest.cjs`. Modules of the first file
 * are shared with the second, never doubled: classes such as GtError must be one.
 * @param common esbuild options with absWorkingDir and outdir
 */
export async function buildInTwoStages({ name, entry, common }) {
  const { outdir, ...options } = common;
  const first = await staticClosure(entry, options);
  const later = new Set();
  const stages = [
    { file: `${name}-main.cjs`, contents: () => firstEntry(entry, first), plugin: defer(name, first, later) },
    { file: `${name}-rest.cjs`, contents: () => restEntry(later), plugin: share(name, first) },
    ...[...APART].map(([source, part]) => ({
      file: `${name}-${part}.cjs`,
      contents: () => `module.exports = require('./${source}');`,
      plugin: share(name, first),
    })),
  ];
  for (const { file, contents, plugin } of stages) {
    await build({
      ...options,
      outfile: join(outdir, file),
      stdin: { contents: contents(), resolveDir: options.absWorkingDir, sourcefile: `${file}.entry.js` },
      plugins: [plugin, ...options.plugins],
    });
  }
}

/** Source files that `entry` reaches without `import()` (or by an early one), relative to the package. */
async function staticClosure(entry, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    write: false,
    outdir: '.',
    metafile: true,
    plugins: [
      {
        name: 'static-only',
        setup({ onResolve }) {
          onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
            const file = relative(options.absWorkingDir, join(resolveDir, path));
            return kind === 'dynamic-import' && !EARLY.includes(file) ? { path, external: true } : undefined;
          });
        },
      },
      ...options.plugins,
    ],
  });
  return new Set(Object.keys(metafile.inputs).filter((file) => file.startsWith('src/') && file !== entry));
}

function firstEntry(entry, first) {
  const files = [...first];
  return [
    ...files.map((file, index) => `import * as m${index} from './${file}';`),
    `import './${entry}';`,
    `export const shared = { ${files.map((file, index) => `'${file}': m${index}`).join(', ')} };`,
  ].join('\n');
}

function restEntry(later) {
  // In the order in which they were met, which changes from build to build, the same sources would give other bytes.
  const modules = [...later]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((file) => `'${file}': () => require('./${file}')`);
  return `const modules = { ${modules.join(',\n')} };\nexports.at = (file) => modules[file]();`;
}

/** In the first file: `import('./x.ts')` asks the second one for it. */
function defer(name, first, later) {
  return standIn('defer', (file, { kind }) => kind === 'dynamic-import' && !first.has(file), {
    onUse: (file) => (APART.has(file) ? undefined : later.add(file)),
    contents: (file) =>
      APART.has(file)
        ? `module.exports = require('./${name}-${APART.get(file)}.cjs');`
        : `module.exports = require('./${name}-rest.cjs').at('${file}');`,
  });
}

/** In the second file: a module of the first one is taken from there. */
function share(name, first) {
  return standIn('share', (file) => first.has(file), {
    onUse: () => undefined,
    contents: (file) => `module.exports = require('./${name}-main.cjs').shared['${file}'];`,
  });
}

function standIn(name, applies, { onUse, contents }) {
  return {
    name,
    setup({ initialOptions, onResolve, onLoad }) {
      onResolve({ filter: /^\.\/[\w-]+\.cjs$/, namespace: name }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^\./ }, (request) => {
        const file = relative(initialOptions.absWorkingDir, join(request.resolveDir, request.path));
        if (!applies(file, request)) return undefined;
        onUse(file);
        return { path: file, namespace: name };
      });
      onLoad({ filter: /./, namespace: name }, ({ path }) => ({ contents: contents(path) }));
    },
  };
}
