/**
 * A workflow template as its file says it (`<name>.formula.toml`), keys as in the file. Texts may hold
 * `{{name}}` for variables; in loops and expansions also `{name}` and `{target}`.
 */
export interface Formula {
  readonly formula: string;
  readonly description: string;
  readonly version: number;
  readonly type: FormulaType;
  /** Parents, merged in this order; what this file says wins. */
  readonly extends: readonly string[];
  /** Steps become rows also when it runs as a wisp. */
  readonly pour?: boolean | undefined;
  readonly phase?: 'liquid' | 'vapor' | undefined;
  readonly agent?: string | undefined;
  readonly review_only?: boolean | undefined;
  readonly vars: Readonly<Record<string, VarDef>>;
  readonly steps: readonly Step[];
  /** Steps of an expansion. */
  readonly template: readonly Step[];
  readonly compose?: Compose | undefined;
  readonly advice: readonly Advice[];
  readonly pointcuts: readonly Pointcut[];
  readonly squash?: SquashRule | undefined;
  readonly convoy?: ConvoyPart | undefined;
  /** Path of the file. */
  readonly source: string;
}

export const FORMULA_TYPES = ['workflow', 'convoy', 'expansion', 'aspect'] as const;
export type FormulaType = (typeof FORMULA_TYPES)[number];

export interface VarDef {
  readonly description?: string | undefined;
  readonly default?: string | undefined;
  readonly required?: boolean | undefined;
  readonly enum?: readonly string[] | undefined;
  /** Regular expression, somewhere in the value. */
  readonly pattern?: string | undefined;
  readonly type?: 'string' | 'int' | 'bool' | undefined;
}

export interface Step {
  readonly id: string;
  /** '' only while `expand` is to replace the step. */
  readonly title: string;
  readonly description?: string | undefined;
  readonly notes?: string | undefined;
  readonly acceptance?: string | undefined;
  readonly type?: string | undefined;
  readonly priority?: number | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly assignee?: string | undefined;
  /** Ids of steps that come first (`depends_on` is the same). */
  readonly needs: readonly string[];
  /** `all-children`, `any-children` or `children-of(<step>)`. */
  readonly waits_for?: string | undefined;
  readonly condition?: string | undefined;
  readonly expand?: string | undefined;
  readonly expand_vars?: Readonly<Record<string, string>> | undefined;
  readonly gate?: Gate | undefined;
  readonly loop?: Loop | undefined;
  readonly on_complete?: OnComplete | undefined;
  readonly parallel?: boolean | undefined;
  readonly interactive?: boolean | undefined;
  readonly children: readonly Step[];
}

export interface Gate {
  readonly type: string;
  /** What is waited for. */
  readonly await_id?: string | undefined;
  /** A duration such as `1h`. */
  readonly timeout?: string | undefined;
}

/** Exactly one of `count`, `range` and `until` is set. */
export interface Loop {
  readonly count?: number | undefined;
  /** `1..2^{n}` */
  readonly range?: string | undefined;
  readonly var?: string | undefined;
  /** Ends the loop early; `max` says how many rounds there are at most. */
  readonly until?: string | undefined;
  readonly max?: number | undefined;
  readonly body: readonly Step[];
}

export interface OnComplete {
  /** `output.<path>`: a list in the finished step's metadata. */
  readonly for_each: string;
  readonly bond: string;
  readonly vars?: Readonly<Record<string, string>> | undefined;
  readonly parallel?: boolean | undefined;
  readonly sequential?: boolean | undefined;
}

export interface Compose {
  readonly expand?: readonly ExpandRule[] | undefined;
  readonly map?: readonly MapRule[] | undefined;
  readonly branch?: readonly Branch[] | undefined;
  readonly gate?: readonly GateRule[] | undefined;
  readonly aspects?: readonly string[] | undefined;
  readonly bond_points?: readonly BondPoint[] | undefined;
  readonly hooks?: readonly Hook[] | undefined;
}

export interface ExpandRule {
  readonly target: string;
  readonly with: string;
  readonly vars?: Readonly<Record<string, string>> | undefined;
}

export interface MapRule {
  /** Glob of step ids. */
  readonly select: string;
  readonly with: string;
  readonly vars?: Readonly<Record<string, string>> | undefined;
}

export interface Branch {
  readonly from: string;
  readonly steps: readonly string[];
  readonly join: string;
}

export interface GateRule {
  readonly before: string;
  readonly condition: string;
}

export interface BondPoint {
  readonly id: string;
  readonly description?: string | undefined;
  readonly after_step?: string | undefined;
  readonly before_step?: string | undefined;
  readonly parallel?: boolean | undefined;
}

export interface Hook {
  readonly trigger: string;
  readonly attach: string;
  readonly at?: string | undefined;
  readonly vars?: Readonly<Record<string, string>> | undefined;
}

export interface Pointcut {
  readonly glob?: string | undefined;
  readonly type?: string | undefined;
  readonly label?: string | undefined;
}

export interface AdviceStep {
  /** May hold `{step.id}`. */
  readonly id: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly type?: string | undefined;
}

export interface Advice {
  /** Glob of step ids; absent = the pointcuts alone decide. */
  readonly target?: string | undefined;
  readonly before: readonly AdviceStep[];
  readonly after: readonly AdviceStep[];
}

export interface SquashRule {
  readonly trigger?: string | undefined;
  readonly template_type?: string | undefined;
  readonly include_metrics?: boolean | undefined;
}

/** What only a convoy formula has: several agents work side by side on legs, a synthesis joins their results. */
export interface ConvoyPart {
  readonly inputs: Readonly<Record<string, ConvoyInput>>;
  readonly prompts: Readonly<Record<string, string>>;
  readonly output: {
    readonly directory?: string | undefined;
    readonly leg_pattern?: string | undefined;
    readonly synthesis?: string | undefined;
  };
  readonly legs: readonly Leg[];
  readonly synthesis?:
    | {
        readonly title?: string | undefined;
        readonly description?: string | undefined;
        readonly depends_on?: readonly string[] | undefined;
      }
    | undefined;
  readonly presets: Readonly<Record<string, Preset>>;
}

export interface ConvoyInput {
  readonly description?: string | undefined;
  readonly type?: string | undefined;
  readonly required?: boolean | undefined;
  readonly required_unless?: readonly string[] | undefined;
  readonly default?: string | undefined;
}

export interface Leg {
  readonly id: string;
  readonly title: string;
  readonly focus?: string | undefined;
  readonly description?: string | undefined;
  readonly agent?: string | undefined;
  readonly review_only?: boolean | undefined;
}

export interface Preset {
  readonly description?: string | undefined;
  readonly legs: readonly string[];
}
