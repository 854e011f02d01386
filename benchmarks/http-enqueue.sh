#!/bin/sh
# Callers who enqueue one by one over HTTP: so many connections for so many seconds, each answered
# after its commit. Then the server is killed under more such calls, and the job of every answer must
# be in the database.
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
function setup(thread) thread:set("number", #threads); table.insert(threads, thread) end
function init(arguments)
  created = 0; others = 0
  answers = io.open(arguments[1] .. "." .. number, "w")
end
function response(status, headers, body)
  if status == 201 then created = created + 1; answers:write(body, "\n") else others = others + 1 end
end
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

# calls SECONDS NAME: lets them call for so long, and keeps the figures and the answers.
calls() {
  wrk -t 2 -c "$connections" -d "$1s" -s "$folder/enqueue.lua" "$uri/api/v1/jobs" "$folder/answers.$2" |
    tail -n 1 >"$folder/$2"
}

calls 3 warm
calls "$seconds" run
calls 4 killed &
sleep 2 # in the midst of these calls
kill -9 "$server"
wait "$server" 2>/dev/null || true
server=
wait

# ids: of each line of the input that has one.
ids() {
  sed -n 's/.*"id":"\([0-9a-f-]\{36\}\)".*/\1/p' | sort
}
cat "$folder"/answers.* | ids >"$folder/answered"
"$here/../holdfast" export -d "$db" - | ids >"$folder/there"
lost=$(comm -23 "$folder/answered" "$folder/there" | wc -l)
cat "$folder/run"
echo "answered with 201 before kill -9: $(wc -l <"$folder/answered"); jobs in the database after it: $(wc -l <"$folder/there"); lost: $lost"
[ -s "$folder/answered" ] && [ "$lost" -eq 0 ]
