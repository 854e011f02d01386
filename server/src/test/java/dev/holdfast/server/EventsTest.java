package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.http.Json;
import dev.holdfast.server.events.Events;
import dev.holdfast.spi.server.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("R-44")
@Timeout(120)
class EventsTest {
  @TempDir Path folder;

  /** One event. */
  private record Event(String id, String name, JsonNode data) {}

  /** A reader of events over real HTTP, line by line. */
  private static final class Reader implements AutoCloseable {
    private final InputStream stream;
    private final BufferedReader lines;
    private String id = "";

    Reader(ServedQueue served, String query, String... headers) {
      try {
        HttpRequest.Builder request =
            HttpRequest.newBuilder(URI.create(served.server.uri() + "/api/v1/events" + query));
        for (int i = 0; i < headers.length; i += 2) {
          request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<InputStream> response =
            HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        this.stream = response.body();
        this.lines = new BufferedReader(new InputStreamReader(stream, UTF_8));
        readWelcome();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (InterruptedException hurry) {
        throw new IllegalStateException(hurry);
      }
    }

    private void readWelcome() throws IOException {
      assertThat(lines.readLine()).startsWith("retry: ");
      id = lines.readLine();
      assertThat(lines.readLine()).isEmpty();
    }

    String id() {
      return id.replaceFirst("^id: ", "");
    }

    Event next() {
      try {
        String name = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("id: ")) {
            id = line;
          } else if (line.startsWith("event: ")) {
            name = line.substring(7);
          } else if (line.startsWith("data: ")) {
            return new Event(id(), name, Json.read("data", line.substring(6)));
          }
        }
        return new Event(id(), "over", Json.read("data", "{}"));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    /** Returns the next event of this job. */
    Event next(JobId job) {
      Event event = next();
      while (!event.data().path("id").asString("").equals(job.toString())) {
        assertThat(event.name()).isNotIn("end", "over");
        event = next();
      }
      return event;
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private static String[] token(ServedQueue served, Role role, String... groups) {
    return new String[] {
      "Authorization", "Bearer " + served.token("t" + role + groups.length, role, groups)
    };
  }

  @Test
  void include_jobs_that_any_process_changed() {
    try (ServedQueue served = new ServedQueue(folder);
        Holdfast other = Holdfast.open(folder.resolve("q.db").toString());
        Reader reader = new Reader(served, "")) {
      JobId id = other.enqueue(NewJob.of("t", 1).group("g")).id();
      Event enqueued = reader.next(id);
      assertThat(enqueued.name()).isEqualTo("job");
      assertThat(enqueued.data().get("state").asString()).isEqualTo("PENDING");
      assertThat(enqueued.data().get("group").asString()).isEqualTo("g");

      other.queue().cancel(List.of(id), "ops");
      Event cancelled = reader.next(id);
      assertThat(cancelled.data().get("state").asString()).isEqualTo("CANCELLED");
      assertThat(cancelled.data().get("finished").asBoolean()).isTrue();
      assertThat(Long.parseLong(cancelled.id())).isGreaterThan(Long.parseLong(enqueued.id()));

      other.queue().retry(List.of(id), "ops");
      assertThat(reader.next(id).data().get("state").asString()).isEqualTo("PENDING");
    }
  }

  @Test
  void include_queues_that_are_paused_and_resumed() {
    try (ServedQueue served = new ServedQueue(folder)) {
      served.holdfast.queue().queues().configure("letters", settings -> settings);
      served.holdfast.queue().queues().pause("letters", "ops");
      served.holdfast.queue().queues().resume("letters");
      try (Reader reader = new Reader(served, "?queue=letters")) {
        served.holdfast.queue().queues().pause("letters", "ops");
        Event paused = reader.next();
        assertThat(paused.name()).isEqualTo("queue");
        assertThat(paused.data().get("paused").asBoolean()).isTrue();
        served.holdfast.queue().queues().resume("letters");
        assertThat(reader.next().data().get("paused").asBoolean()).isFalse();
      }
    }
  }

  @Test
  void match_the_filter() {
    try (ServedQueue served = new ServedQueue(folder);
        Reader reader = new Reader(served, "?queue=q&type=t&group=g")) {
      served.holdfast.enqueue(NewJob.of("t", 1).on("q"));
      served.holdfast.enqueue(NewJob.of("t", 1).on("other").group("g"));
      served.holdfast.enqueue(NewJob.of("other", 1).on("q").group("g"));
      JobId id = served.holdfast.enqueue(NewJob.of("t", 1).on("q").group("g")).id();

      assertThat(reader.next().data().get("id").asString()).isEqualTo(id.toString());
    }
  }

  @Test
  @Tag("R-47")
  void of_a_token_with_a_scope_are_those_of_its_groups_alone_after_a_resume_too() {
    try (ServedQueue served = new ServedQueue(folder)) {
      String[] mine = token(served, Role.VIEWER, "mine");
      String id;
      try (Reader reader = new Reader(served, "", mine)) {
        id = reader.id();
        served.holdfast.enqueue(NewJob.of("t", 1).group("other"));
        served.holdfast.enqueue(NewJob.of("t", 1));
        served.holdfast.queue().queues().pause("default", "ops");
        JobId job = served.holdfast.enqueue(NewJob.of("t", 1).group("mine")).id();
        assertThat(reader.next().data().get("id").asString()).isEqualTo(job.toString());
      }
      String[] resumed = {mine[0], mine[1], "Last-Event-ID", id};
      try (Reader reader = new Reader(served, "", resumed)) {
        assertThat(reader.next().data().get("group").asString()).isEqualTo("mine");
        JobId next = served.holdfast.enqueue(NewJob.of("t", 1).group("mine")).id();
        assertThat(reader.next(next).data().get("group").asString()).isEqualTo("mine");
      }
    }
  }

  @Test
  void continue_from_the_last_event_that_a_reader_knows() {
    try (ServedQueue served = new ServedQueue(folder)) {
      String id;
      try (Reader reader = new Reader(served, "")) {
        id = reader.id();
      }
      JobId missed = served.holdfast.enqueue(NewJob.of("t", 1)).id();
      try (Reader reader = new Reader(served, "", "Last-Event-ID", id)) {
        assertThat(reader.next().data().get("id").asString()).isEqualTo(missed.toString());
      }
    }
  }

  @Test
  void start_with_a_gap_when_they_cannot_continue() {
    try (ServedQueue served = new ServedQueue(folder)) {
      for (String unknown : List.of("1", "x", "999999999999999999")) {
        try (Reader reader = new Reader(served, "", "Last-Event-ID", unknown)) {
          assertThat(reader.next().name()).isEqualTo("gap");
        }
      }
    }
  }

  @Test
  void end_with_an_event_when_the_server_stops() {
    try (ServedQueue served = new ServedQueue(folder);
        Reader reader = new Reader(served, "")) {
      served.server.close();

      assertThat(reader.next().name()).isEqualTo("end");
      assertThat(reader.next().name()).isEqualTo("over");
    }
  }

  @Test
  void are_refused_beyond_their_limit_until_one_ends() throws IOException {
    try (ServedQueue served = new ServedQueue(folder)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(served.server.uri() + "/api/v1/events")).build();
      HttpClient client = HttpClient.newHttpClient();
      List<InputStream> streams =
          IntStream.range(0, Events.STREAMS_MAX)
              .mapToObj(i -> client.sendAsync(request, BodyHandlers.ofInputStream()))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .map(HttpResponse::body)
              .toList();

      served.get("/api/v1/events").isProblem(503, "overloaded");

      for (InputStream stream : streams) {
        stream.close();
      }
      while (served.get("/api/v1/events").status() == 503) {
        served.holdfast.enqueue(NewJob.of("t", 1)); // a write finds out that the reader is gone
      }
    }
  }

  /** One reader does not read from its socket; a second one is still served. */
  @Test
  void do_not_wait_for_a_slow_reader() throws IOException {
    try (ServedQueue served = new ServedQueue(folder);
        Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4 << 10);
      slow.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), served.server.uri().getPort()));
      slow.getOutputStream()
          .write(
              "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(UTF_8));
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(slow.getInputStream(), UTF_8), 64);
      assertThat(lines.readLine()).contains("200");
      try (Reader other = new Reader(served, "")) {
        String group = "g".repeat(200);
        for (int round = 0; round < 20; round++) {
          List<NewJob> jobs =
              IntStream.range(0, 1_000)
                  .mapToObj(i -> NewJob.of("t".repeat(150), 1).group(group))
                  .toList();
          JobId last = served.holdfast.queue().enqueue(jobs).get(999).id();
          other.next(last);
        }
      }
      assertThat(lines.lines()).contains("event: end");
    }
  }
}
