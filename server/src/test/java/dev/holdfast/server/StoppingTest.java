package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeConfig;
import dev.holdfast.testkit.process.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Closes a queue while a handler in its own process and a remote one are still running. */
@Tag("R-31")
@Tag("R-44")
class StoppingTest {
  private static final String WORKER = "/api/v1/worker/";

  @TempDir Path folder;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private ServedQueue served;
  private String worker;

  @BeforeEach
  void serve() {
    served = new ServedQueue(folder, ServerConfig.defaults().port(0));
    served.holdfast.handle(
        "here",
        Object.class,
        (payload, job) -> {
          begun.countDown();
          mayEnd.await();
          return "ended by itself";
        });
    served.holdfast.start(NodeConfig.defaults().grace(Duration.ofMinutes(5)));
    worker =
        served
            .post(WORKER + "register", "{\"name\": \"w\", \"types\": [\"there\"]}")
            .is(201)
            .text("worker");
  }

  @AfterEach
  void close() {
    mayEnd.countDown();
    served.close();
  }

  @Test
  void responds_until_its_own_handlers_have_ended() throws Exception {
    String here = served.enqueue("{\"type\": \"here\"}");
    String there = served.enqueue("{\"type\": \"there\"}");
    JsonNode claimed = claim("").get(0);
    begun.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(served.holdfast::close);
    Eventually.is("it is not ready", () -> served.get("/readyz").status() == 503);

    served.get("/readyz").isProblem(503, "stopping");
    served.get("/healthz").is(200);
    String late = served.enqueue("{\"type\": \"there\"}");
    assertThat(claim("")).as("jobs given away").isEmpty();
    CompletableFuture<JsonNode> waiting =
        CompletableFuture.supplyAsync(() -> claim(", \"wait\": \"25s\""));
    served
        .post(
            WORKER + "jobs/" + there + "/complete",
            "{\"lease\": \"%s\"}".formatted(claimed.get("lease").asString()))
        .is(200);
    assertThat(waiting).as("a claim that waits").isNotDone();
    assertThat(closing).isNotDone();

    mayEnd.countDown();
    closing.join();

    assertThat(waiting.join()).as("jobs for the claim that waited").isEmpty();
    assertThatThrownBy(() -> served.get("/healthz")).hasMessageContaining("got no answer");
    try (Holdfast again = Holdfast.open(folder.resolve("q.db").toString())) {
      assertThat(state(again, here)).isEqualTo(JobState.COMPLETED);
      assertThat(state(again, there)).isEqualTo(JobState.COMPLETED);
      assertThat(state(again, late)).isEqualTo(JobState.PENDING);
    }
  }

  private JsonNode claim(String more) {
    return served
        .post(
            WORKER + "claim",
            "{\"worker\": \"%s\", \"types\": [\"there\"], \"limit\": 5%s}".formatted(worker, more))
        .is(200)
        .json()
        .get("jobs");
  }

  private static JobState state(Holdfast holdfast, String id) {
    return holdfast.find(JobId.parse(id)).orElseThrow().state();
  }
}
