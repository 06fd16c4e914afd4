import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mustBd, runBd, type BdPlace } from './run-bd.ts';

let home = '';
let place: BdPlace;

beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'gt-bd-')));
  place = { cwd: join(home, 'app'), env: { HOME: home } };
  mkdirSync(place.cwd);
  await mustBd(place, ['init']);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function json(...words: readonly string[]) {
  return JSON.parse(await mustBd(place, [...words, '--json']));
}

/** A `gh` that answers with this text, or fails. */
function fakeGh(script: string): BdPlace {
  const bin = join(home, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'gh'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'gh'), 0o755);
  return { ...place, env: { ...place.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` } };
}

describe('bd gate check', () => {
  async function gate(...words: readonly string[]): Promise<string> {
    const bead = (await mustBd(place, ['q', 'Work'])).trim();
    return (await json('gate', 'create', '--blocks', bead, ...words)).id;
  }

  test('opens what has passed, frees the bead, reports the rest', async () => {
    const ok = await gate('-t', 'gh:pr', '--await-id', '1');
    const bad = await gate('-t', 'gh:run', '--await-id', '2');
    const human = await gate();
    const hub = fakeGh(
      `case "$1" in pr) echo '{"state":"MERGED","title":"t"}';; *) echo '{"status":"completed","conclusion":"failure","name":"ci"}';; esac`,
    );
    const dry = JSON.parse(await mustBd(hub, ['gate', 'check', '--dry-run', '--json']));
    expect(dry).toMatchObject({ checked: 2, resolved: 1, escalated: 1, errors: 0, dry_run: true });
    expect(await json('gate', 'list')).toHaveLength(3);
    await mustBd(hub, ['gate', 'check', '--escalate']);
    await mustBd(hub, ['gate', 'check', '--escalate']);
    expect((await json('gate', 'list')).map((one: { id: string }) => one.id).toSorted()).toEqual(
      [bad, human].toSorted(),
    );
    expect(await json('show', ok)).toMatchObject([{ close_reason: "pull request 't' was merged" }]);
    expect(await json('comments', bad)).toMatchObject([
      { text: "Needs attention: workflow 'ci' ended with failure" },
    ]);
    expect(await json('ready')).toHaveLength(1);
  });

  test.each([
    ['is missing', undefined],
    ['fails', 'echo "not logged in" >&2; exit 4'],
  ])('a gh that %s leaves the gate shut and is named, exit 1', async (_, script) => {
    const id = await gate('-t', 'gh:run', '--await-id', '2');
    const hub =
      script === undefined ? { ...place, env: { ...place.env, PATH: '/nonexistent' } } : fakeGh(script);
    const answer = await runBd(hub, ['gate', 'check', '--json']);
    expect(answer.code).toBe(1);
    expect(JSON.parse(answer.stdout)).toMatchObject({ errors: 1, gates: [{ id, outcome: 'unknown' }] });
    expect(await json('gate', 'list')).toMatchObject([{ id }]);
  });

  test('discover gives a gate the number of its run', async () => {
    const id = await gate('-t', 'gh:run', '--await-id', 'ci');
    const created = new Date().toISOString();
    const hub = fakeGh(
      `echo '[{"databaseId":77,"headBranch":"main","headSha":"x","name":"ci.yml","status":"queued","createdAt":"${created}","workflowName":"CI"}]'`,
    );
    expect(JSON.parse(await mustBd(hub, ['gate', 'discover', '--json']))).toMatchObject([
      { gate_id: id, run_id: '77' },
    ]);
    expect(await json('gate', 'show', id)).toMatchObject({ await_id: '77', await_type: 'gh:run' });
  });
});

describe('bd doctor', () => {
  test('finds nothing in a fresh database, and repairs what is wrong around it', async () => {
    const bin = join(home, 'bin');
    const own = {
      ...place,
      env: { ...place.env, PATH: `${join(import.meta.dirname, '../../bin')}:${process.env['PATH'] ?? ''}` },
    };
    const look = async (...words: readonly string[]) => {
      const answer = await runBd(own, ['doctor', ...words, '--json']);
      const checks: readonly { name: string; status: string }[] = JSON.parse(answer.stdout).checks;
      return checks.filter(({ status }) => status !== 'ok').map(({ name, status }) => `${name} ${status}`);
    };
    expect(await look()).toEqual([]);
    const path = join(place.cwd, '.beads/metadata.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/"project_id": "[^"]+"/, '"project_id": "other"'));
    chmodSync(path, 0o644);
    writeFileSync(join(place.cwd, '.beads/config.yaml'), 'prefix: zz\n');
    expect(await look()).toEqual(['project-id error', 'file-rights warning', 'config-prefix warning']);
    expect((await look('--fix')).every((line) => line.endsWith('fixed'))).toBe(true);
    expect(await look()).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe(text);
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'bd'), '#!/bin/sh\necho "bd version 1.0.5 (dev)"\n');
    chmodSync(join(bin, 'bd'), 0o755);
    const foreign = { ...place, env: { ...place.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` } };
    const answer = await runBd(foreign, ['doctor']);
    expect(answer).toMatchObject({ code: 0 });
    expect(answer.stdout).toContain(`${join(bin, 'bd')} is another bd`);
  });
});

