import { dirname, join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { BugError } from '../core/errors.ts';

/** Values for `{{name}}` places of a template. */
export type TemplateValues = Readonly<Record<string, string>>;

/**
 * A text that ships with gt, from `templates/`, filled in. Values are put in once: what they contain is never read
 * as a place of its own.
 */
export async function renderTemplate(
  ctx: TownContext,
  name: string,
  values: TemplateValues,
): Promise<string> {
  const text = await ctx.ports.files.readText(join(templatesDir(ctx), name));
  if (text === undefined) {
    throw new BugError({
      code: 'bug.no-template',
      message: `template ${name} is missing from ${templatesDir(ctx)}`,
    });
  }
  return fillTemplate(text, values).trimEnd();
}

export async function hasTemplate(ctx: TownContext, name: string): Promise<boolean> {
  return (await ctx.ports.files.stat(join(templatesDir(ctx), name))) !== undefined;
}

function fillTemplate(text: string, values: TemplateValues): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (place, key: string) => values[key] ?? place);
}

/** Beside the folder of the program: `src/main.ts` and `dist/main.*` both lie one below the root. */
function templatesDir(ctx: TownContext): string {
  return join(dirname(dirname(ctx.gtArgv.at(-1) ?? '')), 'templates');
}
