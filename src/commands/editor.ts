import type { AppContext } from '../context.ts';

/** What the person writes with; it may be named with flags (`code -w`). */
export function editorOf({ env }: Pick<AppContext, 'env'>): string {
  return env['VISUAL'] ?? env['EDITOR'] ?? 'vi';
}

/** Opens a file in it on our terminal and waits. @returns why it failed, undefined when it ended well */
export async function openEditor(app: AppContext, path: string): Promise<string | undefined> {
  const editor = editorOf(app);
  const [program = 'vi', ...flags] = editor.split(/\s+/).filter((word) => word !== '');
  const result = await app.machine.processes.run({
    argv: [program, ...flags, path],
    env: app.env,
    terminal: true,
  });
  if (result.end === 'exit' && result.code === 0) return undefined;
  return `${editor}: ${result.end === 'not-started' ? result.why : `it ended with ${result.end}`}`;
}
