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
  readonly submitted?: readonly { readonly id: string; readonly mr: string; readonly phase: string }[];
  readonly next_action: string;
}

export function renderHook(view: HookView, paint: Paint): string {
  const { pinned_bead: bead, submitted = [] } = view;
  return [
    `Hook of ${paint.bold(view.target)}`,
    bead === undefined ? '  (empty)' : `  ${bead.id} P${bead.priority} ${bead.title} [${bead.status}]`,
    ...submitted.map(({ id, mr, phase }) => `  ${paint.dim(`${id} is handed in as ${mr} (${phase})`)}`),
    `  ${view.next_action}`,
  ].join('\n');
}
