// One measurement of graphile-worker on an empty database, as its documentation says it is fastest:
// a local queue, and completions in batches. Prints lines for the load program; the last says
// "jobs N seconds S", or, for stamp, each the monotonic time in nanoseconds at which a job began.
//
//   node worker.mjs URL drain JOBS
//   node worker.mjs URL bulk JOBS
//   node worker.mjs URL enqueue CALLERS SECONDS
//   node worker.mjs URL stamp              until the input ends
import { readFileSync } from "node:fs";
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";

const BATCH = 1_000;
const PAYLOAD = { text: "x".repeat(180) };

const [url, mode, ...numbers] = process.argv.slice(2);
const logger = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") {
    console.error(message);
  }
});

function preset(localQueue) {
  return {
    worker: {
      connectionString: url,
      concurrentJobs: 24,
      maxPoolSize: 25,
      ...(localQueue ? { localQueue: { size: 2_000 } } : {}),
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  };
}

async function load(utils, jobs) {
  for (let done = 0; done < jobs; done += BATCH) {
    await utils.addJobs(Array.from({ length: BATCH }, () => ({ identifier: "noop", payload: PAYLOAD })));
  }
}

async function left(client) {
  const { rows } = await client.query("select count(*)::int as n from graphile_worker._private_jobs");
  return rows[0].n;
}

async function rows() {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const found = await left(client);
  await client.end();
  return found;
}

function secondsSince(start) {
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** The clock ends when the last row is gone: completions are written after the handlers. */
async function drain(utils, jobs) {
  await load(utils, jobs);
  let done = 0;
  let finished;
  const all = new Promise((resolve) => (finished = resolve));
  const taskList = {
    noop: () => {
      if (++done === jobs) {
        finished();
      }
    },
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const start = process.hrtime.bigint();
  const runner = await run({ logger, taskList, noHandleSignals: true, preset: preset(true) });
  await all;
  while ((await left(client)) > 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const seconds = secondsSince(start);
  await runner.stop();
  await client.end();
  return [done, seconds];
}

async function bulk(utils, jobs) {
  const start = process.hrtime.bigint();
  await load(utils, jobs);
  const seconds = secondsSince(start);
  return [await rows(), seconds];
}

async function enqueue(utils, callers, seconds) {
  const start = process.hrtime.bigint();
  const call = async () => {
    while (secondsSince(start) < seconds) {
      await utils.addJob("noop", PAYLOAD);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const took = secondsSince(start);
  return [await rows(), took];
}

async function stamp() {
  const taskList = {
    stamp: () => {
      console.log(process.hrtime.bigint().toString());
    },
  };
  const runner = await run({ logger, taskList, noHandleSignals: true, preset: preset(false) });
  console.log("ready");
  await new Promise((resolve) => process.stdin.on("end", resolve).resume());
  await runner.stop();
}

const { version } = JSON.parse(
  readFileSync(new URL("node_modules/graphile-worker/package.json", import.meta.url)),
);
console.log(`graphile-worker ${version}, Node ${process.versions.node}`);
const utils = await makeWorkerUtils({ connectionString: url, maxPoolSize: 25, logger });
await utils.migrate();
const measure = { drain, bulk, enqueue };
if (mode === "stamp") {
  await stamp();
} else {
  const [jobs, seconds] = await measure[mode](utils, ...numbers.map(Number));
  console.log(`jobs ${jobs} seconds ${seconds}`);
}
await utils.release();
process.exit(0);
