import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/*
 * node test/scenario/refinery/model/mutants.ts [COUNT] [NAME]: breaks the merge engine in one place at a time and plays
 * COUNT (default 400) histories against each. Prints which invariant noticed; exit 1 when one gets away, or when a place
 * is not in the code any more.
 */
interface Mutant {
  readonly name: string;
  /** Below src/refinery. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
  /** A second line of defence that has to fall as well: with either of them the engine is right. */
  readonly also?: Omit<Mutant, 'name' | 'also'>;
}

const MUTANTS: readonly Mutant[] = [
  {
    name: 'collateral changes land',
    file: 'may-land.ts',
    find: 'if (collateral !== undefined) return',
    put: 'if (collateral === null) return',
  },
  {
    name: 'one red run is enough',
    file: 'next-step.ts',
    find: 'return Math.max(0, ...alike) >= sameReds || reds.length >= maxReds;',
    put: 'return alike.length >= Math.min(1, sameReds, maxReds);',
  },
  {
    name: 'pushes without a lease',
    file: 'push-target.ts',
    find: 'sha: move.next, lease: move.old',
    put: 'sha: move.next',
  },
  {
    name: 'a probe lands one more than it proved',
    file: 'next-step.ts',
    find: 'return links.findLastIndex((link) => link.green) + 1;',
    put: 'const at = links.findLastIndex((link) => link.green) + 1; return at === 0 ? 0 : Math.min(links.length, at + 1);',
    also: {
      file: 'may-land.ts',
      find: "if ((await engine.results.missing(last)).length > 0) return changed('the proof has expired');",
      put: '',
    },
  },
  {
    name: 'passes are kept for ever',
    file: 'gate-results.ts',
    find: 'return pass !== undefined && isRecent(pass.at, { now: clock.now(), within: PASS_TTL_MS });',
    put: 'return pass !== undefined;',
  },
  {
    name: 'a pass counts for every gate of its name',
    file: 'gate-results.ts',
    find: 'return hash([subject, gateIdentity(gate),',
    put: "return hash([subject, '',",
  },
  {
    name: 'the worktree keeps the files of the run before',
    file: 'gate-worktree.ts',
    find: 'await git.worktrees.reset(path, commit, scratchProof(path));',
    put: '',
  },
  {
    name: 'a gate may change what it tests',
    file: 'prove.ts',
    find: 'if (changed === undefined || first === undefined) return',
    put: 'if (changed !== null || first === undefined) return',
  },
  {
    name: 'trouble of the machine counts as red',
    file: 'failures.ts',
    find: "return { kind: 'infra', why: `ended by ${result.signal}`, missing: false };",
    put: "return { kind: 'red', failure: 'code' };",
  },
  {
    name: 'a suspect is sent back though its target was never asked',
    file: 'next-step.ts',
    find: "if (!base.green) return isCertain(base.reds, facts) ? { kind: 'target-broken' } : { kind: 'prove-base' };",
    put: '',
  },
  {
    name: 'the one behind the culprit is sent back',
    file: 'search.ts',
    find: 'const unit = lastUnit(engine, position);',
    put: 'const unit = lastUnit(engine, Math.min(position + 1, engine.lane.record.chain.length));',
  },
  {
    name: 'a branch that moved lands with its old head',
    file: 'may-land.ts',
    find: 'return tip !== undefined && tip !== link.head;',
    put: 'return tip === link.commit;',
  },
  {
    name: 'what was rejected in the last moment lands',
    file: 'unwanted.ts',
    find: "const now = bead === undefined || bead.status === 'closed' ? undefined : parseMergeRequest(bead);",
    put: 'const now = bead === undefined ? undefined : parseMergeRequest(bead);',
  },
  {
    name: 'a new head is judged by the old one',
    file: 'unwanted.ts',
    find: 'if (now !== undefined && now.commit === head) return now;',
    put: 'if (now !== undefined) return now;',
  },
  {
    name: 'stacked branches do not wait for each other',
    file: 'stacking.ts',
    find: 'return holds === isHeld ? isLater(mr, other) : holds;',
    put: 'return holds === isHeld ? isLater(mr, other) : false;',
  },
  {
    name: 'a stacked branch is merged from where it left the target',
    file: 'merge-head.ts',
    find: 'if (merge.stackedOn === undefined) return',
    put: 'if (merge.stackedOn !== null) return',
  },
  {
    name: 'a push that may have happened is taken as done',
    file: 'settle.ts',
    find: 'if (!there) {',
    put: 'if (tip === undefined) {',
  },
  {
    name: 'a push that may have happened is forgotten',
    file: 'settle.ts',
    find: 'const there = tip !== undefined && (await contains(engine, { tip, commit: intent.new, heads }));',
    put: 'const there = tip === intent.old;',
  },
  {
    name: 'the issue of what landed stays open',
    file: 'close-landed.ts',
    find: '  await closeSource(tx, mr);\n  await clearActiveMr',
    put: '  await clearActiveMr',
  },
  {
    name: 'nobody hears of a landing',
    file: 'clean-up.ts',
    find: "await emitEvent(ctx, { type: 'merged', payload, visibility: 'both' });",
    put: 'void payload;',
  },
  {
    name: 'landings are told twice',
    file: 'clean-up.ts',
    find: 'if (untold.length > 0) await tellLandings(engine, untold);',
    put: 'if (untold.length > 0) { await tellLandings(engine, untold); await tellLandings(engine, untold); }',
  },
  {
    name: 'what the remote could not be asked about is forgotten',
    file: 'clean-up.ts',
    find: 'return !(error instanceof UnavailableError);',
    put: 'return error instanceof GtError;',
  },
  {
    name: 'landed branches stay',
    file: 'clean-up.ts',
    find: '    await removeRemote(engine, polecats);\n',
    put: '',
  },
  {
    name: 'branches go whatever is on them',
    file: 'clean-up.ts',
    find: '    lease: entry.head,\n',
    put: '',
  },
  {
    name: 'nobody hears of what is sent back',
    file: 'evict.ts',
    find: 'notices: [...notices, { ...notice, attempt: rev }],',
    put: '',
  },
  {
    name: 'a rewritten target is landed on',
    file: 'base.ts',
    find: 'if (landed !== undefined && (await',
    put: 'if (landed === tip && (await',
  },
  {
    name: 'late writers are not fenced',
    file: 'lane-store.ts',
    find: 'await tx.update(change.id, { metadata: laneMetadata(change.to) }, { metadata: { rev: change.from } });',
    put: 'await tx.update(change.id, { metadata: laneMetadata(change.to) });',
  },
  {
    name: 'another machine is not waited for',
    file: 'tick.ts',
    find: 'return isAhead(lane.lease_until, { now: ctx.ports.clock.now(), atMost: 10 * LANE_LEASE_MS });',
    put: 'return false;',
  },
  {
    name: 'two engines of one machine run at once',
    file: 'merge-lease.ts',
    find: 'return { got: false, by: error.message };',
    put: 'return { got: true, lease: makeLease(rig, { release: async () => undefined } as HeldLock) };',
  },
  {
    name: 'landings are dated by the clock',
    file: 'merge-head.ts',
    find: 'committer: { ...engine.settings.committer, at },',
    put: 'committer: { ...engine.settings.committer, at: Math.floor(engine.ctx.ports.clock.now() / 1000) },',
  },
  {
    name: 'reds of other gates are believed',
    file: 'lane-pass.ts',
    find: 'await lane.save({ gates: results.identity, reds: [] });',
    put: 'await lane.save({ gates: results.identity });',
  },
  {
    name: 'red trees are tried again and again',
    file: 'round.ts',
    find: 'await lane.save({ proving: undefined, flaked, reds: [...lane.record.reds, ...reds] });',
    put: 'await lane.save({ proving: undefined, flaked, reds: [...lane.record.reds.slice(0, 0), ...reds] });',
  },
  {
    name: 'passes are not remembered',
    file: 'prove.ts',
    find: 'await engine.results.addPass(request.candidate, run.gate, run.ms);',
    put: 'if (run.ms > 0) await engine.results.addPass(request.candidate, run.gate, run.ms);',
  },
  {
    name: 'a conflict with another change ahead is blamed on the target',
    file: 'build-chain.ts',
    find: 'return alone === undefined || alone.merged\n',
    put: 'return alone === undefined\n',
  },
  {
    name: 'what collides ahead in the queue is forgotten',
    file: 'survey.ts',
    find: 'return isLive(mr) && standingReason(mr) === undefined;',
    put: "return isLive(mr) && mr.phase !== 'deferred' && standingReason(mr) === undefined;",
  },
];

