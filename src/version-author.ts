/** Who makes version commits, `name <email>`: git's author variables, else the ledger itself. */
export function versionAuthor(env: Readonly<Record<string, string>>): string {
  const clean = (text: string): string => text.replaceAll(/[<>\n]/g, '').trim();
  const name = clean(env['GIT_AUTHOR_NAME'] ?? '') || 'beads';
  return `${name} <${clean(env['GIT_AUTHOR_EMAIL'] ?? '') || 'beads@local'}>`;
}
