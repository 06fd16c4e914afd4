import * as fs from 'node:fs';
import { promisify } from 'node:util';

/* What nearly every command reads with: `node:fs/promises` takes 3 ms to load (with the REPL's history, of all things). */
export const lstat = promisify(fs.lstat);
export const readFile = promisify(fs.readFile);
export const readdir = promisify(fs.readdir);
export const realpath = promisify(fs.realpath.native);
export const readlink = promisify(fs.readlink);
