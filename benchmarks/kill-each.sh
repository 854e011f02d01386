#!/bin/bash
# Kills `holdfast each` over real files again and again, starts it each time, and checks what counts:
# every item's effect is there, what had completed did not run again, what was printed is whole, and
# no child is left behind. Then the same with Ctrl-C.
#
# usage: benchmarks/kill-each.sh [FILES] [KILLS] [SEED]
set -euo pipefail
files=${1:-2000}
kills=${2:-5}
RANDOM=${3:-42}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOLDFAST_DB=$work/q.db
find /usr/share /usr/include /usr/lib -type f -size -64k 2> /dev/null | head -n "$files" > items || true
files=$(wc -l < items)
"$here/holdfast" --version > /dev/null

# One line in the effects log for each start, one for each end; appended by one write each.
cat > effect << 'SH'
#!/bin/sh
echo "start $HOLDFAST_JOB $1" >> "$EFFECTS"
sha256sum "$1"
sleep 0.01
echo "end $HOLDFAST_JOB $1" >> "$EFFECTS"
SH
chmod +x effect

run() { exec "$here/holdfast" each --name "$1" -j 4 -- ./effect; }

check() { # NAME: after the last run
  ended=$(grep -c '^end ' "$EFFECTS")
  distinct=$(awk '$1 == "end" { print $3 }' "$EFFECTS" | sort -u | wc -l)
  completed=$("$here/holdfast" status --json | sed 's/.*"COMPLETED":\([0-9]*\).*/\1/')
  echo "$1: $files items, effects of $distinct, $ended ends, $(grep -c '^start ' "$EFFECTS") starts"
  [ "$distinct" -eq "$files" ] || { echo "LOST: $((files - distinct)) items have no effect"; exit 1; }
  [ "$completed" -ge "$files" ] || { echo "not completed: $completed of $files"; exit 1; }
  again=0
  for snapshot in completed-"$1"-*; do # FIRST LINE: lines of the effects log then; REST: completed jobs
    again=$((again + $(tail -n "+$(($(head -n 1 "$snapshot") + 1))" "$EFFECTS" | awk '$1 == "start" { print $2 }' |
      sort | comm -12 - <(tail -n +2 "$snapshot" | sort) | wc -l)))
  done
  [ "$again" -eq 0 ] || { echo "RAN AGAIN: $again completed items"; exit 1; }
  lines=$(sort -u out-"$1"-* | grep -cE '^[0-9a-f]{64}  ' || true)
  [ "$lines" -ge "$(awk '{ print }' items | sort -u | wc -l)" ] || { echo "OUTPUT MISSING: $lines lines"; exit 1; }
  leftovers=$(grep -lsz "^HOLDFAST_JOB=" /proc/[0-9]*/environ 2> /dev/null | wc -l || true)
  [ "$leftovers" -eq 0 ] || { echo "LEFT BEHIND: $leftovers processes"; exit 1; }
}

for signal in KILL INT; do
  export EFFECTS=$work/effects-$signal
  : > "$EFFECTS"
  for n in $(seq "$kills"); do
    # A background process of a script ignores SIGINT unless its disposition is set back.
    (trap - INT; run "$signal") < items > "out-$signal-$n" 2> "err-$signal-$n" &
    pid=$!
    # At a random part of what is left, seen by its effects: a slow machine is killed at the same place.
    ends=$(grep -c '^end ' "$EFFECTS" || true)
    goal=$((ends + 1 + RANDOM % ((files - ends) / (kills - n + 2))))
    while [ "$(grep -c '^end ' "$EFFECTS" || true)" -lt "$goal" ] && kill -0 "$pid" 2> /dev/null; do
      read -rt 0.02 <> <(:) || true
    done
    kill -s "$signal" "$pid" || true
    code=0
    wait "$pid" 2> /dev/null || code=$?
    echo "$signal $n: after $goal ends, exit $code; $(tail -n 1 "err-$signal-$n")"
    {
      wc -l < "$EFFECTS"
      "$here/holdfast" list --state COMPLETED --limit 1000000 --json | sed 's/.*"id":"\([^"]*\)".*/\1/'
    } > "completed-$signal-$n"
    if [ "$signal" = INT ]; then
      [ "$code" -eq 130 ] || exit 1
      left=$(grep -lsz "^HOLDFAST_JOB=" /proc/[0-9]*/environ 2> /dev/null | wc -l || true)
      [ "$left" -eq 0 ] || { echo "LEFT BEHIND after Ctrl-C: $left processes"; exit 1; }
    fi
  done
  (run "$signal") < items > "out-$signal-last" 2> "err-$signal-last"
  cat "err-$signal-last"
  check "$signal"
done
echo "all is well"
