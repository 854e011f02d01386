#!/bin/sh
# Holdfast on PostgreSQL, compared with the bare engine and with other queues: docs/reference/speed.md
# tells what is measured. Needs a build (mvn -q -DskipTests package), and for graphile-worker an
# `npm install` in benchmarks/peers/graphile.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if [ ! -d "$here/target/lib" ]; then
  echo "there is no build: run mvn -q -DskipTests package first" >&2
  exit 1
fi
if [ -d "$here/peers/graphile/node_modules" ]; then
  set -- --graphile "$here/peers/graphile" "$@"
fi
exec java -Xmx2g -cp "$here/target/classes:$here/target/lib/*" \
  dev.holdfast.benchmarks.postgres.PostgresLoad "$@"
