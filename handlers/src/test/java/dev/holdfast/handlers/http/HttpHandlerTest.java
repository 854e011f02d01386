package dev.holdfast.handlers.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.holdfast.Failure;
import dev.holdfast.Outcome;
import dev.holdfast.TraceContext;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.handlers.Attempt;
import dev.holdfast.handlers.outbound.RetryAfter;
import dev.holdfast.spi.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("R-24")
class HttpHandlerTest {
  final SystemTime time = new SystemTime();
  final HttpHandler handler = new HttpHandler(AllowedUrls.all(), time);
  Site site = startSite();

  static Site startSite() {
    try {
      return new Site();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @AfterEach
  void stopSite() {
    site.close();
  }

  /** Decodes a payload as stored in the database. */
  HttpPayload payload(String json) {
    return new JacksonCodec().decode(json.replace("SITE", site.url("")), HttpPayload.class);
  }

  Object run(HttpPayload payload) throws InterruptedException {
    return handler.run(payload, Attempt.first());
  }

  HttpResult result(HttpPayload payload) throws InterruptedException {
    return (HttpResult) run(payload);
  }

  Failure failure(HttpPayload payload) throws InterruptedException {
    return ((Outcome.Failed) run(payload)).failure();
  }

  Failure refusal(HttpPayload payload) throws InterruptedException {
    return ((Outcome.GaveUp) run(payload)).failure();
  }

  @Nested
  class A_call {
    @Test
    void gets_a_page() throws Exception {
      site.answers(
          200, Map.of("Content-Type", "text/plain", "ETag", "x1"), "größe".getBytes(UTF_8));

      HttpResult result = result(HttpPayload.get(site.url("/a/b?c=%20d")));

      assertThat(result.status()).isEqualTo(200);
      assertThat(result.body()).isEqualTo("größe");
      assertThat(result.truncated()).isFalse();
      assertThat(result.headers())
          .isEqualTo(Map.of("content-type", "text/plain", "content-length", "7", "etag", "x1"));
      assertThat(result.millis()).isNotNegative();
      Site.Received received = site.received();
      assertThat(received.method()).isEqualTo("GET");
      assertThat(received.path()).isEqualTo("/a/b?c=%20d");
    }

    @Test
    void posts_JSON_without_changing_a_number() throws Exception {
      String body =
          "{\"price\":1.10,\"big\":12345678901234567890.12345678901234567890,\"a\":[null]}";

      result(payload("{\"url\": \"SITE/\", \"body\": %s}".formatted(body)));

      Site.Received received = site.received();
      assertThat(received.method()).isEqualTo("POST");
      assertThat(received.body()).isEqualTo(body);
      assertThat(received.headers().getFirst("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void sends_a_text_as_it_is() throws Exception {
      result(
          payload(
              """
              {"url": "SITE/", "method": "PUT", "body": "größe\\n",
               "headers": {"content-type": "text/csv", "X-Mine": "yes"}}
              """));

      Site.Received received = site.received();
      assertThat(received.method()).isEqualTo("PUT");
      assertThat(received.body()).isEqualTo("größe\n");
      assertThat(received.headers().get("Content-Type")).containsExactly("text/csv");
      assertThat(received.headers().getFirst("X-Mine")).isEqualTo("yes");
    }

    @Test
    void tells_the_server_which_attempt_of_which_job_it_is() throws Exception {
      Attempt attempt = Attempt.first().next();

      handler.run(HttpPayload.post(site.url("/"), Map.of("a", 1)), attempt);

      Site.Received received = site.received();
      assertThat(received.body()).isEqualTo("{\"a\":1}");
      assertThat(received.headers().getFirst("Idempotency-Key")).isEqualTo(attempt.id().toString());
      assertThat(received.headers().getFirst("Holdfast-Job")).isEqualTo(attempt.id().toString());
      assertThat(received.headers().getFirst("Holdfast-Attempt")).isEqualTo("2");
      assertThat(received.headers().getFirst("Holdfast-Token")).isEqualTo("2");
    }

    @Test
    @Tag("R-42")
    void sends_on_the_trace_of_its_job() throws Exception {
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      TraceContext trace = new TraceContext(parent, Optional.of("vendor=x"));

      handler.run(HttpPayload.get(site.url("/")), Attempt.first().in(trace));
      Site.Received traced = site.received();
      handler.run(HttpPayload.get(site.url("/")), Attempt.first());
      Site.Received untraced = site.received();

      assertThat(traced.headers().get("traceparent")).containsExactly(parent);
      assertThat(traced.headers().get("tracestate")).containsExactly("vendor=x");
      assertThat(untraced.headers().get("traceparent")).isNull();
    }

    @Test
    void has_the_idempotency_key_that_its_payload_names() throws Exception {
      result(payload("{\"url\": \"SITE/\", \"headers\": {\"idempotency-key\": \"order-7\"}}"));

      assertThat(site.received().headers().get("Idempotency-Key")).containsExactly("order-7");
    }

    @Test
    void keeps_the_last_64_KiB_of_a_huge_answer_from_a_whole_character_on() throws Exception {
      String end = "ü".repeat(32_767) + "a";
      site.answers(
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 200; i++) {
              exchange.getResponseBody().write(new byte[100_000]);
            }
            exchange.getResponseBody().write(("ü" + end).getBytes(UTF_8));
          });

      HttpResult result = result(HttpPayload.get(site.url("/")));

      assertThat(result.truncated()).isTrue();
      assertThat(result.body()).isEqualTo(end);
    }

    @Test
    void reads_the_charset_that_the_answer_names() throws Exception {
      site.answers(
          200,
          Map.of("Content-Type", "text/plain; charset=\"iso-8859-1\""),
          "größe".getBytes(ISO_8859_1));
      assertThat(result(HttpPayload.get(site.url("/"))).body()).isEqualTo("größe");

      site.answers(200, Map.of("Content-Type", "text/plain; charset=klingon"), new byte[] {'a'});
      assertThat(result(HttpPayload.get(site.url("/"))).body()).isEqualTo("a");
    }

    @Test
    void completes_with_the_statuses_that_were_expected() throws Exception {
      site.answers(404, "gone");

      assertThat(result(payload("{\"url\": \"SITE/\", \"expect\": [404, \"2xx\"]}")).status())
          .isEqualTo(404);
    }

    @Test
    void needs_no_body_in_the_answer() throws Exception {
      assertThat(result(payload("{\"url\": \"SITE/\", \"method\": \"HEAD\"}")))
          .extracting(HttpResult::status, HttpResult::body)
          .containsExactly(204, "");
    }
  }

  @Nested
  class An_answer_that_was_not_expected {
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 409, 422})
    void fails_the_job_when_the_request_is_to_blame(int status) throws Exception {
      site.answers(status, "no:\n  field 'a' is missing\n");

      Failure failure = refusal(HttpPayload.post(site.url("/a?b=c"), "x"));

      assertThat(failure)
          .isEqualTo(
              new Failure(
                  Failure.Kind.NOT_RETRYABLE,
                  "POST %s answered %d: no: field 'a' is missing".formatted(site.url("/a"), status),
                  "no:\n  field 'a' is missing\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 599})
    void fails_the_attempt_when_it_may_be_another_next_time(int status) throws Exception {
      site.answers(status, "");

      assertThat(failure(HttpPayload.get(site.url("/"))))
          .isEqualTo(
              Failure.of(
                  Failure.Kind.ERROR, "GET %s answered %d".formatted(site.url("/"), status)));
    }

    @Test
    void fails_the_job_when_it_is_a_success_of_another_kind() throws Exception {
      site.answers(200, "");

      assertThat(refusal(payload("{\"url\": \"SITE/\", \"expect\": [201]}")).message())
          .endsWith(" answered 200");
    }

    @Test
    void is_reported_and_not_followed_when_it_is_a_redirect() throws Exception {
      site.answers(302, Map.of("Location", "/there?secret=1"), new byte[0]);

      assertThat(refusal(HttpPayload.get(site.url("/here"))).message())
          .isEqualTo(
              "GET %s answered 302 (redirects are not followed; this one leads to %s)"
                  .formatted(site.url("/here"), site.url("/there")));
      assertThat(site.requests()).isEqualTo(1);
    }

    @Test
    void is_reported_without_the_secrets_that_it_repeats() throws Exception {
      site.answers(500, "got Authorization: Bearer s3cr3t-t0k3n, and s3cr3t-t0k3n again");
      HttpPayload payload =
          payload(
              "{\"url\": \"SITE/?key=s3cr3t-t0k3n\", \"headers\": {\"authorization\": \"Bearer s3cr3t-t0k3n\"}}");

      Failure failure = failure(payload);

      assertThat(failure.message()).endsWith("answered 500: got Authorization: …, and … again");
      assertThat(failure.message() + failure.trace() + payload).doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @CsvSource({"429, 7, 7", "503, 0, 0", "503, 100000000, 86400", "429, ' 12 ', 12"})
    void is_asked_again_when_the_server_says(int status, String after, long seconds)
        throws Exception {
      site.answers(status, Map.of("Retry-After", after), new byte[0]);

      assertThat(run(HttpPayload.get(site.url("/"))))
          .asInstanceOf(type(Outcome.RetryIn.class))
          .extracting(Outcome.RetryIn::delay)
          .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void is_asked_again_at_the_time_that_the_server_says() throws Exception {
      String inAnHour =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              time.now().plusSeconds(3_600).atZone(ZoneOffset.UTC));
      site.answers(503, Map.of("Retry-After", inAnHour), new byte[0]);

      Duration delay = ((Outcome.RetryIn) run(HttpPayload.get(site.url("/")))).delay();

      assertThat(delay).isBetween(Duration.ofMinutes(1), Duration.ofHours(1));
      assertThat(RetryAfter.parse("Sun, 06 Nov 1994 08:49:37 GMT", time.now()))
          .contains(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"503, soon", "503, -1", "500, 7", "408, 7"})
    void is_asked_again_as_the_policy_says_otherwise(int status, String after) throws Exception {
      site.answers(status, Map.of("Retry-After", after), new byte[0]);

      assertThat(run(HttpPayload.get(site.url("/")))).isInstanceOf(Outcome.Failed.class);
    }
  }

  /** Servers that break the protocol on purpose. */
  @Nested
  class A_network_that_fails {
    /** The time after which the connection was evidently not given up. */
    static final int PATIENCE_MILLIS = 60_000;

    ServerSocket server = listen();

    ServerSocket listen() {
      try {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @AfterEach
    void stopListening() throws IOException {
      server.close();
    }

    String url() {
      return "http://127.0.0.1:" + server.getLocalPort() + "/a?b=c";
    }

    /** Reads the head of a request. */
    void readHead(InputStream in) throws IOException {
      int newlines = 0;
      while (newlines < 2) {
        int next = in.read();
        newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
      }
    }

    FutureTask<Void> answer(String bytes) {
      return inBackground(
          () -> {
            try (Socket socket = server.accept()) {
              readHead(socket.getInputStream());
              socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            }
            return null;
          });
    }

    <T> FutureTask<T> inBackground(java.util.concurrent.Callable<T> body) {
      FutureTask<T> task = new FutureTask<>(body);
      new Thread(task).start();
      return task;
    }

    @Test
    void fails_the_attempt_when_nobody_listens() throws Exception {
      server.close();

      assertThat(failure(HttpPayload.get(url())))
          .isEqualTo(
              Failure.of(
                  Failure.Kind.ERROR,
                  "GET %s failed: no connection to its host and port"
                      .formatted(url().replace("?b=c", ""))));
    }

    @Test
    void fails_the_attempt_when_the_host_is_unknown() throws Exception {
      assertThat(failure(HttpPayload.get("http://no-such-host.invalid/")).message())
          .isEqualTo("GET http://no-such-host.invalid/ failed: its host is unknown");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk",
          "no answer of this protocol\r\n\r\n",
          "HTTP/1.1 200"
        })
    void fails_the_attempt_when_the_answer_breaks_off_or_is_none(String bytes) throws Exception {
      FutureTask<Void> answered = answer(bytes);

      Failure failure = failure(HttpPayload.post(url(), "x"));

      assertThat(failure.kind()).isEqualTo(Failure.Kind.ERROR);
      assertThat(failure.message()).startsWith("POST http://127.0.0.1:").contains("/a failed: ");
      answered.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow"})
    void is_not_waited_for_longer_than_the_time_out_and_is_given_up(String bytes) throws Exception {
      FutureTask<Integer> rest = connectionThatStays(bytes);

      HttpPayload payload = payload("{\"url\": \"%s\", \"timeout\": 0.2}".formatted(url()));

      assertThat(failure(payload).message()).endsWith("/a had no complete response within PT0.2S");
      assertThat(rest.get()).as("what the server reads of the closed connection").isEqualTo(-1);
    }

    FutureTask<Integer> connectionThatStays(String bytes) {
      return inBackground(
          () -> {
            try (Socket socket = server.accept()) {
              socket.setSoTimeout(PATIENCE_MILLIS);
              readHead(socket.getInputStream());
              socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
              return socket.getInputStream().read();
            } catch (SocketException reset) {
              return -1;
            }
          });
    }

    @Test
    void is_given_up_when_the_attempt_is_to_end() throws Exception {
      Attempt attempt = Attempt.first();
      FutureTask<Integer> atServer;
      FutureTask<Object> end = new FutureTask<>(() -> handler.run(HttpPayload.get(url()), attempt));
      Thread thread = new Thread(end);
      try (Socket socket = connectionOf(thread)) {
        readHead(socket.getInputStream());
        atServer = inBackground(() -> readToEnd(socket));

        attempt.cancel(thread);

        assertThatThrownBy(end::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(InterruptedException.class);
        assertThat(atServer.get()).isEqualTo(-1);
      }
    }

    Socket connectionOf(Thread caller) throws IOException {
      caller.start();
      return server.accept();
    }

    int readToEnd(Socket socket) throws IOException {
      try {
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket.getInputStream().read();
      } catch (SocketException reset) {
        return -1;
      }
    }
  }

  @Nested
  class A_payload_that_cannot_be_sent {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"url\": \"ftp://host/\"}",
          "{\"url\": \"/path\"}",
          "{\"url\": \"http://ho st/\"}",
          "{\"url\": \"http://bücher.example/\"}",
          "{\"url\": \"http://host:99999/\"}",
          "{\"url\": \"mailto:w0rd@host\"}",
          "{\"url\": \"http://user:w0rd@host/\"}",
          "{\"url\": \"SITE/\", \"method\": \"FETCH\"}",
          "{\"url\": \"SITE/\", \"method\": \"get\"}",
          "{\"url\": \"SITE/\", \"timeout\": 0}",
          "{\"url\": \"SITE/\", \"timeout\": \"PT25H\"}",
          "{\"url\": \"SITE/\", \"expect\": [\"fine\"]}",
          "{\"url\": \"SITE/\", \"expect\": []}",
          "{\"url\": \"SITE/\", \"headers\": {\"Host\": \"w0rd\"}}",
          "{\"url\": \"SITE/\", \"headers\": {\"Authorization\": \"w0rd\\nX: y\"}}",
          "{\"url\": \"SITE/\", \"headers\": {\"Authorization\": null}}",
          "{\"url\": \"SITE/\", \"headers\": {\"Holdfast-Token\": \"99\"}}",
          "{\"url\": \"SITE/\", \"headers\": {\"no name\": \"w0rd\"}}"
        })
    void fails_the_job_with_one_line_and_nothing_is_sent(String json) throws Exception {
      Failure failure = refusal(payload(json));

      assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_RETRYABLE);
      assertThat(failure.message()).hasLineCount(1).doesNotContain("w0rd");
      assertThat(failure.trace()).isEmpty();
      assertThat(site.requests()).isZero();
    }

    @Test
    void says_what_was_wrong() throws Exception {
      assertThat(refusal(payload("{\"url\": \"http://u:p@host/\"}")).message())
          .isEqualTo(
              "the URL holds a user or a password: send them in the header 'Authorization' instead");
      assertThat(refusal(payload("{\"url\": \"SITE/\", \"headers\": {\"Host\": \"x\"}}")).message())
          .isEqualTo(
              "the header 'Host' cannot be set: it belongs to the connection, not to the request");
    }
  }

  @Test
  void what_may_not_be_called_is_not() throws Exception {
    HttpHandler strict =
        new HttpHandler(AllowedUrls.of(List.of("https://elsewhere.example")), time);

    Object end = strict.run(HttpPayload.get(site.url("/a")), Attempt.first());

    assertThat(requireNonNull((Outcome.GaveUp) end).failure().message())
        .isEqualTo(
            site.url("/a")
                + " may not be called from this node: its operator can allow it with --allow-http");
    assertThat(site.requests()).isZero();
  }
}
