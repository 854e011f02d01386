package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.PageRequest;
import dev.holdfast.RetryPolicy;
import dev.holdfast.http.Redaction;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.testkit.process.Eventually;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The routes for nodes, schedules, tokens, maintenance and statistics. */
class SeeingRoutesTest {
  private static final Duration WAIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static JobId ran(ServedQueue served, NewJob job) {
    JobId id = served.holdfast.enqueue(job).id();
    served.holdfast.await(id, WAIT).join();
    return id;
  }

  private static void startWorker(ServedQueue served) {
    served.holdfast.handle("ok", String.class, (text, context) -> text);
    served.holdfast.handle(
        "bad",
        String.class,
        (text, context) -> {
          throw new IllegalStateException("no");
        },
        HandlerPolicy.defaults().retry(RetryPolicy.none()));
    served.holdfast.start(NodeConfig.defaults());
  }

  @Nested
  @Tag("R-17")
  @Tag("R-27")
  class Nodes_and_workers {
    @Test
    void are_shown_and_controlled() {
      try (ServedQueue served = new ServedQueue(folder)) {
        assertThat(served.get("/api/v1/nodes").is(200).json().get("nodes").size()).isZero();
        startWorker(served);

        JsonNode node = served.get("/api/v1/nodes").is(200).json().get("nodes").get(0);
        JsonNode worker = served.get("/api/v1/workers").is(200).json().get("workers").get(0);
        assertThat(node.get("process_id").longValue()).isEqualTo(ProcessHandle.current().pid());
        assertThat(worker.get("node").asString()).isEqualTo(node.get("id").asString());
        assertThat(worker.get("types").toString()).isEqualTo("[\"bad\",\"ok\"]");

        String one = "/api/v1/nodes/" + node.get("id").asString();
        assertThat(served.post(one + "/quiet", null).is(202).text("order")).isEqualTo("drain");
        assertThat(order(served)).isEqualTo("drain");
        assertThat(served.post(one + "/start", null).is(202).text("order")).isEqualTo("run");
        assertThat(order(served)).isEqualTo("run");
        served
            .post("/api/v1/nodes/00000000-0000-0000-0000-000000000001/stop", null)
            .isProblem(404, "not-found");
        served.post("/api/v1/nodes/x/stop", null).isProblem(400, "bad-request");
      }
    }

    private String order(ServedQueue served) {
      JsonNode node = served.get("/api/v1/nodes").json().get("nodes").get(0);
      return node.get("order").asString();
    }
  }

  @Nested
  @Tag("R-25")
  class A_schedule {
    private static final String ONE = "/api/v1/schedules/nightly";

    @Test
    void is_declared_shown_run_paused_resumed_and_removed() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String declaration =
            """
            {"cron": "0 3 * * *", "zone": "Europe/Berlin", "job": {"type": "report", "payload": {"n": 1}},
             "missed": "CATCH_UP", "missed_after": "5m", "catch_up": 7, "overlap": "SKIP"}
            """;
        Reply made = served.call("PUT", ONE, declaration).is(201);
        assertThat(made.text("declared")).isEqualTo("CREATED");
        assertThat(made.text("declared_by")).isEqualTo("local");
        assertThat(made.text("zone")).isEqualTo("Europe/Berlin");
        assertThat(made.json().get("missed_after_seconds").doubleValue()).isEqualTo(300.0);
        assertThat(made.json().get("catch_up").intValue()).isEqualTo(7);
        assertThat(served.call("PUT", ONE, declaration).is(200).text("declared"))
            .isEqualTo("UNCHANGED");
        assertThat(served.get("/api/v1/schedules").is(200).json().get("schedules").size())
            .isEqualTo(1);

