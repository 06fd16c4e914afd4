import { GtError } from '../../core/errors.ts';

/**
 * A failure that `bd` tells in plain words on stderr even with --json, as the programs that read it expect.
 * `message` holds the whole text; a `hint` is for people.
 */
export class PlainError extends GtError {}
