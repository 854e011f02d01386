package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.spi.JobStore;
import dev.holdfast.testkit.process.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("R-23")
class WorkerProtocolTest {
  private static final String WORKER = "/api/v1/worker/";
  private static final Duration LEASE = Duration.ofSeconds(3);

  @TempDir Path folder;
  private ServedQueue served;
  private String worker;

  @BeforeEach
  void serve() {
    serveAgain();
    worker = register();
  }

  private void serveAgain() {
    served = new ServedQueue(folder, ServerConfig.defaults().port(0).workerLease(LEASE));
  }

  @AfterEach
  void close() {
    served.close();
  }

  private String register() {
    return served
        .post(WORKER + "register", "{\"name\": \"w\", \"types\": [\"t\"], \"concurrency\": 4}")
        .is(201)
        .text("worker");
  }

  private String enqueue() {
    return served.enqueue("{\"type\": \"t\", \"payload\": {\"n\": 1}}");
  }

  private Reply claim(String more) {
    return served.post(
        WORKER + "claim",
        "{\"worker\": \"%s\", \"types\": [\"t\"], \"limit\": 10%s}".formatted(worker, more));
  }

  private JsonNode claimOne() {
    JsonNode jobs = claim("").is(200).json().get("jobs");
    assertThat(jobs.size()).isEqualTo(1);
    return jobs.get(0);
  }

  private Reply tell(JsonNode job, String what, String more) {
    return served.post(
        WORKER + "jobs/" + job.get("id").asString() + "/" + what,
        "{\"lease\": \"%s\"%s}".formatted(job.get("lease").asString(), more));
  }

  private Reply beat(String more) {
    return served.post(WORKER + "heartbeat", "{\"worker\": \"%s\"%s}".formatted(worker, more));
  }

  private static String listing(JsonNode job) {
    return ", \"jobs\": [{\"id\": \"%s\", \"lease\": \"%s\"}]"
        .formatted(job.get("id").asString(), job.get("lease").asString());
  }

  private JsonNode job(String id) {
    return served.get("/api/v1/jobs/" + id).is(200).json();
  }

  private String state(String id) {
    return job(id).get("state").asString();
  }

  @Nested
  class A_claim {
    @Test
    void returns_everything_needed_to_run_the_job() {
      String id = enqueue();

      JsonNode job = claimOne();

      assertThat(job.get("id").asString()).isEqualTo(id);
      assertThat(job.get("payload").toString()).isEqualTo("{\"n\":1}");
      assertThat(job.get("attempt").intValue()).isEqualTo(1);
      assertThat(job.get("token").longValue()).isEqualTo(1);
      assertThat(state(id)).isEqualTo("RUNNING");
      assertThat(job(id).get("worker").asString()).isEqualTo("w");
    }

    @Test
    void of_a_worker_that_is_not_known_gets_nothing() {
      String id = enqueue();
      worker = UUID.randomUUID().toString();

      claim("").isProblem(404, "not-found");
      claim(", \"wait\": \"1s\"").isProblem(404, "not-found");

      assertThat(state(id)).isEqualTo("PENDING");
    }

    @Test
    void of_a_worker_that_has_left_gets_nothing_but_accepts_its_ends() {
      String left = enqueue();
      JsonNode job = claimOne();
      served.holdfast.embedding().store().nodes().deregister(new NodeId(UUID.fromString(worker)));
      served.close();
      serveAgain();
      String waits = enqueue();
      String ends =
          ", \"ends\": [{\"id\": \"%s\", \"lease\": \"%s\", \"how\": \"complete\"}]"
              .formatted(left, job.get("lease").asString());

      assertThat(claim(ends).is(200).json().get("jobs")).isEmpty();

      assertThat(state(left)).isEqualTo("COMPLETED");
      assertThat(state(waits)).isEqualTo("PENDING");
      claim("").isProblem(404, "not-found");
      beat("").is(200);
      assertThat(claimOne().get("id").asString()).isEqualTo(waits);
    }

    @Test
    @Tag("R-42")
    void passes_the_trace_of_the_job_to_every_attempt() {
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      String body = "{\"type\": \"t\"}";
      served.call("POST", "/api/v1/jobs", body, "traceparent", parent, "tracestate", "v=x").is(201);

      JsonNode first = claimOne();
      tell(first, "release", "").is(200);
      JsonNode second = claimOne();

      for (JsonNode job : List.of(first, second)) {
        assertThat(job.get("traceparent").asString()).isEqualTo(parent);
        assertThat(job.get("tracestate").asString()).isEqualTo("v=x");
      }
      enqueue();
      assertThat(claimOne().get("traceparent").isNull()).isTrue();
    }