const ROOT = resolve(import.meta.dirname, '../../../..');
const [count = '400', only = ''] = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name }) => name.includes(only));
const results = chosen.map((mutant) => ({ mutant, caught: hunt(mutant) }));
const escaped = results.filter(({ caught }) => caught === undefined);
process.stdout.write(`${results.length - escaped.length} of ${results.length} caught\n`);
process.exitCode = escaped.length > 0 ? 1 : 0;

/** What noticed it; undefined = nothing did. */
function hunt(mutant: Mutant): string | undefined {
  const home = mkdtempSync(join(tmpdir(), 'gt-mutant-'));
  try {
    for (const folder of ['src', 'test', 'package.json'])
      cpSync(join(ROOT, folder), join(home, folder), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
    for (const { file, find, put } of [mutant, mutant.also ?? []].flat()) {
      const path = join(home, 'src/refinery', file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(find)) throw new Error(`${file} does not hold: ${find}`);
      writeFileSync(
        path,
        text.replace(find, () => put),
      );
    }
    const explore = join(home, 'test/scenario/refinery/model/explore.ts');
    const run = spawnSync(process.execPath, [explore, count, '1', 'as-is'], { cwd: home, encoding: 'utf8' });
    const caught =
      run.status === 0
        ? undefined
        : (/"broke":\["([^"]*)"/.exec(run.stdout)?.[1] ?? run.stderr.slice(0, 200));
    process.stdout.write(`${caught === undefined ? 'ESCAPED' : 'caught '} ${mutant.name}: ${caught ?? ''}\n`);
    return caught;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