        String job = served.post(ONE + "/run", null).is(201).text("job_id");
        assertThat(served.get("/api/v1/jobs/" + job).is(200).text("type")).isEqualTo("report");
        assertThat(served.get(ONE).is(200).json().get("fires").get(0).get("job_id").asString())
            .isEqualTo(job);
        assertThat(served.post(ONE + "/pause", null).is(200).json().get("paused_at").isNull())
            .isFalse();
        assertThat(served.post(ONE + "/resume", null).is(200).json().get("paused_at").isNull())
            .isTrue();

        served.call("DELETE", ONE, null).is(204);
        served.call("DELETE", ONE, null).isProblem(404, "not-found");
        served.get(ONE).isProblem(404, "not-found");
        served.post(ONE + "/pause", null).isProblem(404, "not-found");
      }
    }

    @Test
    void that_is_invalid_is_refused_and_not_stored() {
      try (ServedQueue served = new ServedQueue(folder)) {
        for (String bad :
            List.of(
                "{\"cron\": \"0 3 * * *\"}",
                "{\"job\": {\"type\": \"t\"}}",
                "{\"cron\": \"0 3 * * *\", \"every\": \"1h\", \"job\": {\"type\": \"t\"}}",
                "{\"cron\": \"nonsense\", \"job\": {\"type\": \"t\"}}",
                "{\"every\": \"1h\", \"zone\": \"UTC\", \"job\": {\"type\": \"t\"}}",
                "{\"every\": \"1h\", \"job\": {\"type\": \"t\", \"key\": \"k\"}}",
                "{\"every\": \"1h\", \"job\": {\"type\": \"t\"}, \"x\": 1}")) {
          served.call("PUT", ONE, bad).isProblem(400, "bad-request");
        }
        served.get(ONE).isProblem(404, "not-found");
      }
    }
  }

  @Nested
  @Tag("R-47")
  class A_token {
    @Test
    void is_created_with_its_secret_shown_once_and_revoked() {
      try (ServedQueue served = new ServedQueue(folder)) {
        Reply admin =
            served.post("/api/v1/tokens", "{\"name\": \"root\", \"role\": \"admin\"}").is(201);
        String[] header = {"Authorization", "Bearer " + admin.text("secret")};
        String made =
            served
                .call(
                    "POST",
                    "/api/v1/tokens",
                    "{\"name\": \"v\", \"role\": \"viewer\", \"groups\": [\"a\"], \"valid_for\":"
                        + " \"1d\"}",
                    header)
                .is(201)
                .text("secret");

        Reply list = served.call("GET", "/api/v1/tokens", null, header).is(200);
        assertThat(list.json().get("tokens").size()).isEqualTo(2);
        assertThat(list.body()).doesNotContain(made, admin.text("secret"));
        assertThat(served.call("GET", "/api/v1/tokens/v", null, header).is(200).body())
            .contains("\"groups\":[\"a\"]")
            .doesNotContain(made);
        served.call("GET", "/api/v1/jobs", null, "Authorization", "Bearer " + made).is(200);
        served
            .call("POST", "/api/v1/tokens", "{\"name\": \"v\", \"role\": \"admin\"}", header)
            .isProblem(409, "conflict");
        served
            .call("POST", "/api/v1/tokens", "{\"name\": \"w\", \"role\": \"king\"}", header)
            .isProblem(400, "bad-request");
        served.call("DELETE", "/api/v1/tokens/v", null, header).is(204);
        served.call("DELETE", "/api/v1/tokens/v", null, header).isProblem(404, "not-found");
        assertThat(served.call("GET", "/api/v1/tokens/v", null, header).json().get("valid"))
            .hasToString("false");
      }
    }
  }

  @Nested
  class Maintenance {
    @Test
    void removes_what_is_old() {
      try (ServedQueue served = new ServedQueue(folder)) {
        startWorker(served);
        JobId id = ran(served, NewJob.of("ok", "x"));

        assertThat(count(served.post("/api/v1/maintenance/cleanup", null))).isZero();
        assertThat(count(served.post("/api/v1/maintenance/cleanup", "{\"older_than\": \"1h\"}")))
            .isZero();
        Reply removed = served.post("/api/v1/maintenance/cleanup", "{\"older_than\": \"0s\"}");
        assertThat(count(removed)).isEqualTo(1);
        assertThat(removed.body()).contains(id.toString());
      }
    }

    @Test
    void removes_by_an_age_for_each_state_and_keeps_what_is_not_named() {
      try (ServedQueue served = new ServedQueue(folder)) {
        startWorker(served);
        JobId completed = ran(served, NewJob.of("ok", "x"));
        JobId failed = ran(served, NewJob.of("bad", "x"));
        String path = "/api/v1/maintenance/cleanup";

        served
            .post(path, "{\"older_than\": \"0s\", \"failed\": \"0s\"}")
            .isProblem(400, "bad-request");
        Reply removed = served.post(path, "{\"completed\": \"0s\", \"cancelled\": \"0s\"}");

        assertThat(count(removed)).isEqualTo(1);
        assertThat(removed.body()).contains(completed.toString());
        assertThat(served.holdfast.find(failed)).isPresent();
      }
    }

    @Test
    void examines_every_row() throws SQLException {
      try (ServedQueue served = new ServedQueue(folder)) {
        String path = "/api/v1/maintenance/integrity-check";
        served.enqueue("{\"type\": \"t\"}");
        JsonNode sound = served.post(path, null).is(200).json();
        assertThat(sound.get("ok").booleanValue()).isTrue();
        assertThat(sound.get("findings")).isEmpty();

        sql("delete from job_payloads");

        JsonNode damaged = served.post(path, null).is(200).json();
        assertThat(damaged.get("ok").booleanValue()).isFalse();
        assertThat(damaged.at("/findings/0/code").asString()).isEqualTo("payload-missing");
      }
    }

    @Test
    @Tag("R-52")
    void maintains_the_database() throws SQLException {
      try (ServedQueue served = new ServedQueue(folder)) {
        String path = "/api/v1/maintenance/";
        Path log = folder.resolve("q.db-wal");
        JobId large = served.holdfast.enqueue(NewJob.of("t", "x".repeat(1_000_000))).id();
        served.holdfast.queue().delete(List.of(large));

        JsonNode moved = served.post(path + "checkpoint", "{\"mode\": \"passive\"}").is(200).json();
        assertThat(moved.get("moved").longValue())
            .isPositive()
            .isEqualTo(moved.get("pages").longValue());
        assertThat(log.toFile().length()).isGreaterThan(1_000_000);
        served.post(path + "checkpoint", null).is(200);
        assertThat(log.toFile().length()).isLessThan(100_000); // the audit log was written since
        served.post(path + "checkpoint", "{\"mode\": \"x\"}").isProblem(400, "bad-request");

        assertThat(served.post(path + "analyze", null).is(204).body()).isEmpty();
        sql("select * from sqlite_stat1"); // which is there now

        JsonNode vacuumed = served.post(path + "vacuum", null).is(200).json();
        assertThat(vacuumed.get("bytes_after").longValue())
            .isLessThan(vacuumed.get("bytes_before").longValue() - 900_000)
            .isEqualTo(folder.resolve("q.db").toFile().length());
      }
    }

    @Test
    @Tag("R-52")
    void optimizes_the_database_and_shows_its_sizes() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String path = "/api/v1/maintenance/";
        served.holdfast.enqueue(NewJob.of("t", 1));

        JsonNode optimized = served.post(path + "optimize", null).is(200).json();
        assertThat(optimized.at("/after/bytes").longValue()).isPositive();
        JsonNode full = served.post(path + "optimize", "{\"full\": true}").is(200).json();
        assertThat(full.at("/after/free_bytes").longValue()).isZero();
        served.post(path + "optimize", "{\"all\": true}").isProblem(400, "bad-request");

        JsonNode stats = served.get(path + "stats").is(200).json();
        assertThat(stats.at("/rebuild_bytes").longValue()).isPositive();
        assertThat(stats.at("/relations/0/bytes").longValue()).isPositive();
        assertThat(stats.at("/oldest_transaction").isNull()).isTrue();
        assertThat(stats.at("/jobs").toString()).contains("{\"state\":\"PENDING\",\"jobs\":1,");

        startWorker(served);
        Reply refused = served.post(path + "optimize", "{\"full\": true}");
        refused.isProblem(409, "conflict");
        assertThat(refused.body()).contains("no node is alive", "bytes of free space");
      }
    }

    private void sql(String text) throws SQLException {
      try (Connection connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("q.db"));
          Statement statement = connection.createStatement()) {
        statement.execute(text);
      }
    }

    @Test
    @Tag("R-51")
    void makes_backups_under_names_that_lead_nowhere_else() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String path = "/api/v1/maintenance/backup";
        JsonNode made = served.post(path, "{\"name\": \"a\", \"keep\": 3}").is(201).json();
        assertThat(Path.of(made.get("file").asString()))
            .hasParent(folder.resolve("q.db-holdfast/backups"))
            .hasSize(made.get("bytes").longValue());
        served.post(path, "{\"name\": \"a\"}").isProblem(409, "conflict");
        served.post(path, null).is(201);
        for (String wrong : List.of("\"../b\"", "\"b/c\"", "\"B\"", "\"\"", "7")) {
          served.post(path, "{\"name\": %s}".formatted(wrong)).isProblem(400, "bad-request");
        }
        served.post(path, "{\"keep\": 0}").isProblem(400, "bad-request");
        JsonNode last = served.post(path, "{\"name\": \"b\", \"keep\": 1}").is(201).json();
        assertThat(last.get("removed").size()).isEqualTo(2);
        assertThat(served.holdfast.embedding().server().audit().newest(Optional.empty(), 10))
            .anySatisfy(record -> assertThat(record.action().targets()).containsExactly("a"));
      }
    }

    private int count(Reply reply) {
      return reply.is(200).json().get("count").intValue();
    }
  }

  @Nested
  @Tag("R-38")
  class Statistics {
    @Test
    void count_waiting_and_ended_jobs() {
      try (ServedQueue served = new ServedQueue(folder)) {
        startWorker(served);
        ran(served, NewJob.of("ok", "x"));
        ran(served, NewJob.of("ok", "x"));
        ran(served, NewJob.of("bad", "x"));
        served.holdfast.enqueue(NewJob.of("later", "x").in(WAIT));

        JsonNode stats = served.get("/api/v1/stats?window=10m").is(200).json();
        assertThat(stats.at("/depth/by_state").toString())
            .isEqualTo("{\"FAILED\":1,\"SCHEDULED\":1}");
        assertThat(stats.at("/depth/by_type/later/SCHEDULED").intValue()).isEqualTo(1);
        assertThat(stats.at("/ended/completed").intValue()).isEqualTo(2);
        assertThat(stats.at("/ended/success_rate").doubleValue()).isEqualTo(2.0 / 3);
        assertThat(stats.at("/ended/by_type/bad/failure_rate").doubleValue()).isEqualTo(1.0);
        assertThat(stats.at("/ended/per_second").doubleValue()).isEqualTo(3.0 / 600);

        JsonNode throughput =
            served.get("/api/v1/stats/throughput?window=10m&bucket=5m").is(200).json();
        assertThat(throughput.get("buckets").size()).isEqualTo(2);
        assertThat(throughput.at("/buckets/1/completed").intValue()).isEqualTo(2);
        assertThat(throughput.at("/buckets/1/failed").intValue()).isEqualTo(1);

        JsonNode percentiles = served.get("/api/v1/stats/percentiles").is(200).json();
        assertThat(percentiles.at("/types/1/type").asString()).isEqualTo("ok");
        assertThat(percentiles.at("/types/1/jobs").intValue()).isEqualTo(2);
      }
    }

    @Test
    void are_kept_over_time() {
      try (ServedQueue served = new ServedQueue(folder)) {
        startWorker(served);
        ran(served, NewJob.of("ok", "x"));
        ran(served, NewJob.of("bad", "x").on("other-queue"));
        Eventually.is(
            "the figures are added up",
            () ->
                served
                        .get("/api/v1/stats/series")
                        .is(200)
                        .json()
                        .at("/series/0/total/failed")
                        .intValue()
                    == 1);

        JsonNode all = served.get("/api/v1/stats/series").is(200).json();
        assertThat(all.at("/step_seconds").doubleValue()).isEqualTo(60.0);
        assertThat(all.at("/series/0/queue").isNull()).isTrue();
        assertThat(all.at("/series/0/total/enqueued").intValue()).isEqualTo(2);
        assertThat(all.at("/series/0/total/run/jobs").intValue()).isEqualTo(2);
        JsonNode byQueue = served.get("/api/v1/stats/series?by=queue").is(200).json();
        assertThat(byQueue.at("/series/0/queue").asString()).isEqualTo("default");
        assertThat(byQueue.at("/series/1/queue").asString()).isEqualTo("other-queue");
      }
    }

    @Test
    void refuse_windows_and_buckets_that_are_out_of_range() {
      try (ServedQueue served = new ServedQueue(folder)) {
        for (String bad :
            List.of(
                "?window=0s",
                "?window=32d",
                "/throughput?window=1h&bucket=1s",
                "/throughput?window=1h&bucket=2h",
                "/percentiles?window=x",
                "/series?from=yesterday",
                "/series?step=90s",
                "/series?from=2020-01-01T00:00:00Z",
                "/series?by=group")) {
          served.get("/api/v1/stats" + bad).isProblem(400, "bad-request");
        }
      }
    }
  }

  @Nested
  @Tag("R-74")
  class Failures {
    private static final String PATH = "/api/v1/failures";

    @SuppressWarnings("serial") // never serialized
    private static final class Refused extends RuntimeException {
      private Refused(String message) {
        super(message);
      }
    }

    @Test
    void are_grouped_muted_retried_and_deleted() {
      try (ServedQueue served = new ServedQueue(folder)) {
        served.holdfast.handle(
            "picky",
            String.class,
            (text, context) -> {
              throw new Refused("no room for '%s'".formatted(text));
            },
            HandlerPolicy.defaults().retry(RetryPolicy.none()));
        served.holdfast.start(NodeConfig.defaults());
        ran(served, NewJob.of("picky", "x"));
        JobId last = ran(served, NewJob.of("picky", "y"));

        JsonNode all = served.get(PATH).is(200).json();
        assertThat(all.get("jobs").intValue()).isEqualTo(2);
        JsonNode group = all.at("/failures/0");
        assertThat(group.get("message").asString()).isEqualTo("Refused: no room for <quoted>");
        assertThat(group.get("example").asString()).isEqualTo(last.toString());
        String one = PATH + "/" + group.get("fingerprint").asString();
        assertThat(served.get(one).is(200).json()).isEqualTo(group);

        assertThat(served.post(one + "/mute", "{\"for\": \"1h\"}").is(200).text("muted_by"))
            .isEqualTo("local");
        assertThat(served.get(PATH + "?muted=false").is(200).json().get("failures").size())
            .isZero();
        JsonNode unmuted = served.call("DELETE", one + "/mute", null).is(200).json();
        assertThat(unmuted.get("muted").booleanValue()).isFalse();

        JsonNode deleted = served.call("DELETE", one, null).is(200).json();
        assertThat(deleted.get("jobs").intValue()).isEqualTo(2);
        served.get(one).isProblem(404, "not-found");
        served.post(one + "/mute", "{}").isProblem(404, "not-found");
        served.get(PATH + "/x").isProblem(400, "bad-request");
      }
    }
  }

  @Nested
  @Tag("R-38")
  class Meters_for_Prometheus {
    @Test
    void are_those_of_the_queue_its_nodes_and_this_process() {
      try (ServedQueue served = new ServedQueue(folder)) {
        startWorker(served);
        ran(served, NewJob.of("ok", "x"));
        served.holdfast.enqueue(NewJob.of("later", "x").in(WAIT));

        Eventually.is(
            "what ended is added up",
            () -> served.get("/metrics").body().contains("holdfast_queue_run_seconds{"));
        String metrics = served.get("/metrics").is(200).body();
        assertThat(metrics.lines())
            .contains(
                "holdfast_queue_jobs{queue=\"default\",state=\"scheduled\",type=\"later\"} 1.0",
                "holdfast_queue_lost_nodes 0.0",
                "holdfast_queue_recovered_jobs 0.0",
                "holdfast_event_streams 0.0")
            .noneMatch(line -> line.startsWith("holdfast_queue_problems{"))
            .anyMatch(
                line ->
                    line.startsWith("holdfast_queue_run_seconds{quantile=\"0.99\",type=\"ok\"}"))
            .anyMatch(line -> line.startsWith("holdfast_queue_ended_per_second{queue=\"default\""))
            .contains(
                "holdfast_jobs_ended_total{outcome=\"completed\",type=\"ok\"} 1.0",
                "holdfast_jobs_enqueued_total{type=\"later\"} 1.0",
                "holdfast_job_run_seconds_count{type=\"ok\"} 1")
            .anyMatch(line -> line.matches("holdfast_node_alive\\{name=.*} 1.0"))
            .anyMatch(
                line -> line.matches("holdfast_node_recovered_total\\{action=\"stuck\".*} 0.0"))
            .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"));
        served
            .holdfast
            .queue()
            .cancel(
                served
                    .holdfast
                    .queue()
                    .list(JobFilter.all().type("later"), PageRequest.first(1))
                    .items()
                    .stream()
                    .map(Job::id)
                    .toList(),
                "test");
        served.holdfast.enqueue(NewJob.of("nobody-handles-this", "x"));
        assertThat(served.get("/metrics").is(200).body())
            .contains("holdfast_queue_problems{problem=\"no-worker\",severity=\"warning\"} 1.0")
            .doesNotContain("state=\"scheduled\"")
            .contains("state=\"cancelled\"");
      }
    }
  }

  @Nested
  @Tag("R-60")
  class Fields_that_are_declared_secret {
    @Test
    void are_in_no_response() {
      ServerConfig config =
          ServerConfig.defaults()
              .port(0)
              .redaction(Redaction.of(List.of("password", "payload.card.number")));
      String secret = "hunter2";
      try (ServedQueue served = new ServedQueue(folder, config)) {
        String id =
            served.enqueue(
                """
                {"type": "t", "payload": {"card": {"number": "hunter2", "owner": "ada"}, "number": 7,
                 "list": [{"PassWord": "hunter2"}]}, "metadata": {"password": ["hunter2"]}}
                """);
        served
            .call(
                "PUT",
                "/api/v1/schedules/s",
                "{\"every\": \"1h\", \"job\": {\"type\": \"t\", \"payload\": {\"password\":"
                    + " \"hunter2\"}}}")
            .is(201);

        for (String path :
            List.of(
                "/api/v1/jobs/" + id,
                "/api/v1/jobs",
                "/api/v1/status",
                "/api/v1/schedules",
                "/api/v1/schedules/s")) {
          assertThat(served.get(path).is(200).body())
              .as(path)
              .contains(Redaction.INSTEAD)
              .doesNotContain(secret);
        }
        assertThat(served.post("/api/v1/jobs/" + id + "/cancel", null).is(200).body())
            .doesNotContain(secret);
        JsonNode payload = served.get("/api/v1/jobs/" + id).json().get("payload");
        assertThat(payload.at("/card/owner").asString()).isEqualTo("ada");
        assertThat(payload.get("number").intValue()).isEqualTo(7);
        assertThat(served.holdfast.find(JobId.parse(id)).orElseThrow().payload()).contains(secret);
      }
    }
  }
}
