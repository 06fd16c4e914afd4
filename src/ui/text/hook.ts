import { counted } from '../../core/text.ts';
import type { Paint } from './paint.ts';

export interface HookView {
  readonly target: string;
  readonly role: string;
  readonly agent_bead_id: string;
  readonly has_work: boolean;
  readonly pinned_bead?: {
    readonly id: string;
    readonly title: string;
    readonly status: string;
    readonly priority: number;
    readonly assignee: string;
  };
  readonly is_wisp: boolean;
  readonly attached_formula?: string;
  readonly progress?: {
    readonly root_id: string;
    readonly total_steps: number;
    readonly done_steps: number;
    readonly ready_steps: readonly string[];
    readonly percent_complete: number;
  };
  readonly submitted?: readonly { readonly id: string; readonly mr: string; readonly phase: string }[];
  readonly next_action: string;
}

export function renderHook(view: HookView, paint: Paint): string {
  const { pinned_bead: bead, submitted = [], attached_formula: formula, progress } = view;
  return [
    `Hook of ${paint.bold(view.target)}`,
    bead === undefined ? '  (empty)' : `  ${bead.id} P${bead.priority} ${bead.title} [${bead.status}]`,
    ...(progress === undefined ? [] : [`  ${progressLine(progress)}`]),
    ...(formula === undefined || progress !== undefined
      ? []
      : [`  follows formula ${formula}: gt prime prints its steps`]),
    ...submitted.map(({ id, mr, phase }) => `  ${paint.dim(`${id} is handed in as ${mr} (${phase})`)}`),
    `  ${view.next_action}`,
  ].join('\n');
}

function progressLine(progress: NonNullable<HookView['progress']>): string {
  const { root_id, done_steps, total_steps, percent_complete, ready_steps } = progress;
  const next = ready_steps.length === 0 ? '' : `, next: ${ready_steps.join(', ')}`;
  return `${root_id}: ${done_steps} of ${counted(total_steps, 'step')} (${percent_complete} %)${next}`;
}
