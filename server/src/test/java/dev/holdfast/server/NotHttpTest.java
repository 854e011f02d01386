package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that the parser refuses before any route is found. */
@Tag("R-50")
class NotHttpTest {
  private static final String HOST = "Host: localhost\r\n";
  private static final String JSON = HOST + "Content-Type: application/json\r\n";

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

  static List<String> endingTheConnection() {
    return List.of(
        get("/%zz", HOST),
        get("/%", HOST),
        get("/" + "y".repeat(17_000), HOST),
        get("/healthz", HOST + "X: " + "y".repeat(17_000) + "\r\n"),
        get("/healthz", HOST + "X: " + "y".repeat(200_000) + "\r\n"),
        get("/healthz", HOST + "X y: z\r\n"),
        get("/healthz", HOST + "X\r\n"),
        get("/healthz", HOST + "X: a\0b\r\n"),
        get("/healthz", ""),
        get("/healthz", HOST + "Host: other\r\n"),
        get("/healthz", "Host: a:b\r\n"),
        get("/healthz", "Host: <\r\n"),
        get("http://other/healthz", HOST),
        get("/healthz", "Host: a:b\r\n").replace("HTTP/1.1", "HTTP/1.0"),
        get("/healthz", HOST).replace("GET", "G@T"),
        get("/healthz", HOST).replace("HTTP/1.1", "FTP/1.1"),
        get("/healthz", HOST).replace(" HTTP/1.1", ""),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc",
        post("Content-Length: x\r\n"),
        post("Content-Length: -5\r\n"),
        post("Content-Length: 3\r\nContent-Length: 4\r\n"),
        post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
        post("Transfer-Encoding: gzip, chunked\r\n"),
        post("Transfer-Encoding: other\r\n"),
        chunked("zz\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        chunked("ffffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        chunked("-1\r\n{}\r\n0\r\n\r\n"),
        chunked("\r\n{}\r\n0\r\n\r\n"),
        chunked("2\n{}\r\n0\r\n\r\n"),
        chunked("2\r\n{}x0\r\n\r\n"),
        chunked("2\r\n{}\r\n0x\r\n\r\n"),
        chunked("2;" + "x".repeat(2_000) + "\r\n{}\r\n0\r\n\r\n"),
        chunked("2\r\n{}\r\n0\r\n" + ("a: " + "x".repeat(500) + "\r\n").repeat(40) + "\r\n"));
  }

  static List<String> keepingTheConnection() {
    return List.of(
        get("/healthz", HOST + "X: y\r\n".repeat(101)),
        get("/healthz?" + "a=1&".repeat(1_200), HOST));
  }

  private static String get(String path, String headers) {
    return "GET " + path + " HTTP/1.1\r\n" + headers + "\r\n";
  }

  private static String post(String headers) {
    return "POST /api/v1/jobs HTTP/1.1\r\n" + JSON + headers + "\r\n0\r\n\r\n";
  }

  private static String chunked(String body) {
    return "POST /api/v1/jobs HTTP/1.1\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n" + body;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 10_000})
  void is_no_body_in_chunks_however_its_bytes_arrive(int bytesAtOnce) throws IOException {
    String job = "{\"type\": \"t\"}";
    String body =
        "1;a=\"b\"\r\n{\r\n%x \r\n%s\r\n000\r\nA: b\r\n\r\n"
            .formatted(job.length() - 1, job.substring(1));
    String requests = chunked(body) + get("/healthz", HOST);
    try (Wire wire = new Wire(served.server.uri())) {
      for (int from = 0; from < requests.length(); from += bytesAtOnce) {
        wire.send(requests.substring(from, Math.min(requests.length(), from + bytesAtOnce)));
      }
      assertThat(wire.reply().orElseThrow().status()).isEqualTo(201);
      assertThat(wire.reply().orElseThrow().status()).isEqualTo(200);
    }
  }

  @Test
  void in_a_refused_body_begins_no_request() throws IOException {
    String body = "zz\r\n\r\n" + get("/healthz", HOST);
    try (Wire wire = new Wire(served.server.uri())) {
      wire.send(chunked(body).replace("/jobs", "/none"));
      assertThat(wire.replies()).extracting(Wire.Reply::status).containsExactly(404);
    }
  }

  @ParameterizedTest
  @MethodSource("endingTheConnection")
  void gets_a_problem_and_the_end_of_the_connection(String request) throws IOException {
    try (Wire wire = new Wire(served.server.uri())) {
      wire.send(request);
      List<Wire.Reply> replies = wire.replies();
      assertThat(replies).hasSize(1);
      check(replies.get(0));
      assertThat(replies.get(0).header("Connection")).contains("close");
    }
    served.get("/healthz").is(200);
  }

  @ParameterizedTest
  @MethodSource("keepingTheConnection")
  void gets_a_problem(String request) throws IOException {
    try (Wire wire = new Wire(served.server.uri())) {
      wire.send(request);
      check(wire.reply().orElseThrow());
      wire.send(get("/healthz", HOST));
      assertThat(wire.reply().orElseThrow().status()).isEqualTo(200);
    }
  }

  @Test
  void is_not_mistaken_for_an_answer_with_the_text_of_a_refusal() throws IOException {
    String text = "HTTP/1.1 400 Bad\\r\\nContent-Length: 0\\r\\n\\r\\n";
    String id = served.enqueue("{\"type\": \"t\", \"payload\": \"" + text + "\"}");
    assertThat(served.get("/api/v1/jobs/" + id).is(200).text("payload"))
        .contains("Content-Length: 0");
  }

  private static void check(Wire.Reply reply) {
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.isProblem()).as(reply.head()).isTrue();
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo(Optional.of("nosniff"));
    assertThat(Json.read("the answer", reply.body()).get("code").asString())
        .isEqualTo("bad-request");
  }
}
