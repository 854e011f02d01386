package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeConfig;
import dev.holdfast.spi.ThisHost;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers over HTTP whose process is one of the server's own host. */
@Tag("R-23")
@Timeout(60)
final class LocalWorkersTest {
  private static final String WORKER = "/api/v1/worker/";

  @TempDir private Path folder;
  private ServedQueue served;
  private Process process;

  @BeforeEach
  void serve() throws IOException {
    process = new ProcessBuilder("sleep", "600").start();
    serveAgain();
  }

  /** The server has a node, as {@code serve} has, which recovers for all others. */
  private void serveAgain() {
    served =
        new ServedQueue(
            folder, ServerConfig.defaults().port(0).workerLease(Duration.ofMinutes(30)));
    served.holdfast.start(NodeConfig.defaults().name("server"));
  }

  @AfterEach
  void close() {
    process.destroyForcibly();
    served.close();
  }

  private String claimAs(String host) {
    String id = served.enqueue("{\"type\": \"t\", \"payload\": 1}");
    String worker =
        served
            .post(
                WORKER + "register",
                "{\"name\": \"w\", \"types\": [\"t\"], \"host\": \"%s\", \"process_id\": %d}"
                    .formatted(host, process.pid()))
            .is(201)
            .text("worker");
    served.post(WORKER + "claim", "{\"worker\": \"%s\", \"limit\": 1}".formatted(worker)).is(200);
    assertThat(state(id)).isEqualTo("RUNNING");
    return id;
  }

  private boolean hasLookedForDeaths() {
    return served.holdfast.vitals().duties().stream()
        .anyMatch(duty -> duty.name().equals("recovery") && duty.ranAt().isPresent());
  }

  private String state(String id) {
    return served.get("/api/v1/jobs/" + id).is(200).text("state");
  }

  private int crashes(String id) {
    return served.get("/api/v1/jobs/" + id).is(200).json().get("crashes").intValue();
  }

  @Test
  void that_die_are_found_long_before_their_lease_ends() {
    String id = claimAs(ThisHost.name());

    process.destroyForcibly();

    Eventually.is("the job is free again", () -> state(id).equals("PENDING"));
    assertThat(crashes(id)).isEqualTo(1);
    assertThat(served.get("/api/v1/jobs/" + id + "/events").is(200).body())
        .contains("its process " + process.pid() + " has ended");
  }

  @Test
  void that_die_are_found_by_a_server_that_was_started_after_they_registered() {
    String id = claimAs(ThisHost.name());
    served.close();
    serveAgain();
    Eventually.is("its node has looked for deaths", this::hasLookedForDeaths);

    process.destroyForcibly();

    Eventually.is("the job is free again", () -> state(id).equals("PENDING"));
  }

  @Test
  void of_another_host_are_not_taken_for_a_process_of_this_one() throws Exception {
    String id = claimAs("elsewhere");
    String here = claimAs(ThisHost.name());

    process.destroyForcibly();

    Eventually.is("the other job is free again", () -> state(here).equals("PENDING"));
    assertThat(state(id)).isEqualTo("RUNNING");
  }
}
