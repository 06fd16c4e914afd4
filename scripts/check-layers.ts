import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Checks the import table of docs/ARCHITECTURE.md and the absence of cycles. Exit 1 lists every breach.
 * Type-only imports count for the layers (a type is a dependency too) but not for cycles (they vanish at run time).
 */
const SRC = resolve(import.meta.dirname, '../src');

/** Domain folders in the order in which they may use each other: each only those before it. */
const DOMAIN = [
  'town',
  'beads',
  'formulas',
  'rig',
  'runtimes',
  'sessions',
  'mail',
  'hooks',
  'polecat',
  'crew',
  'convoy',
  'refinery',
  'scheduler',
  'wasteland',
  'watchdog',
];
/** Packages that code outside adapters may import. */
const OPEN_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: ['zod'],
  ports: [],
  domain: ['zod', 'smol-toml', 'fast-xml-parser'],
  ui: [],
  commands: ['zod'],
  cli: ['zod', 'commander'],
  root: ['zod'],
};
const PURE_NODE = new Set(['node:path', 'node:crypto', 'node:util', 'node:url', 'node:v8']);
const EVERYONE = ['core', 'ports', 'adapters', 'domain', 'ui', 'commands', 'cli', 'pane-host', 'root'];
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  ports: ['core', 'ports'],
  adapters: ['core', 'ports', 'adapters'],
  // The pane host is a program of its own that must stay small: it sees adapters and core, never the domain.
  'pane-host': ['core', 'ports', 'adapters', 'pane-host'],
  domain: ['core', 'ports', 'domain'],
  ui: ['core', 'domain', 'ui'],
  commands: ['core', 'ports', 'domain', 'ui', 'commands', 'cli', 'root', 'pane-host'],
  cli: ['core', 'ports', 'commands', 'ui', 'cli', 'root'],
  root: EVERYONE,
};

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly lazy: boolean;
}

function sourceFiles(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(text: string): readonly Import[] {
  const bare = text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  const still = [
    ...bare.matchAll(
      /^(?:import|export)\s+(type\s)?[^'";]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm,
    ),
  ].map(([, type, from, effect]) => ({
    specifier: from ?? effect ?? '',
    typeOnly: type !== undefined,
    lazy: false,
  }));
  const lazy = [...bare.matchAll(/import\(\s*['"]([^'"]+)['"]\s*\)/g)].map(([, from]) => ({
    specifier: from ?? '',
    typeOnly: false,
    lazy: true,
  }));
  return [...still, ...lazy];
}

function layerOf(path: string): string {
  const [first = '', second] = relative(SRC, path).split('/');
  if (second === undefined) return 'root';
  return DOMAIN.includes(first) ? 'domain' : first;
}

function domainRank(path: string): number {
  return DOMAIN.indexOf(relative(SRC, path).split('/')[0] ?? '');
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function breachOfPackage(file: string, specifier: string): string | undefined {
  const layer = layerOf(file);
  if (layer === 'adapters' || layer === 'pane-host') return undefined;
  if (specifier.startsWith('node:')) {
    return PURE_NODE.has(specifier) || layer === 'root'
      ? undefined
      : `${layer} may not use ${specifier}: only adapters touch the system`;
  }
  const allowed = OPEN_PACKAGES[layer] ?? [];
  return allowed.includes(packageName(specifier))
    ? undefined
    : `${layer} may not use the package ${packageName(specifier)}`;
}

function breachOfLayer(file: string, target: string): string | undefined {
  const from = layerOf(file);
  const to = layerOf(target);
  if (!(MAY_USE[from] ?? []).includes(to)) return `${from} may not use ${to} (${relative(SRC, target)})`;
  if (from === 'domain' && to === 'domain' && domainRank(target) > domainRank(file)) {
    return `${relative(SRC, dirname(file))} comes before ${relative(SRC, target)} and may not use it`;
  }
  return undefined;
}

function checkFile(file: string, graph: Map<string, string[]>): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const breaches: string[] = [];
  const edges: string[] = [];
  for (const entry of importsOf(text)) {
    if (!entry.specifier.startsWith('.')) {
      const breach = breachOfPackage(file, entry.specifier);
      if (breach !== undefined) breaches.push(breach);
      continue;
    }
    const target = resolve(dirname(file), entry.specifier);
    if (!target.startsWith(`${SRC}/`)) continue;
    // A type may be named across cli and context in both directions; only running code makes a layer.
    const breach = entry.typeOnly && layerOf(target) === 'root' ? undefined : breachOfLayer(file, target);
    if (breach !== undefined) breaches.push(breach);
    if (!entry.typeOnly && !entry.lazy) edges.push(target);
  }
  if (layerOf(file) !== 'adapters' && layerOf(file) !== 'pane-host') breaches.push(...systemUse(file, text));
  graph.set(file, edges);
  return breaches.map((breach) => `${relative(SRC, file)}: ${breach}`);
}

function systemUse(file: string, text: string): readonly string[] {
  const inContext = relative(SRC, file) === 'context.ts' || layerOf(file) === 'root';
  return [
    ...(/\bprocess\.env\b/.test(text) && !inContext ? ['only context.ts reads process.env'] : []),
    ...(/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/.test(text) && !inContext
      ? ['reads the clock or randomness directly: use the port']
      : []),
  ];
}

function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      found.push(
        `cycle: ${[...trail.slice(trail.indexOf(file)), file].map((path) => relative(SRC, path)).join(' -> ')}`,
      );
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

const graph = new Map<string, string[]>();
const breaches = sourceFiles(SRC).flatMap((file) => checkFile(file, graph));
const problems = [...breaches, ...findCycles(graph)];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${graph.size} files, ${problems.length} breaches\n`);
process.exit(problems.length === 0 ? 0 : 1);
