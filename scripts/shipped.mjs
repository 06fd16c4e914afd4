// Which packages are in what we ship: those that the sources import, and what these need in turn. The lists of
// package.json cannot tell, for most of them are within the bundle and installed by nobody.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesBelow } from './build-once.mjs';

const root = resolve(import.meta.dirname, '..');
const IMPORTS = /(?:from|import\()\s*'((?:@[\w-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?'/g;

/** Folders of packages as package-lock.json names them, sorted: `node_modules/zod`. */
export function shippedPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Set();
  const add = (folder) => {
    if (folder === undefined || found.has(folder)) return;
    found.add(folder);
    const { dependencies, optionalDependencies } = packages[folder];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      add(find(packages, folder, name));
  };
  for (const name of importedNames()) add(find(packages, '', name));
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

/** Where Node finds a package from another one's folder. */
function find(packages, from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder === '.' ? '' : folder, 'node_modules', name);
    if (packages[path] !== undefined) return path;
    if (folder === '' || folder === '.') return undefined;
  }
}

function importedNames() {
  const names = new Set();
  for (const file of filesBelow('src')) {
    if (!/\.tsx?$/.test(file)) continue;
    for (const [, name] of readFileSync(join(root, file), 'utf8').matchAll(IMPORTS)) names.add(name);
  }
  return names;
}

/** Their licences, each under the package's name, as they ask for. */
export function licenceTexts() {
  return shippedPackages()
    .flatMap((folder) => {
      const file = filesIn(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
      if (file === undefined) return [];
      const name = folder.replace(/^.*node_modules\//, '');
      return [
        `${name}\n${'='.repeat(name.length)}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`,
      ];
    })
    .join('\n\n');
}

/** None for a package of another system. */
function filesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
