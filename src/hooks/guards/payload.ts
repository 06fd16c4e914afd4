import * as z from 'zod/mini';

/** What an agent is about to do, as far as guards read it. */
export type ToolUse =
  | { readonly kind: 'command'; readonly command: string; readonly cwd: string | undefined }
  /** A tool that writes files. */
  | { readonly kind: 'edit'; readonly path: string }
  | { readonly kind: 'other' };

const text = z.optional(z.string());
const inputSchema = z.object({
  command: text,
  file_path: text,
  notebook_path: text,
  filePath: text,
  path: text,
});
/** The hook before a tool as Claude Code and its like send it; cursor gives the command without a tool. */
const payloadSchema = z.object({
  tool_name: text,
  cwd: text,
  command: text,
  tool_input: z.optional(inputSchema),
});

/** Tools that write the file they name, in the words of the runtimes. */
const WRITERS =
  /^(?:edit|write|multiedit|multi_edit|notebookedit|notebook_edit|write_file|replace|create|str_replace_editor)$/i;

/** Anything that is no such JSON is `other`. */
export function parseToolUse(input: string): ToolUse {
  const parsed = payloadSchema.safeParse(parseJson(input));
  if (!parsed.success) return { kind: 'other' };
  const { cwd, tool_name: name = '', tool_input: given } = parsed.data;
  const command = given?.command ?? parsed.data.command;
  if (command !== undefined) return { kind: 'command', command, cwd };
  const path = given?.file_path ?? given?.notebook_path ?? given?.filePath ?? given?.path;
  return path !== undefined && WRITERS.test(name) ? { kind: 'edit', path } : { kind: 'other' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
