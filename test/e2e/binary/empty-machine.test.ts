import { execa } from 'execa';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtBinary } from '../support/binary.ts';

/** Nobody: no entry in the password file, no sudo, nothing of anybody's. Without root the test is its own user. */
const STRANGER = 61_234;
const isRoot = process.getuid?.() === 0;
/** All that is on its PATH, beside gt and bd: what the README asks for. */
const TOOLS =
  'git tmux sh cat chmod cp cut date dirname basename env head id ln ls mkdir mktemp mv pwd readlink rm rmdir sleep sort tail touch tr true uname wc';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gt-empty-'));
  for (const folder of ['bin', 'tools']) mkdirSync(join(home, folder));
  copyFileSync(builtBinary(), join(home, 'bin/gt'));
  chmodSync(join(home, 'bin/gt'), 0o755);
  symlinkSync('gt', join(home, 'bin/bd'));
  for (const name of TOOLS.split(' ')) symlinkSync(which(name), join(home, 'tools', name));
  if (isRoot)
    for (const path of ['', 'bin', 'bin/gt', 'tools']) chownSync(join(home, path), STRANGER, STRANGER);
}, 300_000);

afterAll(async () => {
  await inEmpty('cd gt && gt down');
  for (const pid of leftovers()) process.kill(pid, 'SIGKILL');
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  if (isRoot) rmSync(`/tmp/tmux-${STRANGER}`, { recursive: true, force: true });
});

function which(name: string): string {
  return execFileSync('sh', ['-c', `command -v "$0"`, name], { encoding: 'utf8' }).trim();
}

/** A shell script under `env -i` with HOME and PATH, as the stranger. */
function inEmpty(script: string) {
  const path = `PATH=${join(home, 'bin')}:${join(home, 'tools')}`;
  const empty = ['env', '-i', `HOME=${home}`, path, join(home, 'tools/sh'), '-ec', `cd "$HOME"\n${script}`];
  const ids = [`--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups', '--no-new-privs'];
  const [file = '', ...words] = isRoot ? [which('setpriv'), ...ids, ...empty] : empty;
  return execa(file, words, { cwd: '/', reject: false, stdin: 'ignore', timeout: 100_000 });
}

/** Processes with this HOME: only those of this test. */
function leftovers(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOME=${home}`);
      } catch {
        return false;
      }
    });
}

/** From nothing to a landed change, as the README says it, and a change that the rig's own check keeps out. */
const FIRST_DAY = `
git config --global user.name Stranger
git config --global user.email stranger@example.org
git init -q -b main work && cd work
echo first > README.md && git add README.md && git commit -qm First && cd ..
git clone -q --bare work shop.git
gt install gt && cd gt
gt rig add shop "$HOME/shop.git"
gt rig settings set shop merge_queue.test_command 'test ! -e broken'
gt config set scheduler.max_polecats -1
good=$(bd create 'Say hello' --rig shop --silent)
bad=$(bd create 'Break it' --rig shop --silent)
[ "$(gt __completeNoDesc sling "$good" shop --agent scr)" = 'script
:4' ]
case $(gt __complete sling '') in *"$good	Say hello"*) ;; *) exit 4 ;; esac
case $(gt completion bash) in *'complete -F '*) ;; *) exit 5 ;; esac
gt up
gt sling "$good" shop --agent script --script 'echo hello > hello.txt'
gt sling "$bad" shop --agent script --script 'echo no > broken'
tries=0
until [ "$(git -C "$HOME/shop.git" log -1 --format=%s main)" = 'Say hello' ] &&
  bd show "$bad" | { while read -r line; do case $line in *BLOCKED*|*blocked*) exit 0 ;; esac; done; exit 1; }; do
  tries=$((tries + 1)); [ $tries -lt 300 ] || { gt status; bd show "$bad"; exit 3; }
  sleep 0.2
done
gt status
gt down
`;

test('P13: in an empty environment, as a user of nothing, the binary alone goes from install to landed', async () => {
  const { exitCode, stdout, stderr } = await inEmpty(FIRST_DAY);
  expect(`${stderr}\n${stdout}`).not.toMatch(/node: |npm (?:ERR|error)|ENOENT/);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const files = execFileSync(
    'git',
    ['-c', 'safe.directory=*', '-C', join(home, 'shop.git'), 'ls-tree', '--name-only', 'main'],
    {
      encoding: 'utf8',
    },
  );
  expect(files.trim().split('\n')).toEqual(['README.md', 'hello.txt']);
  expect(leftovers()).toEqual([]);
});

test('P36: what it wrote stands below its HOME alone', () => {
  const made = readdirSync(home).toSorted();
  expect(made).toEqual(
    ['.cache', '.gitconfig', '.gt', '.local', 'bin', 'gt', 'shop.git', 'tools', 'work'].filter(
      (name) => name !== '.gt' || existsSync(join(home, '.gt')),
    ),
  );
  expect(readdirSync(join(home, '.local'))).toEqual(['state']);
  expect(readdirSync(join(home, '.local/state'))).toEqual(['gastown']);
});
