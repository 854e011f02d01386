package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.Enqueued;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.Transaction;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.StorageException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.client.ClientConfig;
import dev.holdfast.http.client.HttpJobQueue;
import dev.holdfast.search.Scope;
import dev.holdfast.server.FaultyLine.Fault;
import dev.holdfast.spi.server.Role;
import dev.holdfast.testkit.process.TlsKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client under faults of the network, the server or the token. */
@Tag("R-44")
final class HttpJobQueueTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

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

  private static HttpJobQueue client(URI server) {
    return HttpJobQueue.connect(ClientConfig.of(server).patience(Duration.ofMinutes(1)));
  }

  private List<JobId> stored() {
    return served.holdfast.queue().list(JobFilter.all(), PageRequest.first(100)).items().stream()
        .map(job -> job.id())
        .toList();
  }

  @Nested
  class A_lost_answer {
    @Test
    @Tag("R-05")
    void to_an_enqueue_leaves_one_job_of_each() throws IOException {
      try (FaultyLine line =
              new FaultyLine(served.server.uri(), Fault.CUT_ANSWER, Fault.CUT_ANSWER);
          HttpJobQueue queue = client(line.uri())) {
        List<Enqueued> answers =
            queue.enqueue(List.of(NewJob.of("a", 1), NewJob.of("b", 2).unique("k")));

        assertThat(line.connections()).isEqualTo(3);
        assertThat(answers).noneMatch(Enqueued::duplicate);
        assertThat(answers)
            .extracting(Enqueued::id)
            .containsExactlyInAnyOrderElementsOf(stored())
            .hasSize(2);
      }
    }

    @Test
    void to_a_request_that_is_not_repeatable_is_reported() throws IOException {
      JobId id = served.holdfast.enqueue(NewJob.of("a", 1)).id();
      try (FaultyLine line = new FaultyLine(served.server.uri(), Fault.CUT_ANSWER);
          HttpJobQueue queue = client(line.uri())) {
        assertThatThrownBy(() -> queue.cancel(List.of(id), "ada"))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("may have taken effect");
        assertThat(line.connections()).isEqualTo(1);
        assertThat(queue.find(id).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
      }
    }

    @Test
    void that_stops_half_way_is_waited_for_in_bounds() throws IOException {
      try (FaultyLine line = new FaultyLine(served.server.uri(), Fault.STALL_ANSWER)) {
        ClientConfig hasty =
            ClientConfig.of(line.uri())
                .requestTimeout(Duration.ofMillis(500))
                .patience(Duration.ZERO);
        try (HttpJobQueue queue = HttpJobQueue.connect(hasty)) {
          long begin = System.nanoTime();
          assertThatThrownBy(queue.queues()::typeLimits)
              .isInstanceOf(StoreUnavailableException.class);
          assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
        }
      }
    }
  }

  @Nested
  class A_long_answer {
    private static final String JSON = "{\"limits\":{}}";
    private static final int LIMIT = 64 << 10;
    private static final int ENDLESS = 256 << 20; // far more than sockets hold

    private final AtomicInteger requests = new AtomicInteger();
    private final CompletableFuture<Integer> sent = new CompletableFuture<>();
    private HttpServer other;

    @BeforeEach
    void listen() throws IOException {
      other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      other.start();
    }

    @AfterEach
    void stop() {
      other.stop(0);
    }

    /** Creates a client of a server that responds to every request with this many bytes of JSON. */
    private HttpJobQueue client(int bytes) {
      other.createContext("/", exchange -> answer(exchange, bytes));
      return HttpJobQueue.connect(
          ClientConfig.of(URI.create("http://127.0.0.1:" + other.getAddress().getPort()))
              .answerBytesMax(LIMIT));
    }

    private void answer(HttpExchange exchange, int bytes) throws IOException {
      requests.incrementAndGet();
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0); // chunked, so that its length is unknown
      byte[] blanks = " ".repeat(LIMIT).getBytes(US_ASCII);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(JSON.getBytes(US_ASCII));
        for (int left = bytes - JSON.length(); left > 0; left -= LIMIT) {
          body.write(blanks, 0, Math.min(left, LIMIT));
        }
        sent.complete(bytes);
      } catch (IOException closed) {
        sent.completeExceptionally(closed);
        throw closed;
      }
    }

    @Test
    void is_read_up_to_the_limit() {
      try (HttpJobQueue queue = client(LIMIT)) {
        assertThat(queue.queues().typeLimits()).isEmpty();
      }
    }

    @Test
    void beyond_the_limit_is_reported_once() {
      try (HttpJobQueue queue = client(LIMIT + 1)) {
        assertThatThrownBy(queue.queues()::typeLimits)
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("more than 65,536 bytes")
            .hasMessageContaining("request less at once");
        assertThat(requests).hasValue(1);
      }
    }

    @Test
    void to_a_write_leaves_it_in_doubt() {
      try (HttpJobQueue queue = client(LIMIT + 1)) {
        assertThatThrownBy(() -> queue.cancel(List.of(queue.newId()), "ada"))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("a write may have taken effect");
      }
    }

    @Test
    void is_not_read_to_its_end() {
      try (HttpJobQueue queue = client(ENDLESS)) {
        assertThatThrownBy(queue.queues()::typeLimits).isInstanceOf(StorageException.class);
        assertThat(sent)
            .failsWithin(BOUND)
            .withThrowableOfType(ExecutionException.class)
            .withCauseInstanceOf(IOException.class);
      }
    }
  }

  @Nested
  class A_server_that_is {
    @Test
    void busy_is_retried_at_the_given_time() throws IOException {
      JobId id = served.holdfast.enqueue(NewJob.of("a", 1)).id();
      try (FaultyLine line = new FaultyLine(served.server.uri(), Fault.BUSY);
          HttpJobQueue queue = client(line.uri())) {
        long begin = System.nanoTime();
        assertThat(queue.cancel(List.of(id), "ada")).allMatch(changed -> changed.done());
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
            .isGreaterThan(Duration.ofMillis(900));
        assertThat(line.connections()).isEqualTo(2);
      }
    }

    @Test
    void busy_for_longer_than_the_timeout_is_reported() throws IOException {
      try (FaultyLine line = new FaultyLine(served.server.uri(), Fault.BUSY);
          HttpJobQueue queue =
              HttpJobQueue.connect(ClientConfig.of(line.uri()).patience(Duration.ZERO))) {
        assertThatThrownBy(() -> queue.enqueue(NewJob.of("a", 1)))
            .isInstanceOf(BusyException.class)
            .hasMessage("too many");
      }
    }

    /** The last attempt did nothing; the one before may have taken effect. */
    @Test
    void busy_after_an_answer_was_lost_is_in_doubt() throws IOException {
      Duration aMoment = Duration.ofMillis(500);
      try (FaultyLine line = new FaultyLine(served.server.uri(), Fault.CUT_ANSWER, Fault.BUSY);
          HttpJobQueue queue =
              HttpJobQueue.connect(ClientConfig.of(line.uri()).patience(aMoment))) {
        assertThatThrownBy(() -> queue.enqueue(NewJob.of("a", 1)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("which may have taken effect");
        assertThat(stored()).hasSize(1);
      }
    }

    @Test
    void away_is_reported_in_time_and_nothing_is_lost() {
      URI uri = served.server.uri();
      try (HttpJobQueue queue =
          HttpJobQueue.connect(ClientConfig.of(uri).patience(Duration.ofSeconds(1)))) {
        JobId id = queue.enqueue(NewJob.of("a", 1)).id();
        served.close();

        long begin = System.nanoTime();
        assertThatThrownBy(() -> queue.enqueue(NewJob.of("a", 1)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining(uri.toString());
        assertThatThrownBy(() -> queue.await(id, Duration.ofDays(10_000)).get())
            .hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);

        served = new ServedQueue(folder);
        assertThat(stored()).containsExactly(id);
      }
    }

    @Test
    void back_in_time_was_only_late() throws Exception {
      try (ReservedPort port = new ReservedPort();
          HttpJobQueue queue = client(URI.create("http://127.0.0.1:" + port.number()))) {
        var enqueued = CompletableFuture.supplyAsync(() -> queue.enqueue(NewJob.of("a", 1)).id());
        served.close();
        served = new ServedQueue(folder, ServerConfig.defaults().port(port.number()));

        JobId id = enqueued.get();
        assertThat(stored()).containsExactly(id);
      }
    }

    @Test
    void of_another_program_is_recognized() {
      try (HttpJobQueue queue = client(URI.create(served.server.uri() + "/elsewhere"))) {
        assertThatThrownBy(queue::status).isInstanceOf(NotFoundException.class);
      }
    }
  }

  @Nested
  class A_token {
    @Test
    void determines_the_permissions() {
      String producer = served.token("shop", Role.PRODUCER, "orders");
      URI uri = served.server.uri();
      try (HttpJobQueue queue = HttpJobQueue.connect(uri, producer);
          HttpJobQueue wrong = HttpJobQueue.connect(uri, "hf_wrong");
          HttpJobQueue nobody = client(uri)) {
        JobId id = queue.enqueue(NewJob.of("a", 1)).id();

        assertThat(queue.find(id).orElseThrow().group()).contains("orders");
        assertThat(queue.find(id).orElseThrow().createdBy()).contains("shop");
        assertThat(ids(queue, JobFilter.all().within(Scope.of(Set.of("orders")))))
            .containsExactly(id);
        assertThatThrownBy(() -> queue.cancel(List.of(id), "ada"))
            .isInstanceOf(PermissionException.class);
        assertThatThrownBy(queue::status).isInstanceOf(PermissionException.class);
        assertThatThrownBy(() -> wrong.find(id))
            .isInstanceOf(PermissionException.class)
            .hasMessageNotContaining("hf_wrong");
        assertThatThrownBy(() -> nobody.find(id)).isInstanceOf(PermissionException.class);
      }
    }

    private List<JobId> ids(HttpJobQueue queue, JobFilter filter) {
      return queue.list(filter, PageRequest.first(10)).items().stream()
          .map(job -> job.id())
          .toList();
    }

    @Test
    void does_not_show_jobs_of_other_groups() {
      JobId other = served.holdfast.enqueue(NewJob.of("a", 1).group("other")).id();
      JobId own = served.holdfast.enqueue(NewJob.of("a", 1).group("own").after(other)).id();
      JobId next = served.holdfast.enqueue(NewJob.of("a", 1).group("other").after(own)).id();
      String token = served.token("viewer", Role.VIEWER, "own");
      try (HttpJobQueue queue = HttpJobQueue.connect(served.server.uri(), token)) {
        assertThat(queue.predecessors(own, 0, 10)).isEmpty();
        assertThat(queue.dependents(own, PageRequest.first(10)).items()).isEmpty();
        assertThat(queue.checkpoints(next)).isEmpty();
        assertThat(queue.predecessors(next, 0, 10)).isEmpty();
      }
    }

    @Test
    void goes_to_no_other_machine_unencrypted_and_is_not_shown() {
      assertThatThrownBy(
              () -> HttpJobQueue.connect(URI.create("http://queue.example.org"), "hf_secret"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("https")
          .hasMessageNotContaining("hf_secret");
      assertThatThrownBy(
              () -> HttpJobQueue.connect(URI.create("https://queue.example.org"), "hf_sec\nret"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageNotContaining("ret\"");
      assertThat(ClientConfig.of(URI.create("https://queue.example.org")).token("hf_secret"))
          .asString()
          .doesNotContain("hf_secret");
      HttpJobQueue.connect(URI.create("https://queue.example.org"), "hf_secret").close();
    }
  }

  @Nested
  class A_certificate {
    private TlsKeys keys;

    @BeforeEach
    void serveSecurely() {
      keys = TlsKeys.make(folder);
      served.close();
      served =
          new ServedQueue(
              folder,
              ServerConfig.defaults()
                  .port(0)
                  .tls(new ServerConfig.Tls(keys.keystore(), TlsKeys.PASSWORD)));
    }

    @Test
    void that_is_not_trusted_is_reported_at_once() {
      try (HttpJobQueue queue = HttpJobQueue.connect(served.server.uri(), "hf_1")) {
        long begin = System.nanoTime();
        assertThatThrownBy(queue::status)
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("not trusted", "javax.net.ssl.trustStore");
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
            .isLessThan(ClientConfig.of(served.server.uri()).patience());
      }
    }

    @Test
    void that_the_JDK_trusts_is_enough() throws Exception {
      SSLContext before = SSLContext.getDefault();
      SSLContext.setDefault(keys.trusting());
      try (HttpJobQueue queue =
          HttpJobQueue.connect(served.server.uri(), served.token("p", Role.PRODUCER))) {
        JobId id = queue.enqueue(NewJob.of("a", 1)).id();

        assertThat(stored()).containsExactly(id);
      } finally {
        SSLContext.setDefault(before);
      }
    }
  }

  @Test
  void a_malformed_address_is_refused() {
    for (String address :
        List.of("queue.example.org", "ftp://x", "http:///x", "https://x?y", "https://a:secret@x")) {
      assertThatThrownBy(() -> ClientConfig.of(URI.create(address)))
          .as(address)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void an_invalid_limit_of_responses_is_refused() {
    ClientConfig config = ClientConfig.of(served.server.uri());
    for (int bytes : List.of(64 << 10, 512 << 20)) {
      assertThat(config.answerBytesMax(bytes).answerBytesMax()).isEqualTo(bytes);
    }
    for (int bytes : List.of((64 << 10) - 1, (512 << 20) + 1)) {
      assertThatThrownBy(() -> config.answerBytesMax(bytes))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("65,536 to 536,870,912 bytes");
    }
  }

  @Test
  void operations_that_need_the_database_are_refused_with_a_reason() {
    Transaction transaction = new Transaction() {};
    try (HttpJobQueue queue = client(served.server.uri())) {
      assertThatThrownBy(() -> queue.in(transaction))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("open the queue by the address of its database");
      assertThatThrownBy(() -> queue.move(List.of(queue.newId()), "q"))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> queue.lastGroup("g"))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void requests_over_the_limit_are_not_sent() {
    String large = "x".repeat(1_000_000);
    try (HttpJobQueue queue = client(served.server.uri())) {
      assertThatThrownBy(() -> queue.enqueue(Collections.nCopies(17, NewJob.of("a", large))))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("split them");
    }
  }

  @Test
  void a_client_that_was_closed_asks_nothing() {
    HttpJobQueue queue = client(served.server.uri());
    queue.close();

    assertThatThrownBy(queue::status)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void secrets_stay_with_the_server() {
    served.close();
    served =
        new ServedQueue(
            folder, ServerConfig.defaults().port(0).redaction(Redaction.of(List.of("card"))));
    try (HttpJobQueue queue = client(served.server.uri())) {
      JobId id = queue.enqueue(NewJob.of("a", Map.of("card", 4711))).id();

      assertThat(queue.find(id).orElseThrow().payload()).isEqualTo("{\"card\":\"[redacted]\"}");
      assertThat(served.holdfast.find(id).orElseThrow().payload()).isEqualTo("{\"card\":4711}");
    }
  }
}
