import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GLOSSARY_FILE, renderGlossaryPage } from '../../../scripts/glossary-page.ts';
import { gt } from '../../../src/cli/registry.ts';
import { runOn } from '../cli/support.ts';

/** Words that mean something else, or nothing, to a reader who does not know gt. */
const GT_WORDS = [
  'town|rig|bead|ledger|wisp|agent|runtime|session|polecat|crew|mayor|overseer|witness|deacon|dog|boot|hook',
  'sling|slot|prime|done|refinery|mq|gate|lane|convoy|molecule|formula|swarm|patrol|daemon|nudge|seance',
  'handoff|rescue ref|evicted|wasteland|warrant|checkpoint|plugin',
].join('|');
/** A whole word of a sentence: no flag (`--agent`), no value to choose (`spawn|handoff`, `mol-patrol`). */
const USED = new RegExp(`(?<![\\w|-])(${GT_WORDS})(?:s|ed)?(?![\\w|-])`, 'gi');

async function helpPages(): Promise<readonly string[]> {
  const shown = gt.commands.filter(({ hidden }) => hidden !== true);
  const asked = [['--help'], ...shown.map(({ path }) => [...path.split(' '), '--help'])];
  return Promise.all(asked.map(async (words) => (await runOn(gt, words)).stdout));
}

function wordsOfThePage(): readonly string[] {
  const page = readFileSync(GLOSSARY_FILE, 'utf8');
  // Some lines explain two words.
  return [...page.matchAll(/^\| (\S[^|]*?) +\| /gm)].flatMap(([, words = '']) => words.split(', '));
}

describe('P35: docs/glossary.md', () => {
  test('explains every word of gt that a help page uses', async () => {
    const explained = new Set(wordsOfThePage());
    const pages = await helpPages();
    const used = pages.flatMap((page) =>
      [...page.matchAll(USED)].map(([, word]) => word?.toLowerCase() ?? ''),
    );
    expect(used).toEqual(expect.arrayContaining(['polecat', 'rig', 'bead']));
    expect([...new Set(used)].filter((word) => !explained.has(word))).toEqual([]);
  });

  test('says what gt help words says (after a change there: npm run docs)', () => {
    expect(readFileSync(GLOSSARY_FILE, 'utf8')).toBe(renderGlossaryPage());
  });
});
