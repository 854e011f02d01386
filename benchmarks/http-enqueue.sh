#!/bin/sh
# Callers who enqueue one by one over HTTP: so many connections for so many seconds, each answered
# after its commit. Then the server is killed, and every answer must be a job in the database.
# Needs a build (mvn -q -DskipTests package), wrk and curl.
#
#   benchmarks/http-enqueue.sh [CONNECTIONS [SECONDS [DATABASE]]]     64 20 a new file
set -eu

here=$(cd "$(dirname "$0")" && pwd)
connections=${1:-64}
seconds=${2:-20}
folder=$(mktemp -d)
db=${3:-$folder/jobs.db}
server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

cat >"$folder/enqueue.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"type": "later", "payload": {"text": "' .. string.rep("x", 180) .. '"}}'
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() created = 0; others = 0 end
function response(status) if status == 201 then created = created + 1 else others = others + 1 end end
function done(summary, latency)
  local created, others = 0, 0
  for _, thread in ipairs(threads) do
    created = created + thread:get("created"); others = others + thread:get("others")
  end
  io.write(string.format("created %d others %d errors %d per_second %.0f p50_ms %.1f p99_ms %.1f\n",
    created, others, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    created / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
LUA

# The server goes on until its input ends; endless input would be read without end, by a core.
mkfifo "$folder/in"
exec 3<>"$folder/in"
java -Xmx1g -cp "$here/target/classes:$here/target/lib/*" \
  dev.holdfast.benchmarks.http.ServedQueue "$db" >"$folder/out" <&3 &
server=$!
until grep -q '^http' "$folder/out"; do
  kill -0 "$server" 2>/dev/null || exit 1
done
uri=$(cat "$folder/out")

wrk -t 2 -c "$connections" -d 3s -s "$folder/enqueue.lua" "$uri/api/v1/jobs" | tail -n 1 >"$folder/warm"
wrk -t 2 -c "$connections" -d "${seconds}s" -s "$folder/enqueue.lua" "$uri/api/v1/jobs" | tail -n 1 >"$folder/run"
kill -9 "$server"
wait "$server" 2>/dev/null || true
server=

answered=$(awk '{sum += $2} END {print sum}' "$folder/warm" "$folder/run")
there=$("$here/../holdfast" status -d "$db" --json | sed 's/.*"PENDING":\([0-9]*\).*/\1/')
cat "$folder/run"
echo "answered with 201 before kill -9: $answered; jobs in the database after it: $there"
[ "$there" -ge "$answered" ]
