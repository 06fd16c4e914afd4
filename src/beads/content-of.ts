import type { Bead, NewBead } from './types.ts';

/** What a bead says, for another one that is made after it: texts, type, priority and estimate. */
export function contentOf(bead: Bead): NewBead {
  const { title, description, design, acceptanceCriteria, notes, type, priority, estimatedMinutes } = bead;
  return {
    title,
    description,
    design,
    acceptanceCriteria,
    notes,
    type,
    priority,
    ...(estimatedMinutes === undefined ? {} : { estimatedMinutes }),
  };
}
