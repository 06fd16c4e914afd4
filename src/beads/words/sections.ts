import type { Bead } from '../types.ts';

const CRITERIA = ['## Acceptance Criteria'];

/** Sections that the text of a bead should have, by type. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  bug: ['## Steps to Reproduce', ...CRITERIA],
  task: CRITERIA,
  feature: CRITERIA,
  story: CRITERIA,
  epic: ['## Success Criteria'],
  decision: ['## Decision', '## Rationale', '## Alternatives Considered'],
  spike: ['## Goal', '## Findings'],
};

/** Those that neither description nor acceptance criteria mention; criteria in their own field are enough. */
export function missingSections(
  bead: Pick<Bead, 'type' | 'description' | 'acceptanceCriteria'>,
): readonly string[] {
  const text = `${bead.description}\n${bead.acceptanceCriteria}`.toLowerCase();
  return (SECTIONS[bead.type] ?? []).filter(
    (heading) =>
      !text.includes(heading.slice(3).toLowerCase()) &&
      !(bead.acceptanceCriteria !== '' && /(?:Acceptance|Success) Criteria$/.test(heading)),
  );
}
