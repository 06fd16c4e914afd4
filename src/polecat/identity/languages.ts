/** Languages by the ends of file names, as people call them. What is not here is told by its ending. */
const LANGUAGES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    TypeScript: 'ts tsx mts cts',
    JavaScript: 'js jsx mjs cjs',
    Python: 'py pyi',
    Go: 'go',
    Rust: 'rs',
    Java: 'java',
    Kotlin: 'kt kts',
    Scala: 'scala',
    'C#': 'cs',
    C: 'c h',
    'C++': 'cc cpp cxx hpp hh',
    Swift: 'swift',
    'Objective-C': 'm mm',
    Ruby: 'rb',
    PHP: 'php',
    Perl: 'pl pm',
    Elixir: 'ex exs',
    Erlang: 'erl',
    Haskell: 'hs',
    OCaml: 'ml mli',
    Clojure: 'clj cljs',
    Lua: 'lua',
    Dart: 'dart',
    Zig: 'zig',
    R: 'r',
    Shell: 'sh bash zsh fish',
    PowerShell: 'ps1',
    SQL: 'sql',
    HTML: 'html htm',
    CSS: 'css scss sass less',
    Vue: 'vue',
    Svelte: 'svelte',
    Terraform: 'tf',
    Nix: 'nix',
    Protobuf: 'proto',
    GraphQL: 'graphql gql',
  }).flatMap(([language, ends]) => ends.split(' ').map((end) => [end, language])),
);

/** The language of a file; undefined for prose, data and what has no ending. */
export function languageOf(path: string): string | undefined {
  const end = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase();
  return end !== undefined && Object.hasOwn(LANGUAGES, end) ? LANGUAGES[end] : undefined;
}
