#!/bin/sh
# Ten thousand items through `holdfast each`, `xargs -P` and GNU parallel, in one run: they take
# turns, and the median of the rounds is printed. Durable: each item's completion is on the disk
# before it counts. GNU parallel writes its job log, which is not synced; xargs keeps nothing.
#
# usage: benchmarks/each-compared.sh [ITEMS] [ROUNDS] [JOBS]      (needs: parallel, xargs)
set -eu
items=${1:-10000}
rounds=${2:-3}
jobs=${3:-$(nproc)}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seq "$items" > "$work/items"
"$here/holdfast" --version > /dev/null # builds, and makes the start fast, before the clock runs

millis() { date +%s%3N; }

measure() { # NAME COMMAND...: appends the milliseconds to the file of that name
  name=$1
  shift
  from=$(millis)
  "$@" < "$work/items" > "$work/out" 2> "$work/err"
  echo $(($(millis) - from)) >> "$work/$name.ms"
}

round=0
while [ "$round" -lt "$rounds" ]; do
  rm -rf "$work"/q.db*
  measure holdfast "$here/holdfast" each -d "$work/q.db" -j "$jobs" -- true
  grep -q "^completed $items, failed 0" "$work/err"
  rm -f "$work/joblog"
  measure parallel parallel --will-cite -j "$jobs" --joblog "$work/joblog" true
  [ "$(($(wc -l < "$work/joblog") - 1))" -eq "$items" ]
  measure xargs xargs -P "$jobs" -n 1 true
  round=$((round + 1))
done

for name in holdfast parallel xargs; do
  median=$(sort -n "$work/$name.ms" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')
  echo "$name: $((items * 1000 / median)) items/s (median of $rounds; milliseconds: $(sort -n "$work/$name.ms" | tr '\n' ' '))"
done
