import * as fc from 'fast-check';

/** What a branch changes. All but the last six are good by themselves. */
export type Change =
  /** A file of its own. */
  | 'own'
  /** A line of the shared file; the same line twice is a conflict. */
  | 'line 1'
  | 'line 6'
  | 'rename doc'
  | 'edit doc'
  | 'remove doc'
  | 'submodule'
  | 'nothing'
  /** Repairs what is bad on the target. */
  | 'mend'
  /** Red only where both halves are. */
  | 'half a'
  | 'half b'
  | 'bad'
  | 'ugly'
  | 'hangs'
  | 'dirties'
  | 'flaky';

/** What may happen around a merge queue, in any order. `of` picks one of the submissions so far. */
export type Happening =
  /** `on`: 0 = the target, else stacked on the one submitted so many before. */
  | {
      readonly do: 'submit';
      readonly change: Change;
      readonly on: number;
      readonly priority: number;
    }
  | { readonly do: 'resubmit'; readonly of: number; readonly change: Change; readonly anew: boolean }
  /** The branch moves, and nobody tells the queue. */
  | { readonly do: 'force-push'; readonly of: number; readonly change: Change }
  | { readonly do: 'delete branch'; readonly of: number }
  | { readonly do: 'foreign push'; readonly change: Change }
  /** Somebody takes the last commits off the target. */
  | { readonly do: 'rewrite target'; readonly commits: number }
  | { readonly do: 'reject'; readonly of: number }
  | { readonly do: 'retry'; readonly of: number }
  | { readonly do: 'prioritize'; readonly of: number; readonly priority: number }
  | { readonly do: 'configure'; readonly to: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'resume' }
  | { readonly do: 'pass' }
  /** Something happens while the nth gate of the pass runs, or right after it has looked at the remote. */
  | {
      readonly do: 'pass meanwhile';
      readonly at: 'gate' | 'look';
      readonly nth: number;
      readonly happens: Happening;
    }
  /** The engine dies at the nth thing it asks of the outside, and again while it recovers. */
  | { readonly do: 'killed pass'; readonly at: readonly number[]; readonly after: boolean }
  /** One answer of the ledger or of git is missing. */
  | { readonly do: 'pass with an outage'; readonly of: 'store' | 'git'; readonly at: number }
  | { readonly do: 'offline pass' }
  /** One merge forgets what the target has got since the branch left it: a wrong merge base. */
  | { readonly do: 'pass with a wrong merge'; readonly nth: number }
  | { readonly do: 'pass with a push that'; readonly trick: PushTrick }
  | { readonly do: 'pass on a sick machine'; readonly how: Sickness; readonly runs: number }
  | { readonly do: 'two passes at once' }
  /** It hangs at its nth gate for longer than its lease; another machine goes on; it wakes up. */
  | { readonly do: 'stalled pass'; readonly run: number };

export type PushTrick =
  'lands without an answer' | 'is accepted without effect' | 'is refused' | 'comes second';
export type Sickness = 'disk full' | 'no command' | 'killed';

const of = fc.nat(20);
const priority = fc.constantFrom(2, 2, 2, 0, 1, 3, 4);
const good: readonly Change[] = [
  'own',
  'line 1',
  'line 6',
  'rename doc',
  'edit doc',
  'remove doc',
  'submodule',
];
const odd: readonly Change[] = ['nothing', 'mend', 'half a', 'half b'];
const bad: readonly Change[] = ['bad', 'ugly', 'hangs', 'dirties'];
const change = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...good) },
  { weight: 5, arbitrary: fc.constantFrom(...odd) },
  { weight: 6, arbitrary: fc.constantFrom(...bad) },
  { weight: 1, arbitrary: fc.constant<Change>('flaky') },
);

const submit = fc.record({
  do: fc.constant('submit' as const),
  change,
  on: fc.constantFrom(0, 0, 0, 1, 1, 2),
  priority,
});
const aroundIt: readonly (readonly [number, fc.Arbitrary<Happening>])[] = [
  [3, fc.record({ do: fc.constant('resubmit' as const), of, change, anew: fc.boolean() })],
  [2, fc.record({ do: fc.constant('force-push' as const), of, change })],
  [1, fc.record({ do: fc.constant('delete branch' as const), of })],
  [2, fc.record({ do: fc.constant('foreign push' as const), change })],
  [1, fc.record({ do: fc.constant('rewrite target' as const), commits: fc.integer({ min: 1, max: 2 }) })],
  [1, fc.record({ do: fc.constant('reject' as const), of })],
  [2, fc.record({ do: fc.constant('retry' as const), of })],
  [1, fc.record({ do: fc.constant('prioritize' as const), of, priority })],
  [1, fc.record({ do: fc.constant('configure' as const), to: fc.nat(20) })],
];
const meanwhile = weighted([[3, submit], ...aroundIt]);

const HOUR = 3_600_000;
const passes: readonly (readonly [number, fc.Arbitrary<Happening>])[] = [
  [5, fc.constant({ do: 'pass' as const })],
  [
    7,
    fc.record({
      do: fc.constant('pass meanwhile' as const),
      at: fc.constantFrom('gate' as const, 'look' as const),
      nth: fc.integer({ min: 1, max: 6 }),
      happens: meanwhile,
    }),
  ],
  [
    4,
    fc.record({
      do: fc.constant('killed pass' as const),
      at: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 }),
      after: fc.boolean(),
    }),
  ],
  [
    2,
    fc.record({
      do: fc.constant('pass with an outage' as const),
      of: fc.constantFrom('store' as const, 'git' as const),
      at: fc.integer({ min: 1, max: 80 }),
    }),
  ],
  [1, fc.constant({ do: 'offline pass' as const })],
  [
    1,
    fc.record({ do: fc.constant('pass with a wrong merge' as const), nth: fc.integer({ min: 1, max: 3 }) }),
  ],
  [
    2,
    fc.record({
      do: fc.constant('pass with a push that' as const),
      trick: fc.constantFrom<PushTrick>(
        'lands without an answer',
        'is accepted without effect',
        'is refused',
        'comes second',
      ),
    }),
  ],
  [
    1,
    fc.record({
      do: fc.constant('pass on a sick machine' as const),
      how: fc.constantFrom<Sickness>('disk full', 'no command', 'killed'),
      runs: fc.integer({ min: 1, max: 4 }),
    }),
  ],
  [1, fc.constant({ do: 'two passes at once' as const })],
  [1, fc.record({ do: fc.constant('stalled pass' as const), run: fc.integer({ min: 1, max: 3 }) })],
  [1, fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(60_000, HOUR, 25 * HOUR, -HOUR) })],
  [1, fc.constant({ do: 'resume' as const })],
];

/** Whole histories: twelve happenings on average, submissions first. */
export const histories: fc.Arbitrary<readonly Happening[]> = fc
  .tuple(
    fc.array(submit, { minLength: 1, maxLength: 5 }),
    fc.array(weighted([[8, submit], ...aroundIt, ...passes]), { minLength: 1, maxLength: 14 }),
  )
  .map(([first, rest]) => [...first, ...rest]);

function weighted(choices: readonly (readonly [number, fc.Arbitrary<Happening>])[]): fc.Arbitrary<Happening> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}
