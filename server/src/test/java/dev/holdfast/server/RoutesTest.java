package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.spi.server.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

@Tag("R-44")
class RoutesTest {
  private static final String JOBS = "/api/v1/jobs";

  @TempDir Path folder;
  private ServedQueue served;

  @BeforeEach
  void serve() {
    served = new ServedQueue(folder);
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Nested
  class A_list {
    private static final String SHORT = "{\"a\":1}";
    private static final String LONG = "\"" + "x".repeat(5_000) + "\"";

    @Test
    void leaves_long_payloads_out_and_names_them() {
      String small = served.enqueue("{\"type\": \"t\", \"payload\": " + SHORT + "}");
      String large = served.enqueue("{\"type\": \"t\", \"payload\": " + LONG + "}");

      JsonNode jobs = served.get(JOBS).is(200).json().get("jobs");

      assertThat(jobs.at("/0/id").asString()).isEqualTo(large);
      assertThat(jobs.at("/0/payload").isNull()).isTrue();
      assertThat(jobs.at("/0/omitted").toString()).isEqualTo("[\"payload\"]");
      assertThat(jobs.at("/1/payload").toString()).isEqualTo(SHORT);
      assertThat(jobs.at("/1/omitted").isMissingNode()).isTrue();
      assertThat(served.get(JOBS + "/" + large).json().get("payload").toString()).isEqualTo(LONG);
      served
          .post(
              JOBS,
              "{\"type\": \"t\", \"payload\": %s, \"depends_on\": [\"%s\"]}".formatted(LONG, small))
          .is(201);
      assertThat(served.get(JOBS + "/" + small + "/dependents").body()).doesNotContain("xxx");
    }

    @Test
    void has_them_on_request() {
      String large = served.enqueue("{\"type\": \"t\", \"payload\": " + LONG + "}");

      Reply whole = served.get(JOBS + "?include=payload").is(200);

      assertThat(whole.json().at("/jobs/0/payload").toString()).isEqualTo(LONG);
      assertThat(whole.json().at("/jobs/0/omitted").isMissingNode()).isTrue();
      served.get(JOBS + "/" + large + "/dependents?include=payload").is(200);
      served.get(JOBS + "?include=logs").isProblem(400, "bad-request");
    }
  }

  @Nested
  class Enqueuing {
    @Test
    void answers_the_id_and_where_the_job_is() {
      Reply reply =
          served
              .post(
                  JOBS,
                  """
                  {"type": "mail", "payload": {"to": "ada", "n": 1.5}, "queue": "letters", "priority": 7,
                   "delay": "1h", "max_attempts": 2, "timeout": "30s", "group": "g", "tags": ["a", "b"],
                   "metadata": {"x": 1}, "requires": {"gpu": true}, "created_by": "ada"}
                  """)
              .is(201);

      JsonNode job =
          served.get(reply.headers().firstValue("Location").orElseThrow()).is(200).json();
      assertThat(job.get("id").asString()).isEqualTo(reply.text("id"));
      assertThat(job.get("state").asString()).isEqualTo("SCHEDULED");
      assertThat(job.get("payload").toString()).isEqualTo("{\"to\":\"ada\",\"n\":1.5}");
      assertThat(job.get("queue").asString()).isEqualTo("letters");
      assertThat(job.get("priority").intValue()).isEqualTo(7);
      assertThat(job.get("max_attempts").intValue()).isEqualTo(2);
      assertThat(job.get("timeout_seconds").doubleValue()).isEqualTo(30.0);
      assertThat(job.get("tags").toString()).isEqualTo("[\"a\",\"b\"]");
      assertThat(job.get("created_by").asString()).isEqualTo("ada");
    }

    @Test
    void of_an_array_is_all_or_none() {
      served.post(JOBS, "[{\"type\": \"a\"}, {\"type\": \"\"}]").isProblem(400, "bad-request");
      assertThat(served.get(JOBS).json().get("jobs").size()).isZero();

      Reply both = served.post(JOBS, "[{\"type\": \"a\"}, {\"type\": \"b\"}]").is(201);
      assertThat(both.json().size()).isEqualTo(2);
    }

    @Test
    @Tag("R-05")
    void with_a_known_key_answers_the_first_job() {
      String job = "{\"type\": \"a\"}";
      Reply first = served.call("POST", JOBS, job, "Idempotency-Key", "k").is(201);
      Reply again = served.call("POST", JOBS, job, "Idempotency-Key", "k").is(200);
      assertThat(again.text("id")).isEqualTo(first.text("id"));
      assertThat(again.json().get("duplicate").booleanValue()).isTrue();
      served
          .call("POST", JOBS, "{\"type\": \"a\", \"key\": \"l\"}", "Idempotency-Key", "k")
          .isProblem(400, "bad-request");
    }

    @Test
    @Tag("R-42")
    void keeps_the_trace_of_the_request_with_its_jobs() {
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      String job = "{\"type\": \"a\", \"metadata\": {\"order\": 7}}";

      Reply both =
          served.call("POST", JOBS, "[" + job + "," + job + "]", "traceparent", parent).is(201);

      for (JsonNode one : both.json()) {
        JsonNode metadata =
            served.get(JOBS + "/" + one.get("id").asString()).json().get("metadata");
        assertThat(metadata.get("traceparent").asString()).isEqualTo(parent);
        assertThat(metadata.get("order").intValue()).isEqualTo(7);
      }
    }

    @Test
    @Tag("R-42")
    void ignores_a_malformed_trace() {
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      String job = "{\"type\": \"a\"}";

      for (String id :
          List.of(
              served.call("POST", JOBS, job, "traceparent", "00-x").is(201).text("id"),
              served.call("POST", JOBS, job, "tracestate", "a=1").is(201).text("id"),
              served
                  .call("POST", JOBS, job, "traceparent", parent, "traceparent", parent)
                  .is(201)
                  .text("id"))) {
        assertThat(served.get(JOBS + "/" + id).json().get("metadata").isNull()).isTrue();
      }
    }

    @Test
    void of_an_invalid_job_reports_the_error() {
      for (String body :
          List.of(
              "",
              "{",
              "nul",
              "{\"type\": 1}",
              "{}",
              "7",
              "[7]",
              "{\"type\": \"a\", \"tipe\": 1}",
              "{\"type\": \"a\", \"priority\": 1e99}",
              "{\"type\": \"a\", \"delay\": \"x\"}",
              "{\"type\": \"a\", \"metadata\": []}",
              "{\"type\": \"a\", \"tags\": \"a\"}",
              "{\"type\": \"a\", \"depends_on\": [\"x\"]}",
              "{\"type\": \"a\", \"if_failed\": \"x\"}",
              "[".repeat(100_000))) {
        served.post(JOBS, body).isProblem(400, "bad-request");
      }
    }
  }

  @Nested
  class Listing {
    @Test
    void goes_by_pages_from_the_newest() {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ids.add(0, served.enqueue("{\"type\": \"t" + i % 2 + "\"}"));
      }

      List<String> seen = new ArrayList<>();
      String next = "";
      do {
        JsonNode page = served.get(JOBS + "?limit=2" + next).is(200).json();
        page.get("jobs").values().forEach(job -> seen.add(job.get("id").asString()));
        next = page.get("next").isNull() ? "" : "&after=" + page.get("next").asString();
      } while (!next.isEmpty());
      assertThat(seen).isEqualTo(ids);
      assertThat(served.get(JOBS + "?type=t1&state=pending,RUNNING").json().get("jobs").size())
          .isEqualTo(2);
    }

    @Test
    void says_how_many_jobs_it_looked_at() {
      served.enqueue("{\"type\": \"t\", \"tags\": [\"a b\"]}");
      served.enqueue("{\"type\": \"t\"}");

      JsonNode tagged = served.get(JOBS + "?tag=a+b&not_state=RUNNING,FAILED").is(200).json();
      JsonNode page =
          served.get(JOBS + "?where=payload.x=1&not_state=RUNNING,FAILED").is(200).json();

      assertThat(tagged.get("jobs").size()).isEqualTo(1);
      assertThat(tagged.get("searched").asInt()).isEqualTo(1);
      assertThat(page.get("jobs").size()).isZero();
      assertThat(page.get("searched").asInt()).isEqualTo(2);
      assertThat(page.get("complete").asBoolean()).isTrue();
    }

    @Test
    void is_counted_by_its_properties() {
      served.enqueue("{\"type\": \"a\", \"queue\": \"q\"}");
      served.enqueue("{\"type\": \"b\", \"queue\": \"q\"}");
      served.enqueue("{\"type\": \"b\"}");

      JsonNode facets = served.get(JOBS + "/facets?not_type=none").is(200).json();

      assertThat(facets.get("matches").asInt()).isEqualTo(3);
      assertThat(facets.get("more").asBoolean()).isFalse();
      assertThat(facets.get("type").toString())
          .contains("{\"value\":\"b\",\"count\":2}", "\"a\"")
          .matches(".*\"b\".*\"a\".*");
      assertThat(facets.get("queue").size()).isEqualTo(2);
      assertThat(facets.get("failure").size()).isZero();
      assertThat(served.get(JOBS + "/facets?stat=x").is(400).json().get("detail").asString())
          .contains("did you mean state?");
    }

    @Test
    void of_very_many_is_changed_in_the_background() {
      for (int i = 0; i < 2; i++) {
        served.holdfast.queue().enqueue(Collections.nCopies(600, NewJob.of("many", 1)));
      }
      String bulk = "{\"action\": \"move\", \"queue\": \"q\", \"filter\": {\"type\": \"many\"}";

      JsonNode dry = served.post(JOBS + "/bulk", bulk + ", \"dry_run\": true}").is(200).json();
      JsonNode asked = served.post(JOBS + "/bulk", bulk + "}").is(202).json();
      String path = "/api/v1/bulk-operations/" + asked.at("/operation/id").asString();

      assertThat(dry.get("count").asInt()).isEqualTo(1_000);
      assertThat(dry.get("more").asBoolean()).isTrue();
      assertThat(asked.at("/operation/action").asString()).isEqualTo("move");
      assertThat(asked.at("/operation/filter/type/0").asString()).isEqualTo("many");
      assertThat(served.get("/api/v1/bulk-operations").json().at("/operations/0/id").asString())
          .isEqualTo(asked.at("/operation/id").asString());
      assertThat(served.post(path + "/cancel", "").is(200).json().get("state").asString())
          .isIn("CANCELLED", "DONE");
      served.get("/api/v1/bulk-operations/00000000-0000-0000-0000-000000000000").is(404);
      served.get("/api/v1/bulk-operations/x").is(400);
    }

    @Test
    void lists_every_mistake_and_what_was_probably_meant() {
      String query = "?stat=x&state=NEW&attempts=many&since=tomorrow&where=a=1&wait=3x&sort=type";

      String detail = served.get(JOBS + query).is(400).json().get("detail").asString();

      assertThat(detail)
          .contains("unknown parameter 'stat'; did you mean state?")
          .contains("the parameter 'state' is 'NEW', expected one of [SCHEDULED, ")
          .contains("the parameter 'attempts' is 'many', expected a value such as 3, >1, ")
          .contains("the parameter 'since' is 'tomorrow', expected a time such as ")
          .contains("the parameter 'where': a field starts with payload., metadata. or requires.")
          .contains("the parameter 'wait' is '3x', expected ")
          .contains("the parameter 'sort' is 'type', expected created, finished or run_at");
      assertThat(served.get(JOBS + "?sort=run_at").is(400).json().get("detail").asString())
          .contains("SCHEDULED");
    }

    @Test
    void refuses_parameters_that_it_does_not_understand() {
      for (String query :
          List.of(
              "limit=0",
              "limit=501",
              "limit=x",
              "limit=%2b1",
              "limit=1&limit=2",
              "state=NEW",
              "after=1",
              "stat=PENDING",
              "type=%zz",
              "type=%ff",
              "type=%")) {
        // sent as it is: the client would refuse to
        assertThat(
                raw(
                    "GET "
                        + JOBS
                        + "?"
                        + query
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
            .as(query)
            .startsWith("HTTP/1.1 400");
      }
    }
  }

  @Nested
  class A_job {
    @Test
    void is_controlled() {
      String id = served.enqueue("{\"type\": \"t\"}");
      String one = JOBS + "/" + id;

      assertThat(
              served
                  .post(one + "/reprioritize", "{\"priority\": 9}")
                  .is(200)
                  .json()
                  .get("priority")
                  .intValue())
          .isEqualTo(9);
      assertThat(served.post(one + "/cancel", null).is(200).text("state")).isEqualTo("CANCELLED");
      assertThat(served.post(one + "/cancel", null).isProblem(409, "conflict").text("detail"))
          .contains("CANCELLED");
      assertThat(served.post(one + "/retry", null).is(200).text("state")).isEqualTo("PENDING");
      served.post(one + "/resume", null).isProblem(409, "conflict");
      assertThat(served.get(one + "/events").is(200).json().get("events").size()).isEqualTo(4);
      assertThat(served.get(one + "/explain").is(200).json().get("reasons").size()).isPositive();
      assertThat(served.get(one + "/logs").is(200).json().get("logs").size()).isZero();
      assertThat(served.call("DELETE", one, null).is(204).body()).isEmpty();
      for (String rest : List.of("", "/events", "/logs", "/explain")) {
        served.get(one + rest).isProblem(404, "not-found");
      }
    }

    @Test
    @Tag("R-08")
    void can_be_waited_for() {
      CountDownLatch isAsked = new CountDownLatch(1);
      served.holdfast.handle(
          "t",
          Integer.class,
          (n, job) -> {
            isAsked.await();
            return n + 1;
          });
      served.holdfast.start(NodeConfig.defaults());
      String id = served.enqueue("{\"type\": \"t\", \"payload\": 1}");

      assertThat(served.get(JOBS + "/" + id + "?wait=1ms").is(200).text("state"))
          .isIn("PENDING", "RUNNING");
      isAsked.countDown();
      JsonNode end = served.get(JOBS + "/" + id + "?wait=30s").is(200).json();
      assertThat(end.get("state").asString()).isEqualTo("COMPLETED");
      assertThat(end.get("result").intValue()).isEqualTo(2);
      served.get(JOBS + "/" + id + "?wait=1h").isProblem(400, "bad-request");
    }
  }

  @Nested
  class A_job_that_has_not_started {
    @Test
    void is_replaced_and_sent_signals() {
      String id = served.enqueue("{\"type\": \"a\", \"key\": \"k\"}");
      String path = JOBS + "/" + id;

      JsonNode job =
          served
              .call("PATCH", path, "{\"payload\": null, \"priority\": 3, \"delay\": \"1h\"}")
              .is(200)
              .json();
      assertThat(job.get("priority").intValue()).isEqualTo(3);
      assertThat(job.get("state").asString()).isEqualTo("SCHEDULED");
      assertThat(served.post(path + "/signal", "{\"name\": \"go\"}").is(200).body())
          .isEqualTo("{\"taken\":true}");
      assertThat(served.post(path + "/signal", "{\"name\": \"go\"}").is(200).body())
          .isEqualTo("{\"taken\":false}");
      assertThat(served.get("/api/v1/keys?type=a&key=k").is(200).text("id")).isEqualTo(id);
      served.get("/api/v1/keys?type=a&key=other").isProblem(404, "not-found");
      served.get("/api/v1/keys?type=a").isProblem(400, "bad-request");
      for (String wrong :
          List.of(
              "{}",
              "{\"priority\": \"x\"}",
              "{\"queue\": \"x\"}",
              "{\"delay\": \"1h\", \"run_at\": \"2026-01-31T10:00:00Z\"}")) {
        served.call("PATCH", path, wrong).isProblem(400, "bad-request");
      }
    }

    @Test
    void waits_for_others_each_with_its_rule() {
      String a = served.enqueue("{\"type\": \"a\"}");
      String b = served.enqueue("{\"type\": \"b\"}");
      String asked =
          "{\"type\": \"c\", \"if_failed\": \"RUN\", \"depends_on\": [\"%s\", {\"id\": \"%s\","
              + " \"if_failed\": \"CANCEL\"}]}";
      String id = served.enqueue(asked.formatted(a, b));

      JsonNode before =
          served.get(JOBS + "/" + id + "/predecessors").is(200).json().get("predecessors");
      assertThat(before.get(0).get("if_failed").asString()).isEqualTo("RUN");
      assertThat(before.get(1).get("if_failed").asString()).isEqualTo("CANCEL");
      assertThat(served.get(JOBS + "/" + b + "/dependents").is(200).body()).contains(id);
      served.post(JOBS, "{\"type\": \"c\", \"depends_on\": [1]}").isProblem(400, "bad-request");
      served
          .post(
              JOBS, "{\"type\": \"c\", \"depends_on\": [{\"id\": \"%s\", \"x\": 1}]}".formatted(a))
          .isProblem(400, "bad-request");
    }
  }

  @Nested
  class A_type {
    @Test
    void has_a_limit_until_there_is_none() {
      assertThat(served.call("PUT", "/api/v1/limits/a%2Fb", "{\"concurrency\": 3}").is(200).body())
          .isEqualTo("{\"limits\":{\"a/b\":3}}");
      assertThat(served.get("/api/v1/limits").is(200).body()).contains("a/b");
      assertThat(
              served.call("PUT", "/api/v1/limits/a%2Fb", "{\"concurrency\": null}").is(200).body())
          .isEqualTo("{\"limits\":{}}");
      served.call("PUT", "/api/v1/limits/a", "{\"concurrency\": 0}").isProblem(400, "bad-request");
      served.call("PUT", "/api/v1/limits/a", "{}").isProblem(400, "bad-request");
    }
  }

  @Nested
  class A_bulk_action {
    @Test
    void previews_what_it_would_do() {
      String a = served.enqueue("{\"type\": \"a\"}");
      String b = served.enqueue("{\"type\": \"b\"}");
      String asked = "{\"action\": \"cancel\", \"filter\": {\"type\": \"a\"}, \"dry_run\": %s}";

      assertThat(served.post(JOBS + "/bulk", asked.formatted(true)).is(200).body()).contains(a);
      assertThat(served.get(JOBS + "/" + a).text("state")).isEqualTo("PENDING");
      assertThat(served.post(JOBS + "/bulk", asked.formatted(false)).is(200).body())
          .contains(a)
          .doesNotContain(b);
      assertThat(served.get(JOBS + "/" + a).text("state")).isEqualTo("CANCELLED");
      Reply deleted =
          served.post(
              JOBS + "/bulk",
              "{\"action\": \"delete\", \"ids\": [\"%s\", \"%s\"]}"
                  .formatted(a, served.holdfast.queue().newId()));
      assertThat(deleted.is(200).json().get("count").intValue()).isEqualTo(1);
      assertThat(deleted.json().get("results").get(0).get("before").asString())
          .isEqualTo("CANCELLED");
      assertThat(deleted.json().get("results").size()).isEqualTo(1);
      assertThat(served.holdfast.find(JobId.parse(a))).isEmpty();
      for (String wrong :
          List.of(
              "{}",
              "{\"action\": \"x\", \"filter\": {}}",
              "{\"action\": \"cancel\"}",
              "{\"action\": \"cancel\", \"ids\": []}",
              "{\"action\": \"cancel\", \"ids\": [1]}",
              "{\"action\": \"cancel\", \"filter\": {\"state\": [\"NEW\"]}}")) {
        served.post(JOBS + "/bulk", wrong).isProblem(400, "bad-request");
      }
    }

    @Test
    void treats_null_like_an_omitted_field() {
      String id = served.enqueue("{\"type\": \"a\"}");
      for (String which :
          List.of(
              "\"ids\": [\"%s\"], \"filter\": null".formatted(id),
              "\"ids\": null, \"filter\": {\"state\": null, \"queue\": null, \"type\": null,"
                  + " \"group\": null}")) {
        String asked = "{\"action\": \"cancel\", \"dry_run\": true, %s}".formatted(which);
        assertThat(served.post(JOBS + "/bulk", asked).is(200).body()).contains(id);
      }
    }

    @Test
    @Tag("R-29")
    void recovers_what_is_stuck_and_what_is_dead() {
      assertThat(served.post(JOBS + "/recover-stuck?timeout=1m&action=fail", null).is(200).body())
          .isEqualTo("{\"count\":0,\"job_ids\":[]}");
      assertThat(served.post(JOBS + "/recover-dead", null).is(200).body())
          .isEqualTo("{\"count\":0,\"job_ids\":[]}");
      served.post(JOBS + "/recover-stuck?limit=0", null).isProblem(400, "bad-request");
      served.post(JOBS + "/recover-dead?policy=hold", null).is(200);
      served.post(JOBS + "/recover-dead?policy=x", null).isProblem(400, "bad-request");
    }
  }

  @Nested
  class A_webhook {
    @Test
    void treats_null_like_an_omitted_field() {
      String asked =
          "{\"url\": \"https://hooks.example.com/a\", \"events\": [\"job.failed\"], \"secret\":"
              + " null}";

      Reply created = served.post("/api/v1/webhooks", asked).is(201);

      assertThat(created.text("secret")).startsWith("whsec_");
    }
  }

  @Nested
  class A_queue {
    private static final String QUEUE = "/api/v1/queues/a%2Fb%20c";

    @Test
    void is_configured_paused_and_run_manually() {
      served.get(QUEUE).isProblem(404, "not-found");
      JsonNode settings =
          served
              .call(
                  "PATCH", QUEUE, "{\"order\": \"FIFO\", \"concurrency\": 3, \"rate\": \"10/1s\"}")
              .is(200)
              .json();
      assertThat(settings.get("queue").asString()).isEqualTo("a/b c");
      assertThat(settings.get("order").asString()).isEqualTo("FIFO");
      assertThat(
              served
                  .call("PATCH", QUEUE, "{\"concurrency\": null}")
                  .is(200)
                  .json()
                  .get("concurrency")
                  .isNull())
          .isTrue();
      for (String wrong :
          List.of(
              "{\"order\": \"X\"}", "{\"concurrency\": 0}", "{\"rate\": \"x\"}", "{\"x\": 1}")) {
        served.call("PATCH", QUEUE, wrong).isProblem(400, "bad-request");
      }
      assertThat(served.post(QUEUE + "/pause", null).is(200).body()).contains("\"changed\":true");
      assertThat(served.post(QUEUE + "/pause", null).is(200).body()).contains("\"changed\":false");
      assertThat(served.get(QUEUE).is(200).text("paused_by")).isEqualTo("local");
      served.post(QUEUE + "/resume", null).is(200);
      assertThat(served.get("/api/v1/queues").is(200).body()).contains("a/b c");
    }

    @Test
    @Tag("R-16")
    void in_manual_mode_runs_one_job_at_a_time() {
      served.post(QUEUE + "/run-next", null).isProblem(404, "not-found");
      served.call("PATCH", QUEUE, "{\"manual\": false}").is(200);
      served.post(QUEUE + "/run-next", null).isProblem(409, "conflict");
      served.call("PATCH", QUEUE, "{\"manual\": true}").is(200);
      served.enqueue("{\"type\": \"t\", \"queue\": \"a/b c\"}");
      served.enqueue("{\"type\": \"t\", \"queue\": \"a/b c\"}");

      JsonNode first = served.post(QUEUE + "/run-next", null).is(200).json();
      assertThat(first.get("started").booleanValue()).isTrue();
      assertThat(first.get("job_ids").size()).isEqualTo(1);
      JsonNode second = served.post(QUEUE + "/run-next", null).is(409).json();
      assertThat(second.get("started").booleanValue()).isFalse();
    }
  }

  @Nested
  class Seeing {
    @Test
    @Tag("R-37")
    void how_the_queue_is() {
      served.enqueue("{\"type\": \"t\"}");
      assertThat(
              served.get("/api/v1/status").is(200).json().at("/status_counts/PENDING").intValue())
          .isEqualTo(1);
      assertThat(served.get("/healthz").is(200).text("status")).isEqualTo("ok");
      assertThat(served.get("/readyz").is(200).text("status")).isEqualTo("ready");
    }
  }

  @Nested
  class A_request_that_is_not_understood {
    @Test
    void is_a_problem_of_its_own_kind() {
      served.get("/nothing").isProblem(404, "not-found");
      served.get("/api/v1/jobs/").isProblem(404, "not-found");
      served.get("/api/v1/../v1/jobs").isProblem(404, "not-found");
      Reply wrong = served.call("PUT", JOBS, "{}").isProblem(405, "method-not-allowed");
      assertThat(wrong.headers().firstValue("Allow")).contains("GET, POST");
      served
          .call("POST", JOBS, "type=t", "Content-Type", "application/x-www-form-urlencoded")
          .isProblem(415, "unsupported-media-type");
      served.get(JOBS + "/x").isProblem(400, "bad-request");
    }

    @Test
    void lists_the_known_fields_in_the_order_of_their_names() {
      String told =
          served
              .call("PUT", "/api/v1/alerts/a", "{\"kind\": \"QUEUE_AGE\", \"ove\": \"1m\"}")
              .isProblem(400, "bad-request")
              .text("detail");

      String known = told.substring(told.indexOf('[') + 1, told.lastIndexOf(']'));
      assertThat(known.split(", ")).contains("kind", "over").isSorted();
    }

    @Test
    void with_a_name_given_twice_is_refused() {
      assertThat(
              served
                  .post(JOBS, "{\"type\": \"a\", \"type\": \"b\"}")
                  .isProblem(400, "bad-request")
                  .text("detail"))
          .contains("type");
    }

    @Test
    void with_something_else_than_texts_in_a_list_is_refused() {
      for (String list : List.of("[1]", "[{}]", "[null]", "[[]]", "[true]")) {
        served
            .post(
                "/api/v1/tokens",
                "{\"name\": \"a\", \"role\": \"viewer\", \"groups\": %s}".formatted(list))
            .isProblem(400, "bad-request");
        served
            .post("/api/v1/worker/register", "{\"name\": \"a\", \"types\": %s}".formatted(list))
            .isProblem(400, "bad-request");
      }
    }

    @Test
    void with_an_endless_duration_is_refused() {
      for (String duration : List.of("1s".repeat(20_000), "999999999d".repeat(9))) {
        served
            .post(JOBS, "{\"type\": \"a\", \"timeout\": \"%s\"}".formatted(duration))
            .isProblem(400, "bad-request");
        served
            .post("/api/v1/maintenance/cleanup", "{\"older_than\": \"%s\"}".formatted(duration))
            .isProblem(400, "bad-request");
      }
    }

    @Test
    void reveals_no_internals() {
      String deep = "[".repeat(1_000) + "]".repeat(1_000);
      String longName = "{\"%s\": 1}".formatted("a".repeat(60_000));
      String twice = "{\"type\": \"a\", \"type\": \"a\"}";
      for (String body :
          List.of(deep, "1".repeat(5_000), longName, twice, "{} {}", "nul", "[1,]")) {
        assertThat(served.post(JOBS, body).isProblem(400, "bad-request").text("detail"))
            .doesNotContain("jackson", "Constraints", "get", "`", "_");
      }
    }

    @Test
    void is_not_read_when_it_is_too_large() {
      String payload = "x".repeat(1 << 20);
      served
          .post(JOBS, "{\"type\": \"t\", \"payload\": \"" + payload + "\"}")
          .isProblem(400, "bad-request");
      String head =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: %d\r\nConnection: close\r\n\r\n";
      assertThat(raw(head.formatted(JOBS, 17 << 20))).startsWith("HTTP/1.1 413");
    }

    @Test
    void in_chunks_is_not_read_beyond_the_limit() {
      String head =
          "PATCH /api/v1/queues/q HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
      String chunks = ("4000\r\n" + " ".repeat(0x4000) + "\r\n").repeat(5) + "0\r\n\r\n";
      assertThat(raw(head + chunks)).startsWith("HTTP/1.1 413");
    }

    @Test
    void can_come_slowly() throws IOException {
      String body = "{\"type\": \"slow\"}";
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), served.server.uri().getPort())) {
        socket.setSoTimeout(30_000);
        send(
            socket,
            "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n{"
                .formatted(JOBS, body.length()));
        served.get(JOBS).is(200); // others are answered meanwhile
        send(socket, body.substring(1));
        assertThat(rest(socket)).startsWith("HTTP/1.1 201");
      }
    }
  }

  private String raw(String request) {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), served.server.uri().getPort())) {
      socket.setSoTimeout(30_000);
      send(socket, request);
      return rest(socket);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String rest(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Nested
  class What_cannot_be_kept {
    @Test
    void is_refused_and_never_an_internal_error() {
      String half = "\\ud800";
      for (String more :
          List.of(
              "\"key\": \"a" + half + "\"",
              "\"key\": \"a\\udc00b\"",
              "\"group\": \"" + half + "\"",
              "\"queue\": \"" + half + "\"",
              "\"created_by\": \"" + half + "\"",
              "\"tags\": [\"" + half + "\"]",
              "\"metadata\": {\"" + half + "\": 1}",
              "\"metadata\": {\"a\": null}",
              "\"requires\": {\"a\": null}",
              "\"payload\": {\"deep\": [{\"x\": \"" + half + "\"}]}",
              "\"payload\": {\"" + half + "\": 1}",
              "\"run_at\": \"+1000000000-01-01T00:00:00Z\"",
              "\"run_at\": \"+292278-01-01T00:00:00Z\"",
              "\"run_at\": \"-1000000-01-01T00:00:00Z\"")) {
        served.post(JOBS, "{\"type\": \"t\", " + more + "}").isProblem(400, "bad-request");
      }
      served.post(JOBS, "{\"type\": \"t\", \"payload\": \"\\ud83d\\ude00 \\\\ud800\"}").is(201);
      assertThat(served.get(JOBS).json().get("jobs")).hasSize(1);
    }
  }

  @Nested
  class A_server_whose_database_is_gone {
    @Test
    @Tag("R-37")
    void is_not_ready() throws IOException {
      served.get("/readyz").is(200);
      Files.delete(folder.resolve("q.db"));

      await().until(() -> served.get("/readyz").status() != 200);

      assertThat(served.get("/readyz").isProblem(500, "storage").body())
          .contains("log")
          .doesNotContain("q.db", folder.toString());
    }

    @Test
    @Tag("R-37")
    void tells_its_paths_to_nobody_without_a_token() throws IOException {
      String[] ada = {"Authorization", "Bearer " + served.token("ada", Role.ADMIN)};
      String[] unknown = {"Authorization", "Bearer hf_" + "x".repeat(43)};
      served.call("GET", JOBS, null, ada).is(200);
      Files.delete(folder.resolve("q.db"));
      await().until(() -> served.get("/readyz").status() != 200);

      for (Reply reply :
          List.of(
              served.get("/readyz"),
              served.post("/api/v1/session", "{\"token\": \"hf_%s\"}".formatted("y".repeat(43))),
              served.call("GET", JOBS, null, unknown))) {
        assertThat(reply.body()).doesNotContain("q.db", folder.toString());
      }
    }

    @Test
    void is_logged_once_however_often_it_is_asked() throws IOException {
      Logger logger = (Logger) LoggerFactory.getLogger("dev.holdfast.server");
      ListAppender<ILoggingEvent> logged = new ListAppender<>();
      logged.start();
      logger.addAppender(logged);
      try {
        Files.delete(folder.resolve("q.db"));
        await().until(() -> served.get("/readyz").status() != 200);
        for (int i = 0; i < 5; i++) {
          served.get("/readyz").isProblem(500, "storage");
        }
        assertThat(logged.list)
            .extracting(ILoggingEvent::getFormattedMessage)
            .filteredOn(line -> line.contains("deleted or replaced"))
            .hasSize(1);
      } finally {
        logger.detachAppender(logged);
      }
    }

    @Test
    void is_reported_if_its_tables_are() throws SQLException {
      String url = "jdbc:sqlite:" + folder.resolve("q.db");
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        statement.execute("pragma busy_timeout = 10000");
        statement.execute("drop table job_events");
      }
      Reply reply = served.get(JOBS + "/" + job() + "/events");
      assertThat(reply.isProblem(500, "storage").text("detail")).contains("no longer the tables");
    }

    private String job() {
      return served.holdfast.enqueue(NewJob.of("t", 1)).id().toString();
    }
  }
}
