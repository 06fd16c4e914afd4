/**
 * A port whose adapter is imported by its first call, for ports with asynchronous methods only: a command pays
 * for the packages it really uses.
 */
export function lazyPort<T extends object>(load: () => Promise<T>): T {
  let loading: Promise<T> | undefined;
  const methodOf =
    (name: string) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      loading ??= load();
      const port = await loading;
      const method: unknown = Reflect.get(port, name);
      if (typeof method !== 'function') throw new TypeError(`port has no method ${name}`);
      return Reflect.apply(method, port, args);
    };
  const methods = new Map<string, ReturnType<typeof methodOf>>();
  return new Proxy<T>({} as T, {
    get(_target, name) {
      /* `then` would make the port look like a promise to await. */
      if (typeof name !== 'string' || name === 'then') return undefined;
      const known = methods.get(name) ?? methodOf(name);
      methods.set(name, known);
      return known;
    },
  });
}
