import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Sha } from '../../../../src/core/names.ts';
import type { FakeTown } from '../fake-machine.ts';
import type { MergeTown, Submitted } from '../merge-town.ts';
import { makeFakeTown } from '../fake-machine.ts';
import type { Change, PushTrick, Sickness } from './happenings.ts';
import { verdictOf } from './truth.ts';
import type { Files, Objects } from './truth.ts';
import type { ProgramEnd } from '../../../fakes/processes.ts';

/** One run of one gate, as it really was. */
export interface Run {
  readonly gate: string;
  readonly tree: string;
  readonly files: Files;
  readonly passed: boolean;
  readonly at: number;
}

/** One merge request and what has been done to it from outside. */
export interface Request extends Submitted {
  /** Every head its branch ever had. */
  readonly heads: Set<Sha>;
  rejected: boolean;
}

/** A town with its history so far, and everything that is known of it without asking the engine. */
export interface Story {
  readonly town: FakeTown;
  readonly objects: Objects;
  readonly requests: Request[];
  readonly runs: Run[];
  /** Every tip the target ever had, oldest first. */
  readonly tips: Sha[];
  /** Branches that the engine removed. */
  readonly removed: string[];
  /** Broken invariants, each with its number in spec order. */
  readonly wrong: string[];
  /** Command by name. */
  named: Readonly<Record<string, string>>;
  /** Their commands. */
  gates: readonly string[];
  /** Those when the pass began: it keeps to them. */
  gatesOfPass: readonly string[];
  /** Command by name, as the pass knows them. */
  namedOfPass: Readonly<Record<string, string>>;
  /** Where the target stood when somebody last took commits off it; landings before that do not count. */
  rewrittenAt: number;
  /** Nothing was killed, lost or doubled: then notices come exactly once. */
  calm: boolean;
  /** Branches as the remote told them last. */
  heads: ReadonlyMap<string, Sha | undefined>;
  flaky: boolean;
  /** What the engine landed last is off the target, and nobody has said that this is all right. */
  frozen: boolean;
  /** A merge went wrong: what comes of it may be held back. */
  misled: boolean;
  /** So many gate runs from now fail for reasons of the machine. */
  sick: { readonly how: Sickness; runs: number } | undefined;
  trick: PushTrick | undefined;
  /** Done while the nth gate from now runs, or after the nth look at the remote. */
  meanwhile: { readonly at: 'gate' | 'look'; nth: number; readonly act: () => Promise<unknown> } | undefined;
  /** Sent back by flakes. */
  flakyEvictions: number;
  /** A second machine with a clone of its own, when one was needed. */
  elsewhere: MergeTown | undefined;
  settings: Readonly<Record<string, unknown>>;
}

const DOC = 'title\n\none\n\ntwo\n\nthree\n';
const SHARED = Array.from({ length: 8 }, (_, index) => `line ${index}\n`).join('');

export async function beginStory(): Promise<Story> {
  const town = await makeFakeTown({ 'shared.txt': SHARED, 'doc-1.txt': DOC, 'doc-2.txt': `${DOC}four\n` });
  const tip = town.remote.head('main');
  if (tip === undefined) throw new Error('the target has no commit');
  const story: Story = {
    town,
    objects: {
      filesOf: memo((sha) => town.git.filesOf(sha)),
      commitOf: (sha) => town.git.commitOf(sha),
      all: () => town.git.commits(),
    },
    requests: [],
    runs: [],
    tips: [tip],
    removed: [],
    wrong: [],
    named: {},
    gates: [],
    gatesOfPass: [],
    namedOfPass: {},
    rewrittenAt: 0,
    calm: true,
    heads: new Map(),
    flaky: true,
    frozen: false,
    misled: false,
    sick: undefined,
    trick: undefined,
    meanwhile: undefined,
    flakyEvictions: 0,
    elsewhere: undefined,
    settings: {},
  };
  town.gate((call) => runGate(story, call));
  town.remote.afterList(async () => {
    story.heads = new Map(town.remote.branches().map((branch) => [branch, town.remote.head(branch)]));
    await interrupt(story, 'look');
  });
  await configure(story, 0);
  return story;
}

function memo<K, V>(read: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const found = known.get(key) ?? read(key);
    known.set(key, found);
    return found;
  };
}

/** A short limit: a gate that hangs costs its renewals of the lease. */
const UNIT = { unit: { cmd: 'unit', timeout: '1s' } };
interface Configuration extends Readonly<Record<string, unknown>> {
  readonly gates: Readonly<
    Record<string, Readonly<Record<'cmd', string>> & Readonly<Record<string, string>>>
  >;
}
const CONFIGURATIONS: readonly [Configuration, ...Configuration[]] = [
  { gates: UNIT },
  { gates: UNIT, batch: { max_batch_size: 1 } },
  { gates: UNIT, batch: { max_batch_size: 4 }, max_concurrent: 3 },
  { gates: { ...UNIT, style: { cmd: 'style' } } },
  { gates: { ...UNIT, style: { cmd: 'style', phase: 'post-squash' } }, gates_parallel: false },
  { gates: UNIT, merge_method: 'merge' },
  { gates: UNIT, merge_method: 'rebase', max_concurrent: 2 },
  { gates: UNIT, on_conflict: 'auto_rebase' },
  { gates: { unit: { ...UNIT.unit, cache: 'commit' } }, retry_flaky_tests: 3 },
  // The same name for another command: what was red under it is red no more.
  { gates: { unit: { ...UNIT.unit, cmd: 'style' } } },
];