    @Test
    void that_may_wait_returns_when_there_is_work() {
      CompletableFuture<Reply> waiting =
          CompletableFuture.supplyAsync(() -> claim(", \"wait\": \"30s\""));
      Eventually.is("one node", () -> served.holdfast.queue().status().nodes().size() == 1);

      String id = enqueue();

      JsonNode jobs = waiting.join().is(200).json().get("jobs");
      assertThat(jobs.get(0).get("id").asString()).isEqualTo(id);
    }

    @Test
    void that_waited_in_vain_returns_nothing() {
      JsonNode answer = claim(", \"wait\": \"50ms\"").is(200).json();

      assertThat(answer.get("jobs").size()).isZero();
    }

    @Test
    void acknowledges_in_the_same_call_and_lists_late_ones() {
      String first = enqueue();
      JsonNode done = claimOne();
      String second = enqueue();
      JsonNode late = claimOne();
      served.post("/api/v1/jobs/" + second + "/cancel", null).is(200);
      String third = enqueue();

      JsonNode answer =
          claim(
                  ", \"ends\": [{\"id\": \"%s\", \"how\": \"complete\", \"lease\": \"%s\", \"result\": 7}, {\"id\": \"%s\", \"how\": \"complete\", \"lease\": \"%s\"}]"
                      .formatted(
                          first,
                          done.get("lease").asString(),
                          second,
                          late.get("lease").asString()))
              .is(200)
              .json();

      assertThat(answer.get("jobs").get(0).get("id").asString()).isEqualTo(third);
      assertThat(answer.get("stale").toString()).isEqualTo("[\"" + second + "\"]");
      assertThat(job(first).get("result").intValue()).isEqualTo(7);
    }

    @Test
    void that_is_malformed_reports_the_error() {
      for (String more :
          new String[] {
            ", \"limit\": 1001",
            ", \"limit\": -1",
            ", \"wait\": \"2h\"",
            ", \"types\": []",
            ", \"tpes\": []",
            ", \"worker\": \"me\"",
            ", \"ends\": [{\"id\": \"x\"}]"
          }) {
        claim(more).isProblem(400, "bad-request");
      }
    }
  }

  @Nested
  class An_attempt {
    @Test
    void that_completes_stores_its_result() {
      String id = enqueue();

      tell(claimOne(), "complete", ", \"result\": {\"words\": 3}, \"ran_ms\": 12").is(200);

      assertThat(state(id)).isEqualTo("COMPLETED");
      assertThat(job(id).get("result").toString()).isEqualTo("{\"words\":3}");
    }

    @Test
    @Tag("R-12")
    void whose_lease_has_ended_changes_nothing_any_more() {
      String id = enqueue();
      JsonNode first = claimOne();
      served.post("/api/v1/jobs/" + id + "/cancel", null).is(200);
      served.post("/api/v1/jobs/" + id + "/retry", null).is(200);
      claimOne();

      tell(first, "complete", "").isProblem(409, "stale-lease");
      tell(first, "fail", ", \"failure\": {\"message\": \"m\"}").isProblem(409, "stale-lease");
      tell(first, "progress", ", \"percent\": 50").isProblem(409, "stale-lease");
      tell(first, "checkpoint", ", \"name\": \"n\", \"state\": 1").isProblem(409, "stale-lease");
      assertThat(state(id)).isEqualTo("RUNNING");
    }

    @Test
    @Tag("R-18")
    void that_fails_is_retried_as_requested() {
      String again = enqueue();
      tell(claimOne(), "fail", ", \"failure\": {\"message\": \"boom\"}").is(200);
      String later = enqueue();
      tell(claimOne(), "fail", ", \"failure\": {\"message\": \"m\"}, \"retry_in\": \"1h\"").is(200);
      String never = enqueue();
      tell(claimOne(), "fail", ", \"failure\": {\"message\": \"m\"}, \"retry\": false").is(200);

      assertThat(state(again)).isEqualTo("SCHEDULED");
      assertThat(state(later)).isEqualTo("SCHEDULED");
      assertThat(job(never).get("failure").get("kind").asString()).isEqualTo("NOT_RETRYABLE");
    }

