import { expect } from 'vitest';
import type { TestHome } from './town.ts';

interface Row {
  readonly id: string;
  readonly agent: string;
  readonly runtime: string;
  readonly running: boolean;
  readonly ended_because: string;
}

interface Shown {
  readonly transcript: readonly string[];
  readonly summary: { readonly first: string; readonly commands: readonly string[] };
  readonly screen: string;
}

interface Expected {
  readonly bead: string;
  readonly runtime: string;
  /** A part of a command that the agent ran. */
  readonly command: string;
  readonly seconds: number;
}

/** What `gt seance` tells of the ended session of a bead, read and searched with the real runtime's own files. */
export async function recallSession(
  home: TestHome,
  expected: Expected,
): Promise<Row & Pick<Shown, 'transcript'>> {
  const { bead, runtime, command, seconds } = expected;
  const past = await home.until(
    `the session of ${bead} ends`,
    async () => {
      const [row] = (await home.gtJson('seance', '--bead', bead)) as Row[];
      return row?.running === false ? row : undefined;
    },
    seconds,
  );
  expect(past).toMatchObject({ agent: 'proj/polecats/furiosa', runtime, ended_because: `handed in ${bead}` });
  const { transcript, summary, screen } = (await home.gtJson(
    'seance',
    'show',
    past.id.slice(0, 12),
  )) as Shown;
  expect(summary.first).toContain(bead);
  expect(summary.commands.join('\n')).toContain(command);
  expect(screen.trim()).not.toBe('');
  const { hits } = (await home.gtJson('seance', '--grep', command)) as {
    hits: { id: string; speaker: string }[];
  };
  expect(hits).toContainEqual(expect.objectContaining({ id: past.id, speaker: 'command' }));
  return { ...past, transcript };
}