describe('values and settings', () => {
  test('kv and memories are kept side by side', async () => {
    expect(await json('kv', 'set', 'a.b', 'x y')).toEqual({ key: 'a.b', schema_version: 1, value: 'x y' });
    expect(await json('remember', 'Always run make lint')).toMatchObject({
      action: 'remembered',
      key: 'always-run-make-lint',
    });
    expect(await json('remember', 'again', '--key', 'always-run-make-lint')).toMatchObject({
      action: 'updated',
    });
    expect(await json('kv', 'list')).toEqual({
      'a.b': 'x y',
      'memory.always-run-make-lint': 'again',
      schema_version: 1,
    });
    expect(await json('memories', 'AGAIN')).toEqual({ 'always-run-make-lint': 'again', schema_version: 1 });
    expect(await mustBd(place, ['recall', 'always-run-make-lint'])).toBe('again\n');
    await mustBd(place, ['forget', 'always-run-make-lint']);
    expect(await runBd(place, ['recall', 'always-run-make-lint'])).toMatchObject({ code: 1, stdout: '' });
    expect(await runBd(place, ['kv', 'get', 'nothing'])).toMatchObject({
      code: 1,
      stderr: 'nothing (not set)\n',
    });
    expect((await runBd(place, ['kv', 'set', 'kv.x', '1'])).code).toBe(1);
  });

  test('settings of config.yaml never come into the database', async () => {
    expect(await json('config', 'set', 'validation.on-create', 'warn')).toMatchObject({
      location: 'config.yaml',
    });
    expect(await json('config', 'get', 'validation.on-create')).toMatchObject({ value: 'warn' });
    expect(await json('config', 'list')).not.toHaveProperty('validation.on-create');
    await mustBd(place, ['config', 'unset', 'validation.on-create']);
    expect(await json('config', 'get', 'validation.on-create')).toMatchObject({ value: '' });
  });

  test('mail goes to the named program with the same words, whose exit code is ours', async () => {
    const delegate = (name: string, value: string) => ({ ...place, env: { ...place.env, [name]: value } });
    expect((await runBd(place, ['mail', 'inbox'])).stderr).toContain('mail.delegate');
    await mustBd(place, ['config', 'set', 'mail.delegate', 'echo setting']);
    expect(await mustBd(place, ['mail', 'a b', '--json'])).toBe('setting a b --json\n');
    expect(await mustBd(delegate('BD_MAIL_DELEGATE', 'echo two'), ['mail'])).toBe('two\n');
    const both = {
      ...place,
      env: { ...place.env, BD_MAIL_DELEGATE: 'false', BEADS_MAIL_DELEGATE: 'echo one' },
    };
    expect(await mustBd(both, ['mail'])).toBe('one\n');
    expect((await runBd(delegate('BEADS_MAIL_DELEGATE', 'false'), ['mail'])).code).toBe(1);
  });

  test('sync does nothing and says so', async () => {
    expect(await json('sync')).toMatchObject({ synced: false });
  });
});