    @Test
    @Tag("R-18")
    void that_fails_for_the_last_time_is_a_dead_letter() {
      String id = served.enqueue("{\"type\": \"t\", \"max_attempts\": 1}");

      tell(claimOne(), "fail", ", \"failure\": {\"message\": \"boom\", \"trace\": \"at x\"}")
          .is(200);

      assertThat(state(id)).isEqualTo("FAILED");
      assertThat(job(id).get("failure").get("message").asString()).isEqualTo("boom");
    }

    @Test
    void that_snoozes_or_gives_its_job_back_is_not_charged() {
      String snoozed = enqueue();
      tell(claimOne(), "snooze", ", \"delay\": \"1h\"").is(200);
      String released = enqueue();
      tell(claimOne(), "release", ", \"reason\": \"no disk\"").is(200);

      assertThat(state(snoozed)).isEqualTo("SCHEDULED");
      assertThat(job(snoozed).get("attempt").intValue()).isZero();
      assertThat(state(released)).isEqualTo("PENDING");
      assertThat(job(released).get("attempt").intValue()).isZero();
    }

    @Test
    @Tag("R-09")
    @Tag("R-10")
    @Tag("R-21")
    void is_seen_in_its_progress_and_log_and_leaves_checkpoints_to_the_next() {
      String id = enqueue();
      JsonNode first = claimOne();

      tell(first, "progress", ", \"percent\": 40, \"message\": \"half\"").is(204);
      tell(first, "log", ", \"lines\": [{\"level\": \"WARN\", \"message\": \"hm\"}]").is(204);
      tell(first, "checkpoint", ", \"name\": \"page\", \"state\": {\"n\": 3}").is(204);

      assertThat(job(id).get("progress").intValue()).isEqualTo(40);
      assertThat(served.get("/api/v1/jobs/" + id + "/logs").body()).contains("\"hm\"");
      tell(first, "release", "").is(200);
      assertThat(claimOne().get("checkpoints").toString()).isEqualTo("{\"page\":{\"n\":3}}");
    }

    @Test
    @Tag("R-69")
    void leaves_steps_to_the_next_and_suspends_its_job_in_them() {
      String id = enqueue();
      JsonNode first = claimOne();
      assertThat(first.get("steps").toString()).isEqualTo("[]");
      tell(first, "step", ", \"name\": \"charge\", \"result\": {\"n\": 3}, \"ran_ms\": 5").is(204);
      JsonNode nap = tell(first, "sleep", ", \"name\": \"nap\", \"delay\": \"1ms\"").is(200).json();
      assertThat(nap.toString()).isEqualTo("{\"done\":false,\"state\":\"SCHEDULED\"}");
      tell(first, "step", ", \"name\": \"late\", \"result\": 1").isProblem(409, "stale-lease");

      JsonNode second = claimWhenDue();
      assertThat(second.get("attempt").intValue()).isEqualTo(1);
      assertThat(second.get("steps").get(0).get("result").toString()).isEqualTo("{\"n\":3}");
      assertThat(second.get("steps").get(1).get("finished_at").isNull()).isTrue();
      tell(second, "sleep", ", \"name\": \"charge\", \"delay\": \"1ms\"")
          .isProblem(400, "bad-request");
      assertThat(tell(second, "sleep", ", \"name\": \"nap\", \"delay\": \"1ms\"").is(200).body())
          .isEqualTo("{\"done\":true}");
      String wait = ", \"name\": \"approval\", \"timeout\": \"1h\"";
      assertThat(tell(second, "await-signal", wait).is(200).json().get("state").asString())
          .isEqualTo("BLOCKED");
      served.post(
          "/api/v1/jobs/" + id + "/signal", "{\"name\": \"approval\", \"payload\": \"ada\"}");

      JsonNode third = claimOne();
      assertThat(tell(third, "await-signal", wait).is(200).body())
          .isEqualTo("{\"done\":true,\"taken\":true,\"payload\":\"ada\"}");
      tell(third, "complete", "").is(200);
      JsonNode steps = served.get("/api/v1/jobs/" + id + "/steps").is(200).json().get("steps");
      assertThat(steps.size()).isEqualTo(3);
      assertThat(steps.get(2).get("finished_at").isNull()).isFalse();
    }

