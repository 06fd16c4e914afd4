import { z } from 'zod';

/** What the scripted model does in a conversation that holds `marker`. */
export interface StandinPlan {
  /** Text that must appear in the conversation, e.g. a bead id. */
  readonly marker: string;
  /** One tool call after another, then a closing sentence. */
  readonly commands: readonly Call[];
  /** By a part of the newest text of the user: a sentence to say, or commands to run because of it. */
  readonly answers?: Readonly<Record<string, string | readonly Call[]>>;
}

/** A command for the shell tool, or any tool by its name. */
export type Call = string | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

export type Step =
  | {
      readonly kind: 'run';
      readonly tool: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly id: string;
    }
  | { readonly kind: 'say'; readonly text: string };

/** What reached the model from outside, in order: texts of the user, and results of tools (undefined). */
export type Heard = readonly (string | undefined)[];

/** A request of either wire, as far as the script looks at it. */
export interface Asked {
  /** Name of the shell tool that was offered. */
  readonly shell: string | undefined;
  /** Everything that was said, as one text. */
  readonly conversation: string;
  readonly heard: Heard;
}

export function nextStep({ shell, conversation, heard }: Asked, plans: readonly StandinPlan[]): Step {
  const plan = plans.find(({ marker }) => conversation.includes(marker));
  const newest = heard.findLastIndex((text) => text !== undefined);
  const answers = Object.entries(plan?.answers ?? {});
  const answer = answers.find(([part]) => heard[newest]?.includes(part) === true)?.[1];
  if (typeof answer === 'string') return { kind: 'say', text: answer };
  if (shell === undefined || plan === undefined) return { kind: 'say', text: 'Nothing to do.' };
  const done = (answer === undefined ? heard : heard.slice(newest)).filter(
    (text) => text === undefined,
  ).length;
  const call = (answer ?? plan.commands)[done];
  if (call === undefined) return { kind: 'say', text: 'Done.' };
  const { tool, input } =
    typeof call === 'string' ? { tool: shell, input: { command: call, description: 'scripted step' } } : call;
  return { kind: 'run', tool, input, id: `toolu_${plan.marker.replaceAll(/\W/g, '')}_${heard.length}` };
}

const SHELL = /bash|shell/i;

export function shellOf(names: readonly (string | undefined)[]): string | undefined {
  return names.find((name) => name !== undefined && SHELL.test(name));
}

const block = z.looseObject({ type: z.string(), text: z.string().optional() });
export const contentSchema = z.union([z.string(), z.null(), z.array(block)]);

/** What one message of the user brings: results first, then the text beside them. */
export function heardIn(content: z.infer<typeof contentSchema>): Heard {
  if (typeof content === 'string') return [content];
  const blocks = content ?? [];
  const results = blocks.filter(({ type }) => type === 'tool_result').map(() => undefined);
  const text = blocks.flatMap(({ text }) => text ?? []).join('\n');
  return [...results, ...(text === '' ? [] : [text])];
}
