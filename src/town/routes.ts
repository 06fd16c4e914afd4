import * as z from 'zod/mini';
import type { Files } from '../ports/files.ts';
import { corrupt, isJsonObject } from './json-file.ts';
import type { TownPaths } from './layout.ts';

/** Which database holds the beads of a prefix. */
export interface Route {
  /** Without its trailing `-`: `gt`, `hq`, `hq-cv`. */
  readonly prefix: string;
  /** `hq` or the rig's name. */
  readonly database: string;
}

/** The town's own prefixes; they are in every town, also when the file is lost. */
const TOWN_ROUTES: readonly Route[] = [
  { prefix: 'hq', database: 'hq' },
  { prefix: 'hq-cv', database: 'hq' },
];

const lineSchema = z.object({ prefix: z.string(), path: z.string() });

/**
 * T/.beads/routes.jsonl: lines `{"prefix":"gt-","path":"gastown"}` (path `.` = the town, `<rig>/mayor/rig` in
 * old towns). Torn or foreign lines make the whole file unreadable: a bead must not look unrouted by accident.
 */
export async function readRoutes(files: Files, paths: TownPaths): Promise<readonly Route[]> {
  const text = (await files.readText(paths.routesFile)) ?? '';
  const routes = new Map(TOWN_ROUTES.map((route) => [route.prefix, route]));
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const route = parseRoute(line);
    if (route === undefined) throw corrupt(paths.routesFile, `line ${index + 1} is no route`);
    routes.set(route.prefix, route);
  }
  return [...routes.values()];
}

function parseRoute(line: string): Route | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const [folder = ''] = parsed.data.path.split('/').filter((part) => part !== '');
  const prefix = parsed.data.prefix.replace(/-+$/, '');
  return prefix === '' ? undefined : { prefix, database: folder === '.' || folder === '' ? 'hq' : folder };
}

/** The file's text with one route added (or its path changed); other lines stay as they are. */
export function withRoute(text: string, prefix: string, path: string): string {
  const line = JSON.stringify({ prefix: `${prefix}-`, path });
  if (text.split('\n').includes(line)) return text;
  const kept = linesWithoutPrefix(text, prefix);
  return [...kept, line, ''].join('\n');
}

export function withoutRoute(text: string, prefix: string): string {
  return joinLines(linesWithoutPrefix(text, prefix));
}

/** Without any route to this database. */
export function withoutRoutesTo(text: string, database: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return joinLines(lines.filter((line) => parseRoute(line)?.database !== database));
}

function joinLines(lines: readonly string[]): string {
  return lines.length === 0 ? '' : [...lines, ''].join('\n');
}

function linesWithoutPrefix(text: string, prefix: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && prefixOfLine(line) !== prefix);
}

function prefixOfLine(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const prefix = isJsonObject(value) ? value['prefix'] : undefined;
    return typeof prefix === 'string' ? prefix.replace(/-+$/, '') : undefined;
  } catch {
    return undefined;
  }
}