    @Test
    @Tag("R-69")
    void enqueues_jobs_in_a_step_once_and_waits_for_their_ends() {
      enqueue();
      JsonNode first = claimOne();
      String jobs = ", \"name\": \"parts\", \"jobs\": [{\"type\": \"t\", \"payload\": 7}]";
      assertThat(tell(first, "await-jobs", jobs).is(200).json().get("done").booleanValue())
          .isFalse();
      assertThat(tell(first, "await-jobs", jobs).is(200).json().get("done").booleanValue())
          .as("repeated, as its response was lost")
          .isFalse();

      JsonNode part = claimOne();
      assertThat(part.get("payload").intValue()).isEqualTo(7);
      tell(part, "complete", ", \"result\": 70").is(200);

      JsonNode second = claimOne();
      assertThat(second.get("id")).isEqualTo(first.get("id"));
      JsonNode done = tell(second, "await-jobs", jobs).is(200).json();
      assertThat(done.get("done").booleanValue()).isTrue();
      assertThat(done.get("jobs").get(0).get("result").intValue()).isEqualTo(70);
      assertThat(done.get("jobs").get(0).get("position").intValue()).isZero();
      tell(second, "complete", "").is(200);
    }

    @Test
    @Tag("R-69")
    void enqueues_no_jobs_in_a_step_after_its_end() {
      enqueue();
      JsonNode first = claimOne();
      tell(first, "complete", "").is(200);

      tell(first, "await-jobs", ", \"name\": \"parts\", \"jobs\": [{\"type\": \"part\"}]")
          .isProblem(409, "stale-lease");

      assertThat(served.get("/api/v1/jobs?type=part").json().get("jobs").size()).isZero();
    }

    @Test
    @Tag("R-69")
    void enqueues_no_deliveries_of_webhooks_in_a_step() {
      String id = enqueue();
      String delivery = "{\"type\": \"holdfast.webhook\", \"payload\": {\"delivery\": 1}}";

      Reply refused =
          tell(
              claimOne(),
              "await-jobs",
              ", \"name\": \"parts\", \"jobs\": [{\"type\": \"part\"}, " + delivery + "]");

      assertThat(refused.isProblem(400, "bad-request").text("detail"))
          .contains("made by the server");
      assertThat(served.get("/api/v1/jobs").json().get("jobs").size()).isEqualTo(1);
      assertThat(state(id)).isEqualTo("RUNNING");
    }

    @Test
    @Tag("R-69")
    void does_not_wait_in_a_step_for_its_own_job() {
      String id = served.enqueue("{\"type\": \"t\", \"key\": \"own\"}");
      JsonNode job = claimOne();
      String dependent = "{\"type\": \"part\", \"depends_on\": [\"%s\"]}".formatted(id);

      for (String part : List.of(dependent, "{\"type\": \"t\", \"key\": \"own\"}")) {
        Reply refused =
            tell(job, "await-jobs", ", \"name\": \"parts\", \"jobs\": [%s]".formatted(part));
        assertThat(refused.isProblem(400, "bad-request").text("detail")).contains("never end");
        assertThat(state(id)).isEqualTo("RUNNING");
      }
      assertThat(served.get("/api/v1/jobs").json().get("jobs").size()).isEqualTo(1);
    }

    private JsonNode claimWhenDue() {
      JobStore store = served.holdfast.embedding().store();
      Eventually.is("a job that is due", () -> store.promote(10).promoted() > 0);
      return claimOne();
    }

    @Test
    void treats_null_like_an_omitted_field() {
      String end = ", \"ran_ms\": null, ";
      String first = enqueue();
      JsonNode job = claimOne();
      tell(job, "progress", ", \"percent\": 1, \"message\": null").is(204);
      tell(job, "log", ", \"lines\": [{\"level\": null, \"message\": \"m\", \"details\": null}]")
          .is(204);
      tell(job, "release", end + "\"reason\": null").is(200);
      tell(claimOne(), "complete", end + "\"result\": null").is(200);
      assertThat(state(first)).isEqualTo("COMPLETED");

      String fails =
          end
              + "\"failure\": {\"message\": \"m\", \"trace\": null}, \"retry\": null,"
              + " \"retry_in\": null";
      String second = enqueue();
      tell(claimOne(), "fail", fails).is(200);
      assertThat(state(second)).isEqualTo("SCHEDULED");

      String third = enqueue();
      JsonNode listed = claimOne();
      claim(
              ", \"ends\": [{\"id\": \"%s\", \"how\": \"fail\", \"lease\": \"%s\"%s}]"
                  .formatted(third, listed.get("lease").asString(), fails))
          .is(200);
      assertThat(state(third)).isEqualTo("SCHEDULED");
    }

