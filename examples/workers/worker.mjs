// A worker in JavaScript (Node 18 or newer, no packages):
//
//   HOLDFAST_DB=http://127.0.0.1:8484 [HOLDFAST_API_TOKEN=hf_...] node worker.mjs
//
// It runs jobs of type "words": payload {"text": "..."}, result {"words": n}.

import { hostname } from "node:os";

const url = process.env.HOLDFAST_DB ?? "http://127.0.0.1:8484";
const token = process.env.HOLDFAST_API_TOKEN;
if (!/^https?:/.test(url)) {
  console.error("HOLDFAST_DB must be the address of a server, such as http://127.0.0.1:8484");
  process.exit(2);
}
const concurrency = 4;

const handlers = {
  async words({ text, millis = 0 }, job) {
    await job.progress(50, "counting");
    await job.sleep(millis);
    return { words: text.split(/\s+/).filter(Boolean).length };
  },
};

/** The server's own answer that something is wrong with the request, or with the server. */
class Problem extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.status = status;
  }
}

/** An error without a status says that there was no answer of the server itself: a connection broke, or a proxy answered. */
async function post(path, body) {
  const response = await fetch(`${url}/api/v1/worker/${path}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.ok) return text && JSON.parse(text);
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) {
    throw new Error(`status ${response.status}, not from a Holdfast server`);
  }
  throw new Problem(response.status, JSON.parse(text));
}

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

const running = new Map(); // job id -> { lease, abort }
let me;
let stopping = false;

async function register() {
  me = await post("register", {
    name: `node-${process.pid}`,
    types: Object.keys(handlers),
    concurrency,
    host: hostname(),
    process_id: process.pid,
  });
}

/** Keeps the lease of all jobs alive; the answer names those that were taken from us. */
async function beat() {
  while (!stopping || running.size > 0) {
    await pause(me.heartbeat_ms);
    try {
      const jobs = [...running].map(([id, { lease }]) => ({ id, lease }));
      const answer = await post("heartbeat", { worker: me.worker, jobs, draining: stopping });
      answer.revoked.forEach((id) => running.get(id)?.abort.abort());
      if (answer.order !== "RUN") stopping = true;
    } catch (failure) {
      if (failure.status === 404) await register().catch(() => {});
    }
  }
}

async function run(job) {
  const abort = new AbortController();
  const here = { lease: job.lease };
  running.set(job.id, { lease: job.lease, abort });
  const context = {
    signal: abort.signal,
    progress: (percent, message) => mention(`jobs/${job.id}/progress`, { ...here, percent, message }),
    checkpoint: (name, state) => post(`jobs/${job.id}/checkpoint`, { ...here, name, state }),
    sleep: (millis) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, millis);
        abort.signal.addEventListener("abort", () => (clearTimeout(timer), reject(new Error("cancelled"))));
      }),
  };
  try {
    const result = await handlers[job.type](job.payload, context);
    await tell(`jobs/${job.id}/complete`, { ...here, result });
  } catch (failure) {
    if (failure.status !== 409 && !abort.signal.aborted) {
      const told = { message: String(failure.message), trace: String(failure.stack) };
      await tell(`jobs/${job.id}/fail`, { ...here, failure: told });
    }
  } finally {
    running.delete(job.id);
  }
}

/** News that may get lost: no reason for a job to fail while the server is away. */
async function mention(path, body) {
  try {
    await post(path, body);
  } catch (failure) {
    if (failure.status && failure.status < 500) throw failure;
  }
}

/** An answer that was lost is asked for again: the lease makes that safe. */
async function tell(path, body) {
  for (;;) {
    try {
      return await post(path, body);
    } catch (failure) {
      if (failure.status === 409) return console.error(`${path}: ${failure.message}`);
      if (failure.status && failure.status < 500) throw failure;
      await pause(500);
    }
  }
}

async function claim() {
  while (!stopping) {
    const free = concurrency - running.size;
    if (free === 0) {
      await pause(20);
      continue;
    }
    try {
      const { jobs } = await post("claim", {
        worker: me.worker, limit: free, wait: "20s",
      });
      jobs.forEach(run);
    } catch (failure) {
      console.error(`claim: ${failure.message}`);
      await pause(500);
    }
  }
}

for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => (stopping = true));
await register();
console.log(`worker ${me.worker} is ready`);
const beats = beat();
await claim();
while (running.size > 0) await pause(20);
await beats;
await post("leave", { worker: me.worker });