function commandsOf({ gates }: Configuration): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(gates).map(([name, { cmd }]) => [name, cmd]));
}

/** A pass keeps to the gates that there are when it begins. */
export function beginPass(story: Story): void {
  story.namedOfPass = story.named;
  story.gatesOfPass = story.gates;
}

/** Other settings from now on, on every machine. */
export async function configure(story: Story, to: number): Promise<void> {
  const settings = CONFIGURATIONS[to % CONFIGURATIONS.length] ?? CONFIGURATIONS[0];
  story.settings = settings;
  story.named = commandsOf(settings);
  story.gates = Object.values(story.named);
  await story.town.set(settings);
  await story.elsewhere?.set(settings);
}

type GateCall = Parameters<Parameters<FakeTown['gate']>[0]>[0];

async function runGate(story: Story, call: GateCall): Promise<ProgramEnd> {
  const { town } = story;
  await interrupt(story, 'gate');
  const end = await endOf(story, call);
  story.runs.push({
    gate: call.command,
    tree: call.tree,
    files: call.files,
    passed: 'code' in end && end.code === 0 && verdictOf(call.command, call.files) === 'pass',
    at: town.clock.now(),
  });
  return end;
}

async function interrupt({ meanwhile }: Story, at: 'gate' | 'look'): Promise<void> {
  if (meanwhile?.at !== at) return;
  meanwhile.nth -= 1;
  if (meanwhile.nth === 0) await meanwhile.act();
}

async function endOf(story: Story, call: GateCall): Promise<ProgramEnd> {
  const { sick, town } = story;
  if (sick !== undefined && sick.runs > 0) {
    sick.runs -= 1;
    if (sick.how === 'disk full') return { code: 1, stdout: 'write: No space left on device' };
    return sick.how === 'killed' ? { signal: 'SIGKILL' } : { code: 127, stderr: 'sh: not found' };
  }
  switch (verdictOf(call.command, call.files)) {
    case 'hang':
      return { hang: true };
    case 'dirty':
      await town.files.writeAtomic(join(call.worktree, 'README.md'), 'changed by a gate\n');
      return { code: 0 };
    case 'fail':
      return { code: 1, stdout: failedOf(call.files) };
    case 'pass':
      return isFlake(story, call) ? { code: 1, stdout: 'not ok 1 - flaky.test' } : { code: 0, stdout: 'ok' };
  }
}

function failedOf(files: Files): string {
  const paths = Object.keys(files).filter((path) => /BAD|UGLY|HALF/.test(files[path] ?? ''));
  return paths.map((path) => `not ok 1 - ${path}`).join('\n');
}

/** One run in three of a tree with a flaky test, always the same ones. */
function isFlake(story: Story, { command, files }: GateCall): boolean {
  if (!story.flaky || command !== 'unit' || !Object.values(files).includes('FLAKY\n')) return false;
  return numberOf(`flake ${story.runs.length}`) % 3 === 0;
}

export function numberOf(text: string): number {
  return createHash('sha1').update(text).digest().readUInt32BE();
}

/** What a change does to the files it starts from; `n` makes it one of a kind. */
export function filesOf(change: Change, n: number, from: Files): Readonly<Record<string, string | null>> {
  const own = (text: string) => ({ [`file-${n}.txt`]: `${text}\n` });
  const docs = Object.keys(from).filter((path) => path.startsWith('doc'));
  const doc = docs[n % Math.max(1, docs.length)] ?? '';
  switch (change) {
    case 'own':
      return own(`number ${n}`);
    case 'line 1':
    case 'line 6': {
      const at = Number(change.slice(5));
      const lines = (from['shared.txt'] ?? '').split('\n');
      return { 'shared.txt': lines.with(at, `number ${n}`).join('\n') };
    }
    case 'rename doc':
      return doc === '' ? own('no doc') : { [doc]: null, [`doc-${n}-moved.txt`]: from[doc] ?? '' };
    case 'edit doc':
      return doc === '' ? own('no doc') : { [doc]: (from[doc] ?? '').replace(/^two.*$/m, `two ${n}`) };
    case 'remove doc':
      return doc === '' ? own('no doc') : { [doc]: null };
    case 'submodule':
      return { lib: `Subproject commit ${createHash('sha1').update(`${n}`).digest('hex')}\n` };
    case 'nothing':
      return {};
    case 'mend':
      return { ...own(`mends ${n}`), ...mended(from) };
    case 'half a':
      return own('HALFA');
    case 'half b':
      return own('HALFB');
    case 'flaky':
      return own('FLAKY');
    case 'bad':
    case 'ugly':
    case 'hangs':
    case 'dirties':
      return own(change.toUpperCase());
  }
}

/** The same files without what makes a gate red. */
export function mended(files: Files): Files {
  const changed = Object.entries(files).map(([path, text]) => [
    path,
    text.replace(/BAD|UGLY|HANGS|DIRTIES|HALF[AB]|FLAKY/g, (word) => word.toLowerCase()),
  ]);
  return Object.fromEntries(changed.filter(([path, text]) => files[path ?? ''] !== text)) as Files;
}
