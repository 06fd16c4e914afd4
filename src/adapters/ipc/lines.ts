/** A reader of the first line only, with what follows it kept as bytes. */
export class FirstLine {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #size = 0;

  /** @param limit bytes; a longer line is refused */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Undefined until the line is complete; then the line and the bytes behind it. Throws RangeError over the limit. */
  push(chunk: Buffer): { readonly line: string; readonly rest: Buffer } | undefined {
    const end = chunk.indexOf(0x0a);
    this.#size += end < 0 ? chunk.length : end;
    if (this.#size > this.#limit) throw new RangeError(`a line is longer than ${this.#limit} bytes`);
    this.#chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
    if (end < 0) return undefined;
    const line = Buffer.concat(this.#chunks).toString('utf8');
    this.#chunks = [];
    this.#size = 0;
    return { line, rest: chunk.subarray(end + 1) };
  }
}
