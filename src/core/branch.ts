/* What git-check-ref-format(1) forbids in a branch, and a leading '-' that a program could read as an option. */
const FORBIDDEN =
  /[\u0000-\u0020\u007F~^:?*[\\]|\.\.|@\{|\/\/|^[-/.@]$|^[-/]|\/$|\.$|\.lock(?:\/|$)|(?:^|\/)\./;

/** True when `text` can be a branch name of git; rows and remotes are data, so check before building a ref of it. */
export function isBranchName(text: string): boolean {
  return text !== '' && text.length <= 200 && !FORBIDDEN.test(text);
}
