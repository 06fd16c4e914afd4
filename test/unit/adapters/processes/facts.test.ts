import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { parseStat } from '../../../../src/adapters/processes/linux-table.ts';
import { parseListeners } from '../../../../src/adapters/processes/listener.ts';
import { parsePs } from '../../../../src/adapters/processes/ps-table.ts';
import { createTail } from '../../../../src/adapters/processes/tail.ts';
import { familyOf } from '../../../../src/adapters/processes/tree.ts';
import type { ProcessInfo } from '../../../../src/ports/processes.ts';

describe('facts about processes', () => {
  it('from /proc, whatever the command is called', () => {
    const rest = '17 4242 171 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2';
    expect(parseStat(`4711 (odd ) S (name) S ${rest}`)).toEqual({
      command: 'odd ) S (name',
      parent: 17,
      group: 4242,
      session: 171,
      ticks: '987654',
      ended: false,
    });
    expect(parseStat(`4711 (sh) Z ${rest}`)).toMatchObject({ ended: true });
    expect(() => parseStat('nonsense')).toThrow('odd stat line');
  });

  it('from ps, on macOS as on Linux', () => {
    const text = [
      '  101     1   101 Ss   Thu Nov  6 09:08:07 2025     /sbin/launchd -s',
      '  202   101   202 S+   Thu Nov 16 19:08:07 2025     node /x/gt daemon run',
      '  303   202   202 Z    Thu Nov 16 19:08:09 2025     (sh)',
      '',
    ].join('\n');
    const [first, second, third] = parsePs(text);
    expect(first?.info).toMatchObject({
      pid: 101,
      parent: 1,
      name: 'launchd',
      start: 'Thu Nov 6 09:08:07 2025',
    });
    expect(second?.info).toMatchObject({
      group: 202,
      name: 'node',
      argv: ['node', '/x/gt', 'daemon', 'run'],
    });
    expect([first?.ended, second?.ended, third?.ended]).toEqual([false, false, true]);
  });

  it('about listeners: only of that port, only where the loopback reaches them', () => {
    const row = (local: string, state: string, inode: number): string =>
      `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1`;
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      row('0100007F:0CEB', '0A', 11),
      row('0100007F:0CEB', '01', 12),
      row('0100007F:0CEC', '0A', 13),
      row('00000000:0CEB', '0A', 14),
      row('0A01A8C0:0CEB', '0A', 15),
    ].join('\n');
    expect(parseListeners(table, 3307)).toEqual(['11', '14']);
  });
});

describe('the family of a process', () => {
  const info = (pid: number, parent: number, group = pid, start = `${pid}`): ProcessInfo => ({
    pid,
    parent,
    group,
    session: 0,
    start,
    name: 'x',
    argv: [],
  });
  const pids = (all: readonly ProcessInfo[], known: readonly ProcessInfo[] = []): readonly number[] =>
    familyOf({ pid: 10, start: '10' }, known, all).map((member) => member.pid);

  it('is its descendants, members of its group and of theirs, and nobody else', () => {
    const all = [
      info(1, 0),
      info(9, 1),
      info(10, 9),
      info(11, 10),
      info(12, 11, 12),
      info(13, 1, 12),
      info(14, 1, 10),
      info(20, 9),
    ];
    expect(pids(all)).toEqual([10, 11, 12, 13, 14]);
  });

  it('is found through its group when the process itself has ended', () => {
    expect(pids([info(11, 1, 10), info(20, 1)])).toEqual([11]);
  });

  it('holds what was put into the background in its session, also when whoever did that has ended', () => {
    const all = [info(10, 1), { ...info(12, 1), session: 10 }, info(13, 12), { ...info(14, 1), session: 9 }];
    expect(pids(all)).toEqual([10, 12, 13]);
    expect(pids(all.slice(1))).toEqual([12, 13]);
  });

  it('is not that of a stranger who got its number', () => {
    expect(pids([info(10, 1, 10, 'later'), info(11, 10)])).toEqual([]);
  });

  it('is not entered through a number seen earlier that belongs to a stranger now', () => {
    const all = [info(10, 1), info(11, 1, 11, 'later'), info(12, 11)];
    expect(pids(all, [info(11, 10)])).toEqual([10]);
  });

  it('keeps orphans of members seen earlier', () => {
    expect(pids([info(10, 1), info(12, 1, 11)], [info(11, 10)])).toEqual([10, 12]);
  });
});

it('the tail of a stream is its last bytes, however it came', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme-ascii' })),
      fc.integer({ min: 1, max: 20 }),
      (chunks, limit) => {
        const tail = createTail(limit);
        for (const chunk of chunks) tail.add(Buffer.from(chunk));
        const whole = chunks.join('');
        expect(tail.text()).toBe(whole.slice(-limit));
        expect(tail.truncated()).toBe(whole.length > limit);
      },
    ),
  );
});
