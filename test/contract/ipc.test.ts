import { spawn } from 'node:child_process';
import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createIpc } from '../../src/adapters/ipc.ts';
import { placeSocket } from '../../src/adapters/ipc/socket-place.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeIpc } from '../fakes/ipc.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { ipcContract } from './ipc.contract.ts';

const tempDir = tempDirs();

describe('requests in memory', () => {
  ipcContract(() => {
    const clock = createFakeClock();
    return {
      ipc: createFakeIpc({ clock }),
      path: '/town/.runtime/daemon.sock',
      drive: (work) => clock.drive(work),
    };
  });
});

describe('requests over Unix sockets', () => {
  ipcContract(() => ({
    ipc: createIpc(),
    path: join(tempDir(), 'runtime', 'daemon.sock'),
    drive: (work) => work,
  }));

  it('lets only the user in: socket 0600 in a folder 0700', async () => {
    const folder = join(tempDir(), 'runtime');
    const path = join(folder, 'daemon.sock');
    await using _server = await createIpc().serve(path, async () => 'hi');
    expect([statSync(folder).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('replaces the socket of a process that was killed', async () => {
    const path = join(tempDir(), 'runtime', 'x.sock');
    await leaveDeadSocket(path);
    expect(statSync(path).isSocket()).toBe(true);
    await expect(createIpc().request(path, {}, 1000)).rejects.toMatchObject({ code: 'ipc.no-answer' });
    await using _server = await createIpc().serve(path, async () => 'new');
    expect(await createIpc().request(path, {}, 1000)).toBe('new');
  });

  it('P31: a path too long for a socket is answered through a short one, whatever the client’s own folders are', async () => {
    const runtimeDir = tempDir();
    const path = join(tempDir(), 'a'.repeat(60), 'b'.repeat(60), 'proj-toast.sock');
    await using _server = await createIpc({ runtimeDir }).serve(path, async () => 'hi');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(Buffer.byteLength(readlinkSync(path))).toBeLessThanOrEqual(100);
    expect(await createIpc({ runtimeDir: '/elsewhere' }).request(path, {}, 1000)).toBe('hi');
  });

  it('P31: two towns with long paths do not meet', () => {
    const [one, two] = ['one', 'two'].map((town) =>
      placeSocket(`/home/${'x'.repeat(90)}/${town}/gt-toast.sock`, '/run/user/0'),
    );
    expect(one).not.toBe(two);
    expect(placeSocket(`/t/${'n'.repeat(300)}.sock`, '/run/user/0').length).toBeLessThanOrEqual(100);
  });

  it.each(['not json\n', '{"half":\n', `${'x'.repeat(2_000_000)}\n`])(
    'answers nonsense with an error and goes on',
    async (line) => {
      const path = join(tempDir(), 'runtime', 'x.sock');
      await using _server = await createIpc().serve(path, async () => 'hi');
      expect(JSON.parse(await sendRaw(path, line))).toMatchObject({ ok: false });
      expect(await createIpc().request(path, {}, 1000)).toBe('hi');
    },
  );
});

/** A process that listens there and is killed. */
async function leaveDeadSocket(path: string): Promise<void> {
  const script = `require('fs').mkdirSync(require('path').dirname(process.argv[1]), { recursive: true });
    require('net').createServer().listen(process.argv[1], () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
}

function sendRaw(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}
