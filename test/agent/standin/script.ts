import { z } from 'zod';

/** What the scripted model does in a conversation that holds `marker`. */
export interface StandinPlan {
  /** Text that must appear in the conversation, e.g. a bead id. */
  readonly marker: string;
  /** One shell tool call after another, then a closing sentence. */
  readonly commands: readonly string[];
  /** Answers to texts of the user that hold a key; the newest text counts. */
  readonly answers?: Readonly<Record<string, string>>;
}

export type Step =
  | { readonly kind: 'run'; readonly tool: string; readonly command: string; readonly id: string }
  | { readonly kind: 'say'; readonly text: string };

/** A request of either wire, as far as the script looks at it. */
export interface Asked {
  /** Name of the shell tool that was offered. */
  readonly shell: string | undefined;
  /** Everything that was said, as one text. */
  readonly conversation: string;
  readonly newestText: string;
  /** Tool results in the conversation. */
  readonly results: number;
}

export function nextStep(asked: Asked, plans: readonly StandinPlan[]): Step {
  const plan = plans.find(({ marker }) => asked.conversation.includes(marker));
  if (asked.shell === undefined || plan === undefined) return { kind: 'say', text: 'Nothing to do.' };
  const answer = Object.entries(plan.answers ?? {}).find(([question]) => asked.newestText.includes(question));
  if (answer !== undefined) return { kind: 'say', text: answer[1] };
  const command = plan.commands[asked.results];
  if (command === undefined) return { kind: 'say', text: 'Done.' };
  return {
    kind: 'run',
    tool: asked.shell,
    command,
    id: `toolu_${plan.marker.replaceAll(/\W/g, '')}_${asked.results}`,
  };
}

const SHELL = /bash|shell/i;

export function shellOf(names: readonly (string | undefined)[]): string | undefined {
  return names.find((name) => name !== undefined && SHELL.test(name));
}

export const contentSchema = z.union([
  z.string(),
  z.null(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

export function textOf(content: z.infer<typeof contentSchema>): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap(({ text }) => text ?? []).join('\n');
}
