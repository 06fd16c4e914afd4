import type { Role } from '../../core/address.ts';
import { ROLE_COLOURS, THEMES, darkened, themeByName } from './palette.ts';
import type { Colours } from './palette.ts';

/** What one file says about colours. */
export interface ThemeSettings {
  readonly disabled: boolean;
  readonly name: string | undefined;
  readonly custom: Colours | undefined;
  /** Theme per crew member; the town's also as `rig/name`. */
  readonly crew: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, string>>;
  readonly tint: TintSettings | undefined;
}

export interface TintSettings {
  /** A theme whose background is taken; default: the bar's own. */
  readonly name: string | undefined;
  readonly custom: string | undefined;
  readonly roles: Readonly<Record<string, string>>;
  /** From 0, no darker, to 1, black. */
  readonly factor: number;
}

export interface ThemeFacts {
  /** Undefined for agents of the town. */
  readonly rig: ThemeSettings | undefined;
  readonly town: ThemeSettings;
}

export interface Theme {
  /** `none`, `custom` or the name of a theme. */
  readonly name: string;
  /** Undefined = tmux's own. */
  readonly colours: Colours | undefined;
  readonly tint: string | undefined;
  /** Who decided, for people. */
  readonly source: string;
}

/** Whose colours are asked for; of a rig's workers in general without a name. */
export interface ThemeQuery {
  readonly role: Role;
  readonly rig?: string;
  readonly name?: string;
}

type Choice = Omit<Theme, 'tint'>;

/** The colours of an agent: the first that says anything, rig before town before what is built in. Pure. */
export function resolveTheme(agent: ThemeQuery, facts: ThemeFacts): Theme {
  const choice = firstChoice(agent, facts);
  const tint = facts.rig?.tint ?? facts.town.tint;
  const base = tint === undefined ? undefined : tintBase(agent.role, tint, choice);
  return {
    ...choice,
    tint: tint === undefined || base === undefined ? undefined : darkened(base, tint.factor),
  };
}

function firstChoice(agent: ThemeQuery, { rig, town }: ThemeFacts): Choice {
  const { role, name = '' } = agent;
  const crewIn = (settings: ThemeSettings | undefined): string | undefined =>
    role === 'crew' ? (settings?.crew[`${agent.rig}/${name}`] ?? settings?.crew[name]) : undefined;
  return (
    named(crewIn(rig), "the rig's crew_themes") ??
    named(rig?.roles[role], "the rig's role_themes") ??
    own(rig, "the rig's theme") ??
    named(crewIn(town), "the town's crew_themes") ??
    named(town.roles[role], "the town's role_defaults") ??
    own(town, "the town's theme") ??
    builtIn(agent)
  );
}

/** A name that no theme has decides nothing. */
function named(name: string | undefined, source: string): Choice | undefined {
  if (name === 'none') return { name, colours: undefined, source };
  const colours = name === undefined ? undefined : THEMES[name];
  return name === undefined || colours === undefined ? undefined : { name, colours, source };
}

function own(settings: ThemeSettings | undefined, source: string): Choice | undefined {
  if (settings === undefined) return undefined;
  if (settings.disabled) return named('none', source);
  if (settings.custom !== undefined) return { name: 'custom', colours: settings.custom, source };
  return named(settings.name, source);
}

function builtIn(agent: ThemeQuery): Choice {
  const source = 'built in';
  switch (agent.role) {
    case 'overseer':
    case 'mayor':
      return { name: 'mayor', colours: ROLE_COLOURS.mayor, source };
    case 'deacon':
      return { name: 'deacon', colours: ROLE_COLOURS.deacon, source };
    case 'boot':
    case 'dog':
      return { name: 'dog', colours: ROLE_COLOURS.dog, source };
    case 'witness':
      return { name: 'rust', colours: THEMES['rust'], source };
    case 'refinery':
      return { name: 'plum', colours: THEMES['plum'], source };
    case 'polecat':
    case 'crew': {
      const name = themeByName(agent.rig ?? '');
      return { name, colours: THEMES[name], source: "the rig's name" };
    }
  }
}

function tintBase(role: Role, tint: TintSettings, choice: Choice): string | undefined {
  const name = tint.roles[role] ?? tint.name;
  return (name === undefined ? undefined : THEMES[name]?.bg) ?? tint.custom ?? choice.colours?.bg;
}
