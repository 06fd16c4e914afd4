export interface UninstalledView {
  readonly files: readonly { readonly path: string; readonly outcome: string }[];
  readonly movedTo: string | undefined;
  /** Towns that stay. */
  readonly towns: readonly string[];
}

const OUTCOMES: Readonly<Record<string, string>> = {
  restored: 'as it was before',
  removed: 'removed',
  'part-removed': "gt's part removed, your changes kept",
  'kept-edited': 'kept: you have edited it',
  gone: 'was gone already',
};

export function renderRestored(files: UninstalledView['files']): readonly string[] {
  return files.map(({ path, outcome }) => `  ${path}: ${OUTCOMES[outcome] ?? outcome}`);
}

export function renderUninstalled({ files, movedTo, towns }: UninstalledView): string {
  return [
    files.length === 0 ? 'gt has changed no file of yours on this machine.' : 'gt is out of this machine:',
    ...renderRestored(files),
    ...towns.map((root) => `The town ${root} is still there`),
    ...(movedTo === undefined ? [] : [`The town is now ${movedTo}: remove it when you are sure`]),
    'Last, remove the program itself the way you installed it.',
  ].join('\n');
}
