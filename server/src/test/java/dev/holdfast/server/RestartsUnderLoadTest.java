package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.http.Json;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends servers while requests arrive. No client may be told that its request was wrong: it would
 * not repeat it, and a worker would fail its job.
 */
@Tag("R-31")
@Tag("R-58")
class RestartsUnderLoadTest {
  private static final int SERVERS = 60;
  private static final int CLIENTS = 4;
  private static final Set<Integer> EXPECTED = Set.of(200, 503);
  private static final String BODY =
      "{\"worker\": \"00000000-0000-4000-8000-000000000000\", \"limit\": 0}";
  private static final String HEAD =
      """
      POST /api/v1/worker/claim HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Content-Length: %d\r
      \r
      """
          .formatted(BODY.length());

  @TempDir Path folder;
  private final AtomicInteger served = new AtomicInteger();
  private final Set<String> unexpected = ConcurrentHashMap.newKeySet();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean isOver;
  private ReservedPort port;
  private Holdfast holdfast;

  @BeforeEach
  void open() throws IOException {
    port = new ReservedPort();
    holdfast = Holdfast.open(folder.resolve("q.db").toString());
  }

  @AfterEach
  void close() throws Exception {
    isOver = true;
    for (Thread client : clients) {
      client.join();
    }
    holdfast.close();
    port.close();
  }

  @Test
  void tell_no_client_that_its_request_was_wrong() {
    URI server = URI.create("http://127.0.0.1:" + port.number());
    for (int i = 0; i < CLIENTS; i++) {
      Thread client = new Thread(() -> ask(server), "client-" + i);
      client.start();
      clients.add(client);
    }

    for (int i = 0; i < SERVERS; i++) {
      int before = served.get();
      try (Server next = Server.start(holdfast, ServerConfig.defaults().port(port.number()))) {
        Eventually.is("requests are served", () -> served.get() > before + CLIENTS);
        assertThat(next.routes()).isNotEmpty();
      }
    }

    assertThat(unexpected).isEmpty();
  }

  /** Sends head and body apart, as many clients do. */
  private void ask(URI server) {
    while (!isOver) {
      try (Wire wire = new Wire(server)) {
        wire.send(HEAD);
        wire.send(BODY);
        wire.reply().ifPresent(this::check);
      } catch (SocketException noAnswer) { // which a client repeats
        Thread.onSpinWait();
      } catch (IOException | RuntimeException failure) {
        unexpected.add(failure.toString());
      }
    }
  }

  private void check(Wire.Reply reply) {
    int bytes = reply.header("Content-Length").map(Integer::parseInt).orElse(-1);
    if (bytes != reply.body().length()) {
      return; // half an answer is none
    }
    if (!EXPECTED.contains(reply.status())) {
      unexpected.add(reply.head() + reply.body());
    } else if (reply.status() == 200) {
      served.incrementAndGet();
    } else if (!Optional.of("stopping").equals(code(reply))) {
      unexpected.add(reply.body());
    }
  }

  private static Optional<String> code(Wire.Reply reply) {
    return Optional.of(Json.read("the problem", reply.body()).get("code").asString());
  }
}
