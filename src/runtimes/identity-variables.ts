const IDENTITY =
  /^(?:GT_(?:ROLE|RIG|POLECAT|CREW|DOG_NAME|SESSION|SPAWN|AGENT|ROOT|TOWN_ROOT)|BD_ACTOR|BEADS_(?:ACTOR|AGENT_NAME|DIR|DB)|GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL))$/;

/** Who an agent is may come from its address alone: no settings file sets one of these. */
export function isIdentityVariable(name: string): boolean {
  return IDENTITY.test(name);
}
