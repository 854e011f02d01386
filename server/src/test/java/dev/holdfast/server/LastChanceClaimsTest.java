package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Transition;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims that wait while their worker may take no job on its last chance. */
@Tag("R-45")
final class LastChanceClaimsTest {
  private static final int CRASHES = 2; // one more fails a job

  @TempDir private Path folder;
  private ServedQueue served;

  @BeforeEach
  void serve() {
    served = new ServedQueue(folder);
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void do_not_keep_the_job_from_another_worker_that_waits_behind_them() {
    String busy = register("busy");
    String free = register("free");
    String other = register("other");
    served.holdfast.queue().enqueue(List.of(NewJob.of("t", 1), NewJob.of("t", 2)));
    for (int crash = 0; crash < CRASHES; crash++) {
      while (claim(busy, "0s").json().get("jobs").size() > 0) {
        // until none is left
      }
      giveBack(busy, true);
    }
    assertThat(claim(busy, "0s").json().get("jobs")).hasSize(1);
    assertThat(claim(other, "0s").json().get("jobs")).hasSize(1);
    CompletableFuture<Reply> first = CompletableFuture.supplyAsync(() -> claim(busy, "60s"));
    await().until(() -> served.server.openAnswers() == 1);
    CompletableFuture<Reply> second = CompletableFuture.supplyAsync(() -> claim(free, "20s"));
    await().until(() -> served.server.openAnswers() == 2);

    giveBack(other, false);

    assertThat(second.join().json().get("jobs")).hasSize(1);
    assertThat(first).isNotDone();
  }

  private String register(String name) {
    String body = "{\"name\": \"%s\", \"types\": [\"t\"]}".formatted(name);
    return served.post("/api/v1/worker/register", body).is(201).text("worker");
  }

  private Reply claim(String worker, String wait) {
    String body = "{\"worker\": \"%s\", \"limit\": 1, \"wait\": \"%s\"}".formatted(worker, wait);
    return served.post("/api/v1/worker/claim", body).is(200);
  }

  private void giveBack(String worker, boolean hasCrashed) {
    JobStore store = served.holdfast.embedding().store();
    Transition again = new Transition.Release("its process died");
    List<Rescue> rescues =
        store.nodes().held(new NodeId(UUID.fromString(worker))).stream()
            .map(lease -> Rescue.regardless(lease, again, hasCrashed, "its process died"))
            .toList();
    assertThat(store.recovery().rescue(rescues, "test")).hasSameSizeAs(rescues).isNotEmpty();
  }
}
