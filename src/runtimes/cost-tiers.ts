import { UsageError } from '../core/errors.ts';
import { nearestHint } from '../core/nearest.ts';
import type { Role } from '../core/address.ts';
import type { Effort } from '../core/effort.ts';

/** What a tier gives to a role. */
export interface TierChoice {
  /** Undefined = the default agent. */
  readonly agent: string | undefined;
  readonly effort: Effort;
}

const choice = (agent: string | undefined, effort: Effort = 'high'): TierChoice => ({ agent, effort });
const SONNET = 'claude-sonnet';
const HAIKU = 'claude-haiku';
const GROQ = 'groq-compound';

/** Roles that a tier chooses for; it leaves all others as they are. */
export const TIER_ROLES = [
  'mayor',
  'deacon',
  'witness',
  'refinery',
  'polecat',
  'crew',
  'boot',
  'dog',
] as const satisfies readonly Role[];
type TierRole = (typeof TIER_ROLES)[number];
type Tier = Readonly<Record<TierRole, TierChoice>>;

const STANDARD: Tier = {
  mayor: choice(undefined),
  deacon: choice(undefined),
  witness: choice(undefined),
  refinery: choice(undefined),
  polecat: choice(undefined),
  crew: choice(undefined),
  boot: choice(HAIKU),
  dog: choice(HAIKU),
};
const ALL_GROQ: Tier = {
  mayor: choice(GROQ),
  deacon: choice(GROQ),
  witness: choice(GROQ),
  refinery: choice(GROQ),
  polecat: choice(GROQ),
  crew: choice(GROQ),
  boot: choice(GROQ),
  dog: choice(GROQ),
};

/** Who works with which model and how hard, from dear to cheap (spec 08 §2.1). */
export const COST_TIERS = {
  standard: STANDARD,
  economy: {
    ...STANDARD,
    mayor: choice(SONNET, 'medium'),
    deacon: choice(HAIKU, 'low'),
    witness: choice(SONNET, 'low'),
    refinery: choice(SONNET, 'medium'),
    boot: choice(HAIKU, 'low'),
    dog: choice(HAIKU, 'low'),
  },
  budget: {
    mayor: choice(SONNET, 'low'),
    deacon: choice(HAIKU, 'low'),
    witness: choice(HAIKU, 'low'),
    refinery: choice(HAIKU, 'low'),
    polecat: choice(SONNET, 'medium'),
    crew: choice(SONNET, 'medium'),
    boot: choice(HAIKU, 'low'),
    dog: choice(HAIKU, 'low'),
  },
  'custom-groq-opus': { ...ALL_GROQ, mayor: choice(undefined), crew: choice(undefined) },
  'custom-groq-sonnet': { ...ALL_GROQ, mayor: choice(SONNET) },
} as const satisfies Readonly<Record<string, Tier>>;
export type CostTier = keyof typeof COST_TIERS;

/** UsageError `config.bad-value` with the nearest name. */
export function parseCostTier(text: string): CostTier {
  if (Object.hasOwn(COST_TIERS, text)) return text as CostTier;
  const names = Object.keys(COST_TIERS);
  throw new UsageError({
    code: 'config.bad-value',
    message: `'${text.slice(0, 60)}' is no cost tier: ${names.join(', ')}`,
    hint: nearestHint(text, names, 'Run: gt config cost-tier <tier>'),
  });
}

/** What a tier says of a role; undefined for roles that it does not choose for. */
export function tierChoice(tier: CostTier, role: Role): TierChoice | undefined {
  return TIER_ROLES.some((each) => each === role) ? COST_TIERS[tier][role as TierRole] : undefined;
}
