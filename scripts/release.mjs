// Makes what is published, in dist-release/: the npm package, the executable of this machine, the list of what is in them
// (CycloneDX) and checksums. Fails where the package comes out differently a second time.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { shippedPackages } from './shipped.mjs';

const root = resolve(import.meta.dirname, '..');
const out = join(root, 'dist-release');
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const binary = `gt-${process.platform}-${process.arch}`;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const pack = packed();
if (sha256(pack) !== sha256(packed())) {
  throw new Error(
    `${pack} came out differently the second time: something in it depends on more than the sources`,
  );
}
run(process.execPath, [join(root, 'scripts/build-binary.mjs')]);
copyFileSync(join(root, 'dist', binary), join(out, binary));
writeFileSync(join(out, `${binary}.gz`), gzipSync(readFileSync(join(out, binary)), { level: 9 }));
writeFileSync(join(out, 'sbom.cdx.json'), `${JSON.stringify(sbom(), undefined, 2)}\n`);
const sums = readdirSync(out)
  .sort()
  .map((file) => `${sha256(join(out, file))}  ${file}\n`);
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
process.stdout.write(sums.join(''));

/** Builds anew (`prepack`) and returns the file. */
function packed() {
  run('npm', ['pack', '--silent', '--pack-destination', out]);
  return join(out, `${name}-${version}.tgz`);
}

/** What npm knows of the packages that we ship, without its clock and its random number. */
function sbom() {
  const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { serialNumber: _, ...all } = JSON.parse(text);
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const shipped = new Set(shippedPackages().map((folder) => purlOf(packages, folder)));
  // The executable has Node itself in it, the package brings it along.
  for (const folder of Object.keys(packages)) {
    if (/^node_modules\/node-(?:bin-)?(?:linux|darwin)-/.test(folder)) shipped.add(purlOf(packages, folder));
  }
  const components = all.components.filter(({ purl }) => shipped.has(purl.replace(/\?.*/, '')));
  if (components.length < shipped.size) throw new Error('npm sbom does not know all packages that we ship');
  const known = new Set([all.metadata.component['bom-ref'], ...components.map((each) => each['bom-ref'])]);
  const { timestamp: __, ...metadata } = all.metadata;
  return {
    ...all,
    metadata: { ...metadata, component: { ...metadata.component, name } },
    components: components.map((each) => ({ ...each, scope: 'required', properties: [] })),
    dependencies: all.dependencies
      .filter(({ ref }) => known.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => known.has(each)) })),
  };
}

function purlOf(packages, folder) {
  const real = packages[folder].name ?? folder.replace(/^.*node_modules\//, '');
  return `pkg:npm/${real.replace('@', '%40')}@${packages[folder].version}`;
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function run(program, args) {
  execFileSync(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