    @Test
    @Tag("R-12")
    void that_was_ended_is_not_ended_otherwise_but_may_be_repeated() {
      String id = enqueue();
      JsonNode job = claimOne();
      tell(job, "snooze", ", \"delay\": \"1h\"").is(200);

      Reply refused = tell(job, "complete", ", \"result\": 7").isProblem(409, "conflict");
      assertThat(refused.text("detail")).contains("snooze", "SCHEDULED");
      tell(job, "snooze", ", \"delay\": \"1h\"").is(200);
      String ends =
          ", \"wait\": null, \"ends\": [{\"id\": \"%s\", \"lease\": \"%s\", \"how\": \"%s\"%s}]";
      String lease = job.get("lease").asString();
      JsonNode answer = claim(ends.formatted(id, lease, "complete", "")).is(200).json();
      assertThat(answer.get("stale")).isEmpty();
      assertThat(answer.get("contradicted").toString())
          .isEqualTo(
              "[{\"id\":\"%s\",\"ended_as\":\"snooze\",\"state\":\"SCHEDULED\"}]".formatted(id));
      String again = ends.formatted(id, lease, "snooze", ", \"delay\": \"1h\"");
      assertThat(claim(again).is(200).json().get("contradicted")).isEmpty();
      assertThat(state(id)).isEqualTo("SCHEDULED");
      assertThat(job(id).get("result").isNull()).isTrue();
    }

    @Test
    void under_a_forged_lease_is_refused() {
      String id = enqueue();
      claimOne();
      for (String lease : new String[] {"", "x", "1.2.3.4", "a".repeat(36) + ".1.1.1"}) {
        served
            .post(WORKER + "jobs/" + id + "/complete", "{\"lease\": \"%s\"}".formatted(lease))
            .isProblem(400, "bad-request");
      }
    }
  }

  @Nested
  class What_a_worker_said_when_it_registered {
    private void register(String fields) {
      worker =
          served
              .post(WORKER + "register", "{\"name\": \"w\"" + fields + "}")
              .is(201)
              .text("worker");
    }

    private JsonNode claimed(String more) {
      return served
          .post(WORKER + "claim", "{\"worker\": \"%s\", \"limit\": 10%s}".formatted(worker, more))
          .is(200)
          .json()
          .get("jobs");
    }

    @Test
    void holds_for_its_claims_unless_they_say_otherwise() {
      register(", \"types\": [\"t\"], \"queues\": [\"q\"], \"capabilities\": {\"gpu\": true}");
      String mine =
          served.enqueue("{\"type\": \"t\", \"queue\": \"q\", \"requires\": {\"gpu\": true}}");
      String elsewhere = enqueue();
      served.enqueue("{\"type\": \"other\", \"queue\": \"q\"}");

      JsonNode jobs = claimed("");
      assertThat(jobs).hasSize(1);
      assertThat(jobs.get(0).get("id").asString()).isEqualTo(mine);
      assertThat(claimed(", \"queues\": [\"default\"]").get(0).get("id").asString())
          .isEqualTo(elsewhere);
      served.close();
      serveAgain(); // another server knows it too
      assertThat(claimed("")).isEmpty();
      assertThat(claimed(", \"types\": [\"other\"]")).hasSize(1);
    }

    @Test
    void may_have_no_types_which_means_all() {
      for (String types : List.of("", ", \"types\": [\"*\"]", ", \"types\": null")) {
        register(types);
        enqueue();
        String id = served.enqueue("{\"type\": \"any\"}");
        assertThat(served.get("/api/v1/jobs/" + id + "/explain").body()).contains("OTHERS_");
        assertThat(claimed("")).hasSize(2);
      }
    }

    @Test
    @Tag("R-30")
    void determines_what_happens_to_released_jobs() {
      register(", \"types\": [\"t\"], \"recovery\": \"HOLD\"");
      String released = enqueue();
      tell(claimed("").get(0), "release", "").is(200);
      String left = enqueue();
      claimed("");
      served.post(WORKER + "leave", "{\"worker\": \"%s\"}".formatted(worker)).is(204);

      assertThat(state(released)).isEqualTo("INTERRUPTED");
      assertThat(state(left)).isEqualTo("INTERRUPTED");
    }

