import { readAttachment, withoutAttachment } from '../beads/forms/attachment.ts';
import { slingTermsOf } from '../beads/forms/sling-terms.ts';
import type { Bead } from '../beads/types.ts';
import { inert, quoted } from './inert.ts';

const DESCRIPTION_LINES = 40;

/**
 * The work order of one bead as an agent reads it. Bead text is quoted and inert: it describes the work, it cannot
 * pose as instructions of gt (P26).
 */
export function renderWorkOrder(bead: Bead): string {
  const { vars } = slingTermsOf(bead);
  const note = readAttachment(bead)?.attachedArgs;
  const description = withoutAttachment(bead.description).trim();
  const lines = [
    `${bead.id} (P${bead.priority}, ${bead.type}): ${inert(bead.title, 300)}`,
    ...(description === '' ? [] : ['', ...quoted(description, DESCRIPTION_LINES)]),
    ...section('Accepted when:', bead.acceptanceCriteria),
    ...section('Design:', bead.design),
    ...(note === undefined ? [] : ['', 'Note from the sender:', ...quoted(note, 10)]),
    ...priorLines(vars),
    '',
    `All of it, with comments: bd show ${bead.id}`,
  ];
  return lines.join('\n');
}

function section(title: string, text: string): readonly string[] {
  return text.trim() === '' ? [] : ['', title, ...quoted(text.trim(), 20)];
}

function priorLines(vars: Readonly<Record<string, string>>): readonly string[] {
  const { prior_failure: failure, prior_branch: branch } = vars;
  if (failure === undefined && branch === undefined) return [];
  return [
    '',
    'This was tried before.',
    ...(failure === undefined ? [] : [`It was sent back: ${inert(failure, 400)}`]),
    ...(branch === undefined
      ? []
      : [`Its commits are on your branch already (${inert(branch)}): go on from there.`]),
  ];
}
