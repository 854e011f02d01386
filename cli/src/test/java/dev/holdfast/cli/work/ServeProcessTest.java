package dev.holdfast.cli.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ChildJvm;
import dev.holdfast.http.Json;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code holdfast serve} as a process that is called over HTTP, stopped and killed. */
@Tag("R-43")
@Tag("R-44")
final class ServeProcessTest {

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private ChildJvm server;
  private String uri;

  @BeforeEach
  void serve() throws IOException {
    start("--allow-exec", "true,tail");
  }

  @AfterEach
  void end() throws InterruptedException {
    server.killIfAlive();
    server.end();
  }

  private void start(String... more) throws IOException {
    Stream<String> line = Stream.concat(Stream.of("serve", "--port", "0"), Stream.of(more));
    server = ChildJvm.holdfast(folder, Path.of("/dev/null"), line.toArray(String[]::new));
    uri = server.awaitServer();
  }

  private HttpResponse<String> call(String method, String path, Optional<String> json)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri + path));
    json.ifPresent(body -> request.header("Content-Type", "application/json"));
    request.method(method, json.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private JsonNode post(String json) throws IOException, InterruptedException {
    HttpResponse<String> answer = call("POST", "/api/v1/jobs", Optional.of(json));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Json.read("the answer", answer.body());
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = call("GET", path, Optional.empty());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read("the answer", answer.body());
  }

  @Test
  void runs_the_jobs_that_it_is_given() throws Exception {
    String id =
        post("{\"type\": \"exec\", \"payload\": {\"argv\": [\"true\"]}}").get("id").asString();

    JsonNode job = get("/api/v1/jobs/" + id + "?wait=60s");

    assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("COMPLETED");
  }

  @Test
  void reports_what_it_does_not_run_until_it_is_allowed() throws Exception {
    server.killIfAlive();
    server.end();
    start();

    server.awaitMessage("\n");
    String id =
        post("{\"type\": \"exec\", \"payload\": {\"argv\": [\"true\"]}}").get("id").asString();

    assertThat(server.err())
        .startsWith(
            "holdfast: runs no jobs of type 'exec' until --allow-exec names their programs, and"
                + " none of type 'http' until --allow-http names their URLs\n");
    assertThat(get("/api/v1/jobs/" + id + "/explain").toString())
        .contains("NO_HANDLER_FOR_TYPE", "holdfast serve --allow-exec PROGRAM");
  }

  @Test
  @Tag("R-24")
  void runs_no_command_that_was_not_allowed() throws Exception {
    String id =
        post("{\"type\": \"exec\", \"payload\": {\"argv\": [\"touch\", \"hacked\"]}}")
            .get("id")
            .asString();

    JsonNode job = get("/api/v1/jobs/" + id + "?wait=60s");

    assertThat(job.get("state").asString()).isEqualTo("FAILED");
    assertThat(folder.resolve("hacked")).doesNotExist();
  }

  @Test
  @Tag("R-32")
  void loses_nothing_that_it_has_acknowledged_when_killed() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ids.add(post("{\"type\": \"later\"}").get("id").asString());
    }

    server.signal("KILL");
    server.end();
    start("--allow-exec", "true,tail");

    for (String id : ids) {
      assertThat(get("/api/v1/jobs/" + id).get("state").asString()).isEqualTo("PENDING");
    }
  }

  @Test
  @Tag("R-31")
  void shuts_down_in_order_on_a_signal() throws Exception {
    post("{\"type\": \"later\"}");

    server.signal("TERM");

    assertThat(server.end()).isEqualTo(143);
    assertThat(folder.resolve("jobs.db-holdfast").resolve("nodes")).isEmptyDirectory();
  }

  @Test
  @Tag("R-31")
  void responds_until_its_running_commands_have_ended() throws Exception {
    Path gate = folder.resolve("gate");
    Files.createFile(gate);
    Process holder = new ProcessBuilder("sleep", "600").start();
    String follow = "[\"tail\", \"--pid=%d\", \"-f\", \"%s\"]".formatted(holder.pid(), gate);
    String running =
        post("{\"type\": \"exec\", \"payload\": {\"argv\": %s}}".formatted(follow))
            .get("id")
            .asString();
    Eventually.is(
        "the command runs",
        () -> get("/api/v1/jobs/" + running).get("state").asString().equals("RUNNING"));

    server.signal("TERM");
    Eventually.is(
        "it is not ready", () -> call("GET", "/readyz", Optional.empty()).statusCode() != 200);

    String late = post("{\"type\": \"later\"}").get("id").asString();
    holder.destroy();
    assertThat(server.end()).isEqualTo(143);
    start("--allow-exec", "true,tail");
    assertThat(get("/api/v1/jobs/" + running).get("state").asString()).isEqualTo("COMPLETED");
    assertThat(get("/api/v1/jobs/" + late).get("state").asString()).isEqualTo("PENDING");
  }
}
