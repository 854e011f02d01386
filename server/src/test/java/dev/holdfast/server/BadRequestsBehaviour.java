package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.NewJob;
import dev.holdfast.http.Json;
import dev.holdfast.server.undertow.Capacity;
import dev.holdfast.spi.server.Role;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random malformed requests, on any database. The seed can be set with {@code -Dholdfast.seed=42}
 * and is part of each failure and of the output; {@code -Dholdfast.requests=100000} sets the number
 * of requests.
 */
@Tag("R-44")
abstract class BadRequestsBehaviour {
  private static final long SEED = Long.getLong("holdfast.seed", 1);
  private static final ApiDescription DESCRIPTION = new ApiDescription();
  private static final int INSIDE = 8; // few, so that a leaked one is noticed

  /** Returns the address of an empty queue. */
  abstract String address();

  /** Returns the default number of requests. */
  abstract int many();

  @Test
  void break_nothing() throws IOException {
    send(1_000);
  }

  @Test
  @Tag("slow")
  void break_nothing_by_their_number() throws IOException {
    send(Integer.getInteger("holdfast.requests", many()));
  }

  @Test
  void have_sixty_scripts() {
    assertThat(BadRequests.SCRIPTS).hasSize(60).doesNotHaveDuplicates();
  }

  private void send(int count) throws IOException {
    Map<Integer, Integer> answers = new TreeMap<>();
    try (ServedQueue served =
        new ServedQueue(
            address(), ServerConfig.defaults().port(0), Capacity.defaults().inside(INSIDE))) {
      String token = served.token("a", Role.ADMIN);
      BadRequests requests = requests(served, token);
      List<String> failures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        BadRequests.Request request = requests.next();
        try {
          check(served, request, answers);
        } catch (AssertionError wrong) {
          failures.add("request %d: %s: %s".formatted(i, request.what(), wrong.getMessage()));
        }
      }
      System.out.printf("seed %d: %,d bad requests, answered %s%n", SEED, count, answers);
      assertThat(failures).as("seed %d", SEED).isEmpty();

      String[] admin = {"Authorization", "Bearer " + token};
      String job =
          served.call("POST", "/api/v1/jobs", "{\"type\": \"t\"}", admin).is(201).text("id");
      served.call("GET", "/api/v1/jobs/" + job, null, admin).is(200);
      served.call("GET", "/api/v1/jobs?limit=500", null, admin).is(200);
      served.call("GET", "/api/v1/queues", null, admin).is(200);
      served.call("GET", "/api/v1/schedules", null, admin).is(200);
      served.call("GET", "/api/v1/webhooks", null, admin).is(200);
      served.call("GET", "/api/v1/stats", null, admin).is(200);
      served.call("GET", "/metrics", null, admin).is(200);
    }
  }

  private static BadRequests requests(ServedQueue served, String token) {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      jobs.add(served.holdfast.enqueue(NewJob.of("t", i)).id().toString());
    }
    Random random = new Random(SEED);
    return new BadRequests(SEED, () -> jobs.get(random.nextInt(jobs.size())), token);
  }

  private static void check(
      ServedQueue served, BadRequests.Request request, Map<Integer, Integer> answers)
      throws IOException {
    List<Wire.Reply> replies = List.of();
    try (Wire wire = new Wire(served.server.uri())) {
      wire.send(request.octets());
      wire.end();
      replies = wire.replies();
    } catch (SocketTimeoutException hangs) {
      fail("was neither answered nor closed", hangs);
    }
    if (request.isHttp()) {
      assertThat(replies).as("answers").hasSize(1);
    }
    for (Wire.Reply reply : replies) {
      answers.merge(reply.status(), 1, Integer::sum);
      boolean isOfDocs = reply.status() == 200 && request.what().contains(" /docs");
      boolean isOfConsole = reply.status() == 200 && request.what().contains(" /ui");
      if (!isOfDocs && !isOfConsole) {
        check(reply);
      }
      if (reply.status() / 100 == 2 && request.isHttp() && !isOfConsole) { // its query is its own
        DESCRIPTION.checkAccepted(
            request.method(), request.path(), request.query(), request.body());
      }
    }
  }

  private static void check(Wire.Reply reply) {
    String all = reply.head() + reply.body();
    assertThat(reply.status()).as(all).isLessThan(500);
    assertThat(all)
        .doesNotContain(
            "Exception", "\tat ", "dev.holdfast", "tools.jackson", "io.undertow", "java.");
    assertThat(reply.head().toLowerCase(Locale.ROOT)).doesNotContain("x-evil", "text/html");
    assertThat(reply.header("X-Content-Type-Options")).as(all).contains("nosniff");
    boolean isToHead =
        reply.body().isEmpty() && !reply.header("Content-Length").equals(Optional.of("0"));
    if (reply.status() >= 400 && !isToHead) {
      boolean isRefusedRun = reply.status() == 409 && !reply.isProblem(); // run-next answers why
      assertThat(reply.isProblem() || isRefusedRun).as(all).isTrue();
      assertThat(Json.read("the answer", reply.body()).isObject()).isTrue();
    }
  }
}
