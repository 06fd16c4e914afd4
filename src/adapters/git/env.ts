/** Variables of git that are the user's way to reach remotes, or their settings; any other GIT_* is dropped. */
const KEPT =
  /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|CONFIG_COUNT|CONFIG_KEY_\d+|CONFIG_VALUE_\d+|SSL_\w+|PROXY_\w+|HTTP_\w+|ALLOW_PROTOCOL|EXEC_PATH|TEMPLATE_DIR)$/;

const FIXED: Readonly<Record<string, string>> = {
  // Never wait for somebody at a terminal who is not there.
  GIT_TERMINAL_PROMPT: '0',
  GIT_EDITOR: 'true',
  GIT_SEQUENCE_EDITOR: 'true',
  GIT_MERGE_AUTOEDIT: 'no',
  GIT_PAGER: 'cat',
  // Looking must not write the index of a worktree somebody works in.
  GIT_OPTIONAL_LOCKS: '0',
  // Object ids mean what they say.
  GIT_NO_REPLACE_OBJECTS: '1',
  // What gt does, it does for whom it has decided to: hooks must not take it for a polecat's own command.
  GT_ROLE: '',
  // Messages that we read stay in English.
  LC_ALL: 'C',
  LANGUAGE: '',
};

/**
 * The environment of every git child. GIT_DIR, GIT_INDEX_FILE, GIT_WORK_TREE and their like (set when gt runs inside
 * a hook) would silently send a command to another repository, so nothing of git's that is not listed gets through.
 */
export function gitEnv(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name));
  return { ...Object.fromEntries(kept), ...FIXED };
}
