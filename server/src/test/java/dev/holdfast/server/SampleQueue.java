package dev.holdfast.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.http.Json;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A queue with a job in each state, and something of everything else. */
final class SampleQueue {
  private final ServedQueue served;
  private final Map<JobState, String> jobs = new EnumMap<>(JobState.class);

  /**
   * Fills a queue, by its API.
   *
   * @param text the value of every field that takes a text from outside
   */
  SampleQueue(ServedQueue served, String text) {
    this.served = served;
    String worker = worker("worker-1", "RESUME", "good", "bad", "long");
    jobs.put(JobState.COMPLETED, job("good", text));
    end(claimed(worker), "complete", "\"result\": {\"said\": %s}".formatted(Json.write(text)));
    jobs.put(JobState.FAILED, job("bad", text));
    JsonNode failing = claimed(worker);
    tell(failing, "log", "\"lines\": [{\"message\": %s}]".formatted(Json.write(text)));
    tell(failing, "checkpoint", "\"name\": \"seen\", \"state\": %s".formatted(Json.write(text)));
    tell(failing, "step", "\"name\": \"first\", \"result\": %s".formatted(Json.write(text)));
    end(
        failing,
        "fail",
        "\"retry\": false, \"failure\": {\"message\": %1$s, \"trace\": %1$s}"
            .formatted(Json.write(text)));
    jobs.put(JobState.RUNNING, job("long", text));
    tell(
        claimed(worker),
        "progress",
        "\"percent\": 40, \"message\": %s".formatted(Json.write(text)));
    String other = worker("worker-2", "HOLD", "held");
    jobs.put(JobState.INTERRUPTED, job("held", text));
    claimed(other);
    served.post("/api/v1/worker/leave", "{\"worker\": \"%s\"}".formatted(other)).is(204);
    jobs.put(JobState.PENDING, job("idle", text));
    jobs.put(JobState.SCHEDULED, enqueue("later", text, ", \"delay\": \"5h\""));
    jobs.put(
        JobState.BLOCKED,
        enqueue("after", text, ", \"depends_on\": [\"%s\"]".formatted(jobs.get(JobState.RUNNING))));
    jobs.put(JobState.CANCELLED, job("idle", text));
    served.post("/api/v1/jobs/" + jobs.get(JobState.CANCELLED) + "/cancel", null).is(200);
    surround();
    jobs.forEach(
        (state, id) ->
            assertThat(served.holdfast.find(JobId.parse(id)).orElseThrow().state())
                .isEqualTo(state));
  }

  private void surround() {
    served.call("PATCH", "/api/v1/queues/default", "{\"concurrency\": 8, \"rate\": \"50/1s\"}");
    served.call("PUT", "/api/v1/limits/long", "{\"concurrency\": 2}").is(200);
    served
        .call(
            "PUT",
            "/api/v1/schedules/nightly",
            "{\"cron\": \"0 3 * * *\", \"zone\": \"UTC\", \"job\": {\"type\": \"idle\"}}")
        .is(201);
    served.post("/api/v1/schedules/nightly/run", null).is(201);
    String webhook = "{\"url\": \"https://hooks.example.com/a\", \"events\": [\"job.failed\"]}";
    served.post("/api/v1/webhooks", webhook).is(201);
    served
        .call("PUT", "/api/v1/alerts/late", "{\"kind\": \"QUEUE_AGE\", \"over\": \"10m\"}")
        .is(200);
  }

  /** The job in this state. */
  String job(JobState state) {
    return requireNonNull(jobs.get(state));
  }

  private String job(String type, String text) {
    return enqueue(type, text, "");
  }

  private String enqueue(String type, String text, String more) {
    String json =
        "{\"type\": \"%1$s\", \"payload\": {\"text\": %2$s, \"id\": 9007199254740993}, \"group\":"
            + " %2$s, \"tags\": [%2$s], \"metadata\": {\"note\": %2$s}%3$s}";
    return served.enqueue(json.formatted(type, Json.write(text), more));
  }

  private String worker(String name, String recovery, String... types) {
    return served
        .post(
            "/api/v1/worker/register",
            "{\"name\": \"%s\", \"types\": %s, \"concurrency\": 4, \"recovery\": \"%s\", \"lease\": \"1h\"}"
                .formatted(name, Json.write(List.of(types)), recovery))
        .is(201)
        .text("worker");
  }

  private JsonNode claimed(String worker) {
    return served
        .post("/api/v1/worker/claim", "{\"worker\": \"%s\"}".formatted(worker))
        .is(200)
        .json()
        .at("/jobs/0");
  }

  private void end(JsonNode job, String how, String fields) {
    served.post(path(job, how), body(job, fields)).is(200);
  }

  private void tell(JsonNode job, String what, String fields) {
    served.post(path(job, what), body(job, fields)).is(204);
  }

  private static String path(JsonNode job, String what) {
    return "/api/v1/worker/jobs/%s/%s".formatted(job.get("id").asString(), what);
  }

  private static String body(JsonNode job, String fields) {
    return "{\"lease\": \"%s\", %s}".formatted(job.get("lease").asString(), fields);
  }
}
