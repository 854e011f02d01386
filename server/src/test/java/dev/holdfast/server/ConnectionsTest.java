package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.server.undertow.Capacity;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits of connections and requests, and the timeouts of senders. */
@Tag("R-44")
class ConnectionsTest {
  private static final String JOBS = "/api/v1/jobs";
  private static final String ALIVE = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n";

  @TempDir Path folder;

  private ServedQueue served(Capacity capacity) {
    return new ServedQueue(ServedQueue.file(folder), ServerConfig.defaults().port(0), capacity);
  }

  @Nested
  class A_server_with_too_much_to_do {
    /** Uses requests with slow bodies, which count but take no thread. */
    @Test
    void refuses_callers_at_once_and_goes_on_serving_workers() throws IOException {
      try (ServedQueue served = served(Capacity.defaults().inside(1));
          Wire slow = new Wire(served.server.uri())) {
        String worker = register(served);
        String body = "{\"type\": \"t\"}";
        slow.send(post(JOBS, body.length()) + "{");

        Eventually.is("healthz: 503", () -> served.get("/healthz").status() == 503);
        Reply refused = served.post(JOBS, body).isProblem(503, "overloaded");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        served.post("/api/v1/worker/heartbeat", "{\"worker\": \"%s\"}".formatted(worker)).is(200);
        served
            .post(
                "/api/v1/worker/claim",
                "{\"worker\": \"%s\", \"types\": [\"t\"]}".formatted(worker))
            .is(200);

        slow.send(body.substring(1));
        assertThat(slow.reply().orElseThrow().status()).isEqualTo(201);
        Eventually.is("healthz: 200", () -> served.get("/healthz").status() == 200);
        assertThat(served.get(JOBS).is(200).json().get("jobs").size()).isEqualTo(1);
      }
    }

    @Test
    void refuses_workers_too_but_not_because_of_callers() throws IOException {
      try (ServedQueue served = served(Capacity.defaults().inside(1));
          Wire slow = new Wire(served.server.uri())) {
        slow.send(post("/api/v1/worker/register", 100) + "{");

        Eventually.is(
            "the server is full", () -> served.post("/api/v1/worker/leave", "{}").status() == 503);
        served.get("/healthz").is(200);
      }
    }

    @Test
    void frees_the_place_of_requests_that_give_up() throws IOException {
      try (ServedQueue served = served(Capacity.defaults().inside(1))) {
        for (int i = 0; i < 20; i++) {
          try (Wire gone = new Wire(served.server.uri())) {
            gone.send(post(JOBS, 100) + "{");
          }
        }

        Eventually.is("healthz: 200", () -> served.get("/healthz").status() == 200);
      }
    }
  }

  @Nested
  class Connections_beyond_the_limit {
    @Test
    void wait_until_another_is_closed() throws IOException {
      try (ServedQueue served = served(Capacity.defaults().connections(2));
          Wire first = new Wire(served.server.uri());
          Wire second = new Wire(served.server.uri())) {
        answers(first);
        answers(second);
        try (Wire third = new Wire(served.server.uri())) {
          third.send(ALIVE + "\r\n");
          answers(first);
          answers(second);
          assertThat(third.hasHeard()).isFalse();

          first.close();
          assertThat(third.reply().orElseThrow().status()).isEqualTo(200);
        }
      }
    }

    private static void answers(Wire wire) throws IOException {
      wire.send(ALIVE + "\r\n");
      assertThat(wire.reply().orElseThrow().status()).isEqualTo(200);
    }
  }

  /** Uses timeouts so short that only the server's own clock ends these tests. */
  @Nested
  class A_silent_sender {
    private final Capacity impatient =
        Capacity.defaults().patience(Duration.ofMillis(200), Duration.ofMillis(200));

    @Test
    void is_not_waited_for() throws IOException {
      try (ServedQueue served = served(impatient)) {
        for (String begun :
            List.of(
                "",
                "GET /healthz",
                ALIVE,
                ALIVE + "X-Slow",
                post(JOBS, 100),
                post(JOBS, 100) + "{\"type\"",
                post("/api/v1/worker/claim", 100) + "{")) {
          try (Wire slow = new Wire(served.server.uri())) {
            slow.send(begun);
            assertThat(slow.replies()).as(begun).allMatch(reply -> reply.status() < 500);
          }
        }
        try (Wire idle = new Wire(served.server.uri())) {
          idle.send(ALIVE + "\r\n");
          assertThat(idle.replies()).hasSize(1); // and then it is closed
        }
        served.get("/healthz").is(200);
      }
    }

    @Test
    void takes_no_place_from_others() throws IOException {
      try (ServedQueue served = served(impatient.inside(1))) {
        try (Wire slow = new Wire(served.server.uri())) {
          slow.send(post(JOBS, 100) + "{");
          assertThat(slow.replies()).allMatch(reply -> reply.status() < 500);
        }
        Eventually.is("healthz: 200", () -> served.get("/healthz").status() == 200);
      }
    }
  }

  @Nested
  class Headers {
    @Test
    void are_at_most_a_hundred_and_sixteen_kibibytes() throws IOException {
      try (ServedQueue served = served(Capacity.defaults())) {
        assertThat(status(served, "X: y\r\n".repeat(98))).isEqualTo(200);
        assertThat(status(served, "X: y\r\n".repeat(101))).isEqualTo(400);
        assertThat(status(served, "X: " + "y".repeat(15 << 10) + "\r\n")).isEqualTo(200);
        assertThat(status(served, "X: " + "y".repeat(17 << 10) + "\r\n")).isEqualTo(400);
      }
    }

    private static int status(ServedQueue served, String headers) throws IOException {
      try (Wire wire = new Wire(served.server.uri())) {
        wire.send(ALIVE + headers + "\r\n");
        return wire.reply().orElseThrow().status();
      }
    }
  }

  @Nested
  class A_caller_who_asks_first {
    @Test
    void is_told_to_go_on() throws IOException {
      try (ServedQueue served = served(Capacity.defaults());
          Wire polite = new Wire(served.server.uri())) {
        String body = "{\"type\": \"t\"}";
        polite.send(
            post(JOBS, body.length()).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
        assertThat(polite.mayGoOn()).isTrue();
        polite.send(body);
        assertThat(polite.reply().orElseThrow().status()).isEqualTo(201);
      }
    }
  }

  private static String register(ServedQueue served) {
    return served
        .post("/api/v1/worker/register", "{\"name\": \"w\", \"types\": [\"t\"]}")
        .is(201)
        .text("worker");
  }

  private static String post(String path, int bytes) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        .formatted(path, bytes);
  }
}
