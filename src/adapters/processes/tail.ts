/** Keeps the last `limit` bytes of a stream, without ever holding more than twice that. */
export function createTail(limit: number) {
  let chunks: Buffer[] = [];
  let size = 0;
  let truncated = false;
  const compact = (): Buffer => {
    const all = Buffer.concat(chunks);
    const kept = all.length > limit ? all.subarray(all.length - limit) : all;
    truncated ||= kept.length < all.length;
    chunks = [Buffer.from(kept)];
    size = kept.length;
    return kept;
  };
  return {
    add(chunk: Buffer): void {
      chunks.push(chunk);
      size += chunk.length;
      if (size > 2 * limit) compact();
    },
    text: (): string => compact().toString('utf8'),
    truncated: (): boolean => truncated || size > limit,
  };
}
