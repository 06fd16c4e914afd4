import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ArgSpec, CommandSpec, FlagSpec } from '../../../src/cli/command.ts';
import { gt } from '../../../src/cli/registry.ts';
import { splitCommandLine } from '../../../src/runtimes/command-line.ts';
import { commandTree } from '../../../src/cli/tree.ts';
import { runGt as runGtIn } from './run-gt.ts';
import type { Run } from './support.ts';

/**
 * Commands that answer without a town: a pane host is told its town, a poller does nothing, what agents call at every
 * turn lets them go on, who presses Tab gets no error, and what is about the machine is there before any town.
 */
const TOWNLESS = new Set([
  '__complete',
  '__completeNoDesc',
  'completion',
  'version',
  'stale',
  'help',
  'install',
  'uninstall',
  'enable',
  'disable',
  'shell install',
  'shell remove',
  'shell status',
  'rig detect',
  'rig quick-add',
  'init',
  'pane-host',
  'nudge-poller',
  'config schema',
  'status-line',
  'signal stop',
  'tap guard',
  'tap list',
  'tap polecat-stop-check',
]);
/** Flags that --json needs beside it. */
const WITH_JSON: Readonly<Record<string, readonly string[]>> = { prime: ['--state'] };

const home = mkdtempSync(join(tmpdir(), 'gt-commands-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** In an empty folder outside any town. */
const runGt = (argv: readonly string[]): Promise<Run> => runGtIn({ home, cwd: home }, argv);

const runnable = gt.commands.filter((spec) => spec.load !== undefined);

test('the registry is a tree without gaps or doubles, and no name or alias is used twice among siblings', () => {
  const visit = (node: ReturnType<typeof commandTree>): void => {
    const names = node.children.flatMap((child) => [child.word, ...(child.spec?.aliases ?? [])]);
    expect(new Set(names).size).toBe(names.length);
    node.children.forEach(visit);
  };
  visit(commandTree(gt.commands));
});

test('names, arguments, flags and defaults change only on purpose', async () => {
  await expect(gt.commands.map(signature).toSorted().join('\n')).toMatchFileSnapshot('registry.snapshot.txt');
});

describe.each(gt.commands.map((spec) => [spec.path, spec] as const))('gt %s', (path, spec) => {
  test('explains itself without a town', async () => {
    const takesAnyWord = spec.passThrough === true && spec.hidden === true;
    const run = await runGt(takesAnyWord ? ['help', path] : [...path.split(' '), '--help']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(path === 'help' ? 'Usage:' : `gt ${path}`);
  });

  test('is described in one plain line, and its flags clash neither in name nor in letter', () => {
    expect(spec.summary).toMatch(/^[^\n]{3,90}[^.\n]$/);
    const flags = spec.flags ?? [];
    const letters = flags.flatMap(({ short }) => (short === undefined ? [] : [short]));
    expect(new Set(flags.map(({ name }) => name)).size).toBe(flags.length);
    expect(new Set(letters).size).toBe(letters.length);
    expect(letters).not.toContain('h');
  });
});

describe('each command', () => {
  test.each(pathsOf((spec) => spec.passThrough !== true))(
    'gt %s: answers an unknown flag with one clear line',
    async (path) => {
      const run = await runGt([...path.split(' '), '--no-such-flag']);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toMatch(/^Error: unknown flag '--no-such-flag'/);
    },
  );

  test.each(pathsOf(({ path }) => !TOWNLESS.has(path)))(
    'gt %s: outside a town one clear line, exit 1, nothing on stdout',
    async (path, spec) => {
      const json = spec.json === true ? ['--json', ...(WITH_JSON[path] ?? [])] : [];
      const run = await runGt([...path.split(' '), ...exampleWords(spec), ...json]);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toMatch(/^Error: not in a Gas Town workspace\n\nRun: gt install/);
    },
  );

  test.each(pathsOf(({ json }) => json === true))(
    'gt %s: --json comes with the shape of its document',
    async (_path, spec) => {
      expect((await spec.load?.())?.schema).toBeDefined();
    },
  );
});

describe('P14: what help says can be typed', () => {
  const shown = gt.commands.filter(({ hidden }) => hidden !== true);
  const examples = shown.flatMap((spec) => (spec.examples ?? []).map((line) => [line, spec] as const));

  test.each(shown.map(({ path }) => [path]))('gt %s --help fits 100 columns', async (path) => {
    const { stdout } = await runGt([...path.split(' '), '--help']);
    expect(stdout.split('\n').filter((line) => Array.from(line).length > 100)).toEqual([]);
  });

  test.each(examples)('%s', async (line, spec) => {
    const words = wordsOf(line, spec.path);
    expect(words.slice(0, 1 + spec.path.split(' ').length).join(' ')).toBe(`gt ${spec.path}`);
    // Outside a town nothing is done: a word or flag that the command does not know would be refused before.
    if (TOWNLESS.has(spec.path) || spec.passThrough === true) return;
    expect((await runGt(words.slice(1))).stderr).toMatch(/^Error: not in a Gas Town workspace/);
  });
});

/** The command's own part of a shell line. */
function wordsOf(line: string, path: string): readonly string[] {
  const own = line.slice(Math.max(0, line.indexOf(`gt ${path}`))).replace(/\)"?$/, '');
  const words = splitCommandLine(own.replaceAll(/<[^>]*>/g, 'x'));
  const end = words.findIndex((word) => /^(?:&&|\||>|#)/.test(word));
  return end === -1 ? words : words.slice(0, end);
}

function pathsOf(wanted: (spec: CommandSpec) => boolean) {
  return runnable.filter(wanted).map((spec) => [spec.path, spec] as const);
}

/** Words that fit the required arguments and flags. */
function exampleWords(spec: CommandSpec): readonly string[] {
  const flags = (spec.flags ?? []).filter(({ required }) => required === true);
  return [
    ...flags.map((flag) => `--${flag.name}=${exampleValue(flag)}`),
    ...(spec.args ?? []).filter(({ required }) => required === true).map(exampleWord),
  ];
}

function exampleValue({ kind, values }: FlagSpec): string {
  if (values?.[0] !== undefined) return values[0];
  return kind === 'int' || kind === 'float' ? '1' : kind === 'duration' ? '1s' : 'example';
}

function exampleWord({ name }: ArgSpec): string {
  if (/bead|issue|^id$|mr/.test(name)) return 'gt-abc12';
  if (/session|target|polecat|worker|address/.test(name)) return 'demo/ace';
  return /url/.test(name) ? 'https://example.org/demo.git' : 'demo';
}

/** Everything about a command that callers rely on, on one line. */
function signature(spec: CommandSpec): string {
  const args = (spec.args ?? []).map(({ name, required, many }) => {
    const shown = many === true ? `${name}...` : name;
    return required === true ? `<${shown}>` : `[${shown}]`;
  });
  const flags = (spec.flags ?? []).map((flag) =>
    [
      `${flag.short === undefined ? '' : `-${flag.short}/`}--${flag.name}`,
      flag.kind === undefined || flag.kind === 'bool' ? '' : `=${flag.kind}`,
      flag.default === undefined ? '' : `:${flag.default}`,
      flag.bare === undefined ? '' : `?${flag.bare}`,
      flag.values === undefined ? '' : `{${flag.values.join('|')}}`,
      flag.required === true ? '!' : '',
    ].join(''),
  );
  const marks = [
    ...(spec.json === true ? ['json'] : []),
    ...(spec.hidden === true ? ['hidden'] : []),
    ...(spec.startup === 'instant' ? ['instant'] : []),
    ...(spec.passThrough === true ? ['pass-through'] : []),
    ...(spec.load === undefined ? ['group'] : []),
  ];
  const aliases = (spec.aliases ?? []).length === 0 ? '' : ` (${spec.aliases?.join(', ')})`;
  return [`${spec.path}${aliases}`, ...args, ...flags, marks.length === 0 ? '' : `[${marks.join(' ')}]`]
    .filter((part) => part !== '')
    .join(' ');
}
