/**
 * The process died: nothing after it has any effect. Code under test must not catch it for good; a test takes it for
 * a `kill -9` at that place.
 */
export class Stop extends Error {
  constructor(call: string, when: 'before' | 'after') {
    super(`stopped ${when} ${call}`);
    this.name = 'Stop';
  }
}

export interface Faults {
  /**
   * The same port, counted and able to fail. `name` stands before its methods: `git.remotes.push`. What a port
   * returns or hands to a callback is wrapped as well when it has methods: `store.open().transaction`,
   * `store.open().transaction(0).run`. Disposal by `using` is not counted: a dead process disposes of nothing.
   */
  wrap<T extends object>(name: string, port: T): T;
  /** Call number `n` (from 1, over all wrapped ports) fails instead of being made. */
  failAt(n: number, error: Error): void;
  /** The nth call of that method (`git.remotes.push`) fails. */
  failOn(method: string, nth: number, error: Error): void;
  /** The process dies before or after that call; every later call throws Stop as well. */
  stopAt(n: number, when: 'before' | 'after'): void;
  stopOn(method: string, nth: number, when: 'before' | 'after'): void;
  /** Names of all calls so far, in order: `faults.calls.length` is how many places there are to stop at. */
  readonly calls: readonly string[];
  readonly stopped: boolean;
  /** A new process: no plan, no count. */
  restart(): void;
}

interface Plan {
  readonly n: number | undefined;
  readonly method: string | undefined;
  readonly nth: number;
  readonly effect: 'before' | 'after' | Error;
}

export interface FaultOptions {
  /** Calls that count; default all. */
  readonly only?: RegExp;
  /** Dying, where throwing is not enough: the process that really ends. */
  readonly end?: () => never;
}

export function createFaults({ only, end }: FaultOptions = {}): Faults {
  let plans: Plan[] = [];
  let calls: string[] = [];
  let stopped: Stop | undefined;

  const planFor = (method: string): Plan | undefined => {
    const n = calls.length;
    const nth = calls.filter((name) => name === method).length;
    return plans.find((plan) => plan.n === n || (plan.method === method && plan.nth === nth));
  };
  const die = (method: string, when: 'before' | 'after'): never => {
    end?.();
    stopped = new Stop(method, when);
    throw stopped;
  };
  const call = (method: string, make: () => unknown): unknown => {
    if (stopped !== undefined) throw stopped;
    if (only?.test(method) === false) return make();
    calls.push(method);
    const effect = planFor(method)?.effect;
    if (effect instanceof Error) throw effect;
    if (effect === 'before') die(method, 'before');
    const result = make();
    if (effect !== 'after') return result;
    return result instanceof Promise ? result.then(() => die(method, 'after')) : die(method, 'after');
  };
  const wrap = <T extends object>(name: string, port: T): T =>
    new Proxy(port, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== 'string') return value;
        return typeof value === 'function'
          ? methodOf(`${name}.${key}`, value, target)
          : wrapPort(`${name}.${key}`, value);
      },
    });
  const wrapPort = (name: string, value: unknown): unknown => (isPort(value) ? wrap(name, value) : value);
  const wrapResult = (method: string, result: unknown): unknown =>
    result instanceof Promise
      ? result.then((value: unknown) => wrapPort(`${method}()`, value))
      : wrapPort(`${method}()`, result);
  /** What the port hands to a callback of ours is wrapped on its way. */
  const wrapCallback = (method: string, arg: unknown): unknown =>
    typeof arg !== 'function'
      ? arg
      : (...given: readonly unknown[]): unknown =>
          apply(
            arg,
            undefined,
            given.map((value, index) => wrapPort(`${method}(${index})`, value)),
          );
  const methodOf = (method: string, make: object, target: object) => {
    const once = (args: readonly unknown[]): unknown =>
      call(method, () =>
        wrapResult(
          method,
          apply(
            make,
            target,
            args.map((arg) => wrapCallback(method, arg)),
          ),
        ),
      );
    if (SYNCHRONOUS.test(method)) return (...args: readonly unknown[]): unknown => once(args);
    return async (...args: readonly unknown[]): Promise<unknown> => once(args);
  };
  return {
    wrap,
    failAt: (n, error) => void plans.push({ n, method: undefined, nth: 0, effect: error }),
    failOn: (method, nth, error) => void plans.push({ n: undefined, method, nth, effect: error }),
    stopAt: (n, when) => void plans.push({ n, method: undefined, nth: 0, effect: when }),
    stopOn: (method, nth, when) => void plans.push({ n: undefined, method, nth, effect: when }),
    get calls() {
      return calls;
    },
    get stopped() {
      return stopped !== undefined;
    },
    restart: () => {
      plans = [];
      calls = [];
      stopped = undefined;
    },
  };
}

/** Methods that answer at once: there is no promise to reject. */
const SYNCHRONOUS =
  /\.(?:now|monotonic|bytes|uuid|debug|info|warn|error|attachArgv|hostArgv|jsonText|upsert)$/;

function apply(method: object, target: unknown, args: readonly unknown[]): unknown {
  return typeof method === 'function' ? Reflect.apply(method, target, args) : undefined;
}

/** A plain object of methods, as ports are; data (lists, maps, errors, promises) is left alone. */
function isPort(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false;
  return Object.values(value).some((item) => typeof item === 'function');
}
