package dev.holdfast.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.cli.ChildJvm;
import dev.holdfast.http.Json;
import dev.holdfast.search.Scope;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.spi.server.Role;
import dev.holdfast.testkit.postgres.PostgresDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The log of a process, and the secrets that it never contains. */
@Tag("R-41")
final class LogTest {
  private static final String SECRET = "hunter2-in-the-payload";
  private static final String PASSWORD = "hunter2-of-the-database";

  @TempDir private Path folder;
  private final List<ChildJvm> children = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (ChildJvm child : children) {
      child.killIfAlive();
      child.end();
    }
  }

  private ChildJvm holdfast(List<String> arguments) throws IOException {
    ChildJvm child =
        ChildJvm.holdfast(folder, Path.of("/dev/null"), arguments.toArray(String[]::new));
    children.add(child);
    return child;
  }

  private ChildJvm child() {
    return children.get(0);
  }

  private String serve(String... more) throws IOException {
    List<String> arguments =
        Stream.concat(
                Stream.of("serve", "--port", "0", "--allow-exec", "false,true"), Stream.of(more))
            .toList();
    return holdfast(arguments).awaitServer();
  }

  private static HttpResponse<String> call(String uri, Optional<String> body, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    body.ifPresent(json -> request.header("Content-Type", "application/json"));
    request.method(
        body.isPresent() ? "POST" : "GET",
        body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  private String stop() throws IOException, InterruptedException {
    child().signal("TERM");
    assertThat(child().end()).isEqualTo(143);
    return child().err();
  }

  @Test
  @Tag("R-60")
  void holds_no_secret_of_payloads_tokens_or_addresses_however_much_is_logged() throws Exception {
    String address = PostgresDatabases.shared(18).create();
    String token;
    try (Holdfast holdfast = Holdfast.open(address)) {
      token =
          Tokens.create(
                  holdfast.embedding().server().tokens(),
                  "admin",
                  Role.ADMIN,
                  Scope.all(),
                  Optional.empty(),
                  "test")
              .reveal();
    }
    String withPassword = address + (address.contains("?") ? "&" : "?") + "password=" + PASSWORD;
    String uri = serve("-d", withPassword, "--log-level", "trace");
    for (String job :
        List.of(
            "{\"type\": \"exec\", \"max_attempts\": 1, \"payload\": {\"argv\": [\"false\"],"
                + " \"password\": \"%s\"}}",
            "{\"type\": \"exec\", \"max_attempts\": 1, \"payload\": {\"argv\": \"%s\"}}",
            "{\"type\": \"exec\", \"payload\": {\"argv\": [\"true\", \"%s\"]}}")) {
      HttpResponse<String> made =
          call(uri + "/api/v1/jobs", Optional.of(job.formatted(SECRET)), token);
      assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
      String id = Json.read("the answer", made.body()).get("id").asString();
      call(uri + "/api/v1/jobs/" + id + "?wait=60s", Optional.empty(), token);
    }
    call(uri + "/api/v1/jobs?token=" + token, Optional.empty(), token + "x");
    call(uri + "/api/v1/jobs", Optional.of("{\"type\": 7, \"payload\": \"" + SECRET), token);

    String logged = stop();

    assertThat(logged)
        .contains("Attempt ended: fail", "Attempt ended: complete", "failure=\"PAYLOAD\"")
        .doesNotContainPattern("job=\"[^ ]*\".* job=")
        .doesNotContain(SECRET, PASSWORD, token, token.substring(3, 23));
  }

  @Test
  void records_each_attempt_and_the_shutdown_as_JSON() throws Exception {
    String uri = serve("--log-level", "debug", "--log-format", "json", "--name", "n1");
    HttpResponse<String> made =
        call(
            uri + "/api/v1/jobs",
            Optional.of("{\"type\": \"exec\", \"payload\": {\"argv\": [\"true\"]}}"),
            "");
    String id = Json.read("the answer", made.body()).get("id").asString();
    call(uri + "/api/v1/jobs/" + id + "?wait=60s", Optional.empty(), "");

    List<JsonNode> lines = jsonLines(stop());

    JsonNode start = lineOf(lines, "holdfast serve starts.");
    assertThat(start.get("level").asString()).isEqualTo("INFO");
    assertThat(start.get("database").asString()).endsWith("jobs.db");
    assertThat(start.get("address").asString()).isEqualTo(uri);
    assertThat(start.get("node").asString()).isEqualTo("n1");
    assertThat(start.get("pid").longValue()).isEqualTo(child().pid());
    assertThat(start.get("config").asString()).isEqualTo("none");
    assertThat(start.has("version") && start.has("java") && start.has("time")).isTrue();
    JsonNode end = lineOf(lines, "Attempt ended: complete.");
    assertThat(end.get("job").asString()).isEqualTo(id);
    assertThat(end.get("type").asString()).isEqualTo("exec");
    assertThat(end.get("ran_ms").longValue()).isNotNegative();
    JsonNode told = lineOf(lines, "Told to stop.");
    assertThat(told.get("signal").asString()).isEqualTo("SIGTERM");
    assertThat(lines.get(lines.size() - 1).get("message").asString())
        .startsWith("holdfast serve ends after ");
  }

  @Test
  void records_how_attempts_of_remote_workers_ended() throws Exception {
    String uri = serve("--log-level", "debug", "--log-format", "json");
    String worker =
        answer(uri, "/api/v1/worker/register", "{\"name\": \"w\", \"types\": [\"t\"]}")
            .get("worker")
            .asString();
    String claim = "{\"worker\": \"%s\", \"types\": [\"t\"], \"ends\": [%s]}";
    String bad = "\"how\": \"fail\", \"retry\": false, \"failure\": {\"message\": \"no good\"}";
    for (String end : List.of("\"how\": \"complete\"", bad, "\"how\": \"release\"")) {
      answer(uri, "/api/v1/jobs", "{\"type\": \"t\"}");
      JsonNode job =
          answer(uri, "/api/v1/worker/claim", claim.formatted(worker, "")).get("jobs").get(0);
      String id = job.get("id").asString();
      if (end.contains("release")) {
        answer(uri, "/api/v1/jobs/" + id + "/cancel", "");
      }
      String told =
          "{\"id\": \"%s\", \"lease\": \"%s\", \"ran_ms\": 7, %s}"
              .formatted(id, job.get("lease").asString(), end);
      answer(uri, "/api/v1/worker/claim", claim.formatted(worker, told));
    }

    List<JsonNode> lines = jsonLines(stop());

    assertThat(lineOf(lines, "Attempt ended: complete.").get("node").asString()).isEqualTo(worker);
    JsonNode failed = lineOf(lines, "Attempt ended: fail.");
    assertThat(failed.get("failure").asString()).isEqualTo("NOT_RETRYABLE");
    assertThat(failed.get("ran_ms").longValue()).isEqualTo(7);
    JsonNode late = lineOf(lines, "The lease had ended; the attempt's result was discarded.");
    assertThat(late.get("level").asString()).isEqualTo("WARN");
  }

  private static JsonNode answer(String uri, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = call(uri + path, Optional.of(body), "");
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    return Json.read("the answer", answer.body());
  }

  private static List<JsonNode> jsonLines(String logged) {
    return logged
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(line -> Json.read("a line", line))
        .toList();
  }

  private static JsonNode lineOf(List<JsonNode> lines, String message) {
    return lines.stream()
        .filter(line -> line.get("message").asString().equals(message))
        .findFirst()
        .orElseThrow(() -> new AssertionError(message + " is missing in " + lines));
  }

  @Test
  void goes_to_private_files_that_are_rotated_by_size() throws Exception {
    Path file = folder.resolve("log").resolve("holdfast.log");
    Files.createDirectory(file.resolveSibling(""));
    Files.writeString(file, "x".repeat(1 << 20) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        folder.resolve("holdfast.yaml"), "log:\n  max_megabytes: 1\n  kept: 2\n  level: info\n");
    try (Holdfast holdfast = Holdfast.open(folder.resolve("jobs.db").toString())) {
      holdfast.enqueue(NewJob.of("exec", Map.of("argv", List.of("false"))).maxAttempts(1));
    }

    ChildJvm child =
        holdfast(
            List.of(
                "work",
                "--config",
                folder.resolve("holdfast.yaml").toString(),
                "--log-file",
                file.toString(),
                "--until-empty"));

    assertThat(child.end()).isEqualTo(1);
    assertThat(file.resolveSibling("holdfast.log.1")).exists();
    String logged =
        Files.readString(file) + Files.readString(file.resolveSibling("holdfast.log.1"));
    assertThat(logged)
        .contains("holdfast work starts.", "Attempt ended: fail.", "holdfast work ends after ");
    try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
      assertThat(files)
          .allSatisfy(
              each ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                      .isEqualTo("rw-------"));
    }
    assertThat(child.err()).doesNotContain("holdfast work starts.");
  }
}
