import { join } from 'node:path';
import { BugError } from '../core/errors.ts';
import type { Files } from '../ports/files.ts';
import { ownFolder } from './own-folder.ts';

/** A town's files and the program that runs: what ships with it lies beside it. */
interface TemplateSource {
  readonly ports: { readonly files: Pick<Files, 'readText'> };
  readonly gtArgv: readonly [string, ...string[]];
}

/** Values for `{{name}}` places of a template. */
export type TemplateValues = Readonly<Record<string, string>>;

/**
 * A text that ships with gt, from `templates/`, filled in. Values are put in once: what they contain is never read
 * as a place of its own.
 */
export async function renderTemplate(
  ctx: TemplateSource,
  name: string,
  values: TemplateValues,
): Promise<string> {
  return fillTemplate(await readTemplate(ctx, name), values).trimEnd();
}

/** The text as it ships. */
export async function readTemplate(ctx: TemplateSource, name: string): Promise<string> {
  const folder = join(ownFolder(ctx.gtArgv), 'templates');
  const text = await ctx.ports.files.readText(join(folder, name));
  if (text === undefined) {
    throw new BugError({
      code: 'bug.no-template',
      message: `template ${name} is missing from ${folder}`,
    });
  }
  return text;
}

function fillTemplate(text: string, values: TemplateValues): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (place, key: string) => values[key] ?? place);
}
