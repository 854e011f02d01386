#!/usr/bin/env python3
"""A worker in Python (3.8 or newer, standard library only):

    HOLDFAST_DB=http://127.0.0.1:8484 [HOLDFAST_API_TOKEN=hf_...] python3 worker.py

It runs jobs of type "words": payload {"text": "..."}, result {"words": n}.
"""
import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request

URL = os.environ.get("HOLDFAST_DB", "http://127.0.0.1:8484")
TOKEN = os.environ.get("HOLDFAST_API_TOKEN")
if not URL.startswith(("http://", "https://")):
    sys.exit("HOLDFAST_DB must be the address of a server, such as http://127.0.0.1:8484")


class Problem(Exception):
    """The server's own answer that something is wrong with the request, or with the server."""

    def __init__(self, status, problem):
        super().__init__(problem.get("detail") or problem.get("title") or f"status {status}")
        self.status = status


def post(path, **body):
    """Everything but an answer of the server itself is an OSError, as if there were none: a
    connection that broke, half an answer, the page of a proxy."""
    request = urllib.request.Request(
        f"{URL}/api/v1/worker/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    if TOKEN:
        request.add_header("Authorization", f"Bearer {TOKEN}")
    try:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as failure:
            if failure.headers.get_content_type() != "application/problem+json":
                raise OSError(f"status {failure.code}, not from a Holdfast server") from None
            raise Problem(failure.code, json.load(failure)) from None
    except (http.client.HTTPException, ValueError) as broken:
        raise OSError(f"a broken answer: {broken}") from broken


class Job:
    """What a handler gets: the payload, and a line to the server."""

    def __init__(self, claimed):
        self.id, self.type, self.lease = claimed["id"], claimed["type"], claimed["lease"]
        self.payload = claimed["payload"]
        self.checkpoints = claimed.get("checkpoints", {})
        self.revoked = threading.Event()

    def tell(self, what, **body):
        return post(f"jobs/{self.id}/{what}", lease=self.lease, **body)

    def progress(self, percent, message):
        """News that may get lost: no reason for a job to fail while the server is away."""
        try:
            self.tell("progress", percent=percent, message=message)
        except OSError:
            pass
        except Problem as problem:
            if problem.status < 500:
                raise

    def sleep(self, seconds):
        if self.revoked.wait(seconds):
            raise InterruptedError("the job was taken from this worker")


def words(job):
    job.progress(50, "counting")
    job.sleep(job.payload.get("millis", 0) / 1000)
    return {"words": len(job.payload["text"].split())}


HANDLERS = {"words": words}
CONCURRENCY = 4


class Worker:
    def __init__(self):
        self.running = {}
        self.stopping = threading.Event()
        self.register()

    def register(self):
        self.me = post(
            "register",
            name=f"python-{os.getpid()}",
            types=list(HANDLERS),
            concurrency=CONCURRENCY,
            host=socket.gethostname(),
            process_id=os.getpid(),
        )

    def beat(self):
        """Keeps the leases of all jobs alive, also while the server fails."""
        while True:
            time.sleep(self.me["heartbeat_ms"] / 1000)
            try:
                self.say_alive()
            except (Problem, OSError) as failure:
                print(f"heartbeat: {failure}", file=sys.stderr)

    def say_alive(self):
        """The answer names the jobs that were taken from us."""
        jobs = [{"id": job.id, "lease": job.lease} for job in list(self.running.values())]
        try:
            answer = post(
                "heartbeat", worker=self.me["worker"], jobs=jobs, draining=self.stopping.is_set()
            )
        except Problem as problem:
            if problem.status != 404:
                raise
            self.register()
            return
        for job_id in answer["revoked"]:
            if job_id in self.running:
                self.running[job_id].revoked.set()
        if answer["order"] != "RUN":
            self.stopping.set()

    def run(self, job):
        try:
            result = HANDLERS[job.type](job)
            self.end(job, "complete", result=result)
        except Exception as failure:
            if not job.revoked.is_set():
                told = {"message": str(failure), "trace": traceback.format_exc()}
                self.end(job, "fail", failure=told)
        finally:
            self.running.pop(job.id, None)

    def end(self, job, how, **body):
        """An answer that was lost is asked for again: the lease makes that safe."""
        while True:
            try:
                return job.tell(how, **body)
            except Problem as problem:
                if problem.status < 500:
                    print(f"{how} {job.id}: {problem}", file=sys.stderr)
                    return None
            except OSError:
                pass
            time.sleep(0.5)

    def claim(self):
        while not self.stopping.is_set():
            free = CONCURRENCY - len(self.running)
            if free == 0:
                time.sleep(0.02)
                continue
            try:
                answer = post(
                    "claim", worker=self.me["worker"], limit=free, wait="5s"
                )
            except (Problem, OSError) as failure:
                print(f"claim: {failure}", file=sys.stderr)
                time.sleep(0.5)
                continue
            for claimed in answer["jobs"]:
                job = Job(claimed)
                self.running[job.id] = job
                threading.Thread(target=self.run, args=(job,)).start()

    def leave(self):
        while self.running:
            time.sleep(0.02)
        post("leave", worker=self.me["worker"])


def main():
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopping.set())
    print(f"worker {worker.me['worker']} is ready", flush=True)
    threading.Thread(target=worker.beat, daemon=True).start()
    worker.claim()
    worker.leave()


if __name__ == "__main__":
    main()