    @Test
    void chooses_its_lease_within_limits() {
      String asked = "{\"name\": \"w\", \"types\": [\"t\"], \"lease\": \"%s\"}";
      JsonNode made = served.post(WORKER + "register", asked.formatted("10m")).is(201).json();
      assertThat(made.get("lease_ms").longValue()).isEqualTo(600_000);
      assertThat(made.get("heartbeat_ms").longValue()).isEqualTo(200_000);
      worker = made.get("worker").asString();
      beat("").is(200);
      assertThat(
              served
                  .holdfast
                  .embedding()
                  .store()
                  .nodes()
                  .registration(new NodeId(UUID.fromString(worker)))
                  .orElseThrow()
                  .lease())
          .isEqualTo(Duration.ofMinutes(10));
      for (String lease : List.of("4999ms", "61m")) {
        served.post(WORKER + "register", asked.formatted(lease)).isProblem(400, "bad-request");
      }
    }

    @Test
    void shows_its_slots_and_how_many_are_free() {
      register(", \"types\": [\"t\"], \"concurrency\": 4");
      enqueue();
      String own = "\"node\":\"" + worker + "\"";
      assertThat(workerJson(own).get("free").intValue()).isEqualTo(4);
      JsonNode job = claimed("").get(0);
      for (String listed : List.of(listing(job), "")) {
        beat(listed).is(200);
        assertThat(workerJson(own).get("slots").intValue()).isEqualTo(4);
        assertThat(workerJson(own).get("running").intValue()).isEqualTo(1);
        assertThat(workerJson(own).get("free").intValue()).isEqualTo(3);
      }
    }

    private JsonNode workerJson(String own) {
      return served.get("/api/v1/workers").is(200).json().get("workers").values().stream()
          .filter(one -> one.toString().contains(own))
          .findFirst()
          .orElseThrow();
    }
  }

  @Nested
  class A_heartbeat {
    @Test
    @Tag("R-20")
    void names_the_jobs_that_were_taken_from_the_worker() {
      String id = enqueue();
      JsonNode job = claimOne();
      assertThat(beat(listing(job)).is(200).json().get("revoked").size()).isZero();

      served.post("/api/v1/jobs/" + id + "/cancel", null).is(200);

      assertThat(beat(listing(job)).is(200).json().get("revoked").toString())
          .isEqualTo("[\"" + id + "\"]");
    }

    @Test
    @Tag("R-58")
    void gives_back_what_never_reached_the_worker() {
      String id = enqueue();
      claimOne(); // as if the answer had been lost

      Eventually.is(
          "it is given back",
          () -> {
            beat(", \"jobs\": []").is(200);
            return state(id).equals("PENDING");
          });

      assertThat(job(id).get("attempt").intValue()).isZero();
    }

    @Test
    void of_an_unknown_worker_is_not_found() {
      worker = "00000000-0000-0000-0000-000000000000";

      beat("").isProblem(404, "not-found");
    }

    @Test
    @Tag("R-28")
    void that_is_missing_for_a_lease_gives_the_jobs_to_others() {
      String id = enqueue();
      JsonNode first = claimOne();
      served.holdfast.start(); // from now on a node recovers jobs

      Eventually.is("it is pending", () -> state(id).equals("PENDING"));

      JsonNode taken = job(id);
      int charged = taken.get("crashes").intValue() + taken.get("lapses").intValue();
      assertThat(charged).isEqualTo(1); // a lapse, unless it has been settled
      tell(first, "complete", "").isProblem(409, "stale-lease");
      worker = register();
      tell(claimOne(), "complete", "").is(200);
      assertThat(served.holdfast.find(JobId.parse(id)).orElseThrow().attempt()).isEqualTo(1);
    }
  }

  @Test
  @Tag("R-31")
  void a_worker_that_leaves_gives_back_what_it_holds() {
    String id = enqueue();
    claimOne();

    served.post(WORKER + "leave", "{\"worker\": \"%s\"}".formatted(worker)).is(204);

    assertThat(state(id)).isEqualTo("PENDING");
    assertThat(job(id).get("attempt").intValue()).isZero();
    assertThat(served.holdfast.queue().status().nodes()).isEmpty();
  }
}
