package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.cli.Cli.Result;
import dev.holdfast.cli.options.ServerToken;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.http.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Commands in processes of their own, on a queue that another process serves to callers with a
 * token.
 */
@Tag("R-43")
@Tag("R-44")
@Tag("R-47")
@Tag("slow")
final class ServedProcessTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PORTION = 10_000; // lines that enqueue sends at once
  private static final int WAITING = 150; // jobs that were there before, more than a page

  @TempDir private Path folder;
  private final List<ChildJvm> children = new ArrayList<>();
  private Cli near;
  private String secret;
  private ChildJvm server;
  private String uri;

  @BeforeEach
  void serve() throws IOException {
    near = new Cli(folder);
    secret = near.run("token", "create", "root", "--role", "admin").line();
    near.input("{}\n".repeat(WAITING)).run("enqueue", "--type", "waits", "--batch", "-");
    start(0);
  }

  private void start(int port) throws IOException {
    String at = Integer.toString(port);
    server =
        ChildJvm.holdfast(folder, nothing(), "serve", "--port", at, "--allow-exec", "true,false");
    children.add(server);
    uri = server.awaitServer();
  }

  @AfterEach
  void end() throws InterruptedException {
    for (ChildJvm child : children) {
      child.killIfAlive();
      child.end();
    }
  }

  private static Path nothing() {
    return Path.of("/dev/null");
  }

  private ChildJvm begin(Path in, String token, String... command) throws IOException {
    List<String> line = new ArrayList<>(Arrays.asList(command));
    line.addAll(List.of("-d", uri));
    ChildJvm child =
        ChildJvm.holdfast(
            folder, in, Map.of(ServerToken.VARIABLE, token), line.toArray(String[]::new));
    children.add(child);
    return child;
  }

  private static Result result(ChildJvm child) throws IOException, InterruptedException {
    int code = child.end();
    return new Result(code, child.out(), child.err());
  }

  private Result run(String... command) throws IOException, InterruptedException {
    return result(begin(nothing(), secret, command));
  }

  private Result done(String... command) throws IOException, InterruptedException {
    Result result = run(command);
    assertThat(result.code()).as(String.join(" ", command) + ": " + result.err()).isZero();
    return result;
  }

  private void isRefused(int code, String... command) throws IOException, InterruptedException {
    isToldInOneLine(code, run(command));
  }

  private static void isToldInOneLine(int code, Result result) {
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.err().lines()).as(result.err()).hasSize(1);
  }

  private static List<String> ids(Result listed) {
    return listed.lines().stream()
        .map(line -> Json.read("a line", line).get("id").asString())
        .toList();
  }

  private static String[] enqueueing(String program, String argument) {
    String payload = "{\"argv\": [\"%s\", \"%s\"]}".formatted(program, argument);
    return new String[] {"enqueue", "--type", "exec", "--payload", payload, "--max-attempts", "1"};
  }

  private static String[] with(String[] command, String... more) {
    List<String> line = new ArrayList<>(Arrays.asList(command));
    line.addAll(Arrays.asList(more));
    return line.toArray(String[]::new);
  }

  @Test
  void jobs_are_enqueued_seen_and_controlled() throws Exception {
    JsonNode ended = done(with(enqueueing("true", ""), "--wait", "--json")).json();
    Result failed = run(with(enqueueing("false", ""), "--wait"));

    assertThat(ended.get("state").asString()).isEqualTo("COMPLETED");
    assertThat(ended.get("created_by").asString()).isEqualTo("root");
    isToldInOneLine(ExitCodes.FAILED, failed);
    assertThat(failed.err()).contains("job " + failed.line() + " is FAILED");

    String id = done("enqueue", "--type", "waits", "--priority", "3").line();
    Result pending = done("list", "--state", "PENDING", "--limit", "1000", "--json");
    assertThat(ids(pending)).hasSize(WAITING + 1).startsWith(id);
    assertThat(done("show", id, "--json").json().get("priority").intValue()).isEqualTo(3);
    assertThat(done("show", failed.line(), "--events").out()).contains("FAILED");
    assertThat(done("explain", id).out()).contains("no living node", "'waits'");
    JsonNode counts = done("status", "--json").json().get("status_counts");
    assertThat(counts.get("PENDING").intValue()).isEqualTo(WAITING + 1);

    assertThat(done("cancel", id).line()).isEqualTo("cancelled 1 job");
    assertThat(done("retry", id).line()).isEqualTo("retried 1 job");
    assertThat(done("replace", id, "--priority", "5").line()).isEqualTo("replaced 1 job");
    assertThat(done("signal", id, "go").line()).isEqualTo("sent");
    assertThat(done("delete", id).line()).isEqualTo("deleted 1 job");
    isRefused(ExitCodes.NOT_FOUND, "show", id);
    isRefused(ExitCodes.CONFLICT, "cancel", failed.line());
    isRefused(ExitCodes.USAGE, "show", "x");
    assertThat(near.run("show", id).code()).isEqualTo(ExitCodes.NOT_FOUND);
  }

  @Test
  void queues_schedules_and_nodes_are_seen_and_controlled() throws Exception {
    assertThat(done("queues", "pause", "default").line()).isEqualTo("paused 1 queue");
    assertThat(done("queues").out()).contains("by root");
    assertThat(done("queues", "resume", "default").line()).isEqualTo("resumed 1 queue");
    done("limits", "type", "exec", "3");
    assertThat(done("limits", "--json").json().get("exec").intValue()).isEqualTo(3);
    assertThat(done("schedule", "add", "nightly", "--cron", "0 3 * * *", "--type", "waits").line())
        .isEqualTo("created nightly");
    assertThat(done("schedule", "list").out()).contains("nightly");
    JobId.parse(done("schedule", "run", "nightly").line());
    done("schedule", "remove", "nightly");
    assertThat(done("cleanup-dead").line()).contains("0 jobs");

    JsonNode node = done("workers", "--json").json();
    assertThat(node.get("process_id").longValue()).isEqualTo(server.pid());
    assertThat(done("drain", "--wait").line()).contains("no job is running on them");
    String id = done(enqueueing("true", "")).line();
    assertThat(done("explain", id, "--json").out()).contains("DRAIN");
    assertThat(done("drain", "--undo").line()).contains("told 1 node to run");
    try (Holdfast holdfast = near.open()) {
      assertThat(holdfast.await(JobId.parse(id), SOON).get().state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  @Tag("R-52")
  void the_database_is_maintained() throws Exception {
    assertThat(done("maintain").line()).startsWith("moved ");
    assertThat(done("maintain", "analyze").line()).isEqualTo("analyzed");
    assertThat(done("maintain", "optimize").out()).startsWith("before: ");
    assertThat(done("maintain", "stats").out())
        .contains("jobs_pending", "oldest transaction: none");
    assertThat(done("maintain", "integrity-check").line()).isEqualTo("no damage found");
    assertThat(done("maintain", "leases").line()).isEqualTo("recovered 0 jobs");
    Result refused = run("maintain", "optimize", "--full");
    assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(refused.err()).contains("bytes of free space", "no node is alive");
  }

  @Test
  void nobody_else_does_anything() throws Exception {
    for (String token : List.of("", secret.substring(0, secret.length() - 1) + "x")) {
      Result refused = result(begin(nothing(), token, "list"));

      isToldInOneLine(ExitCodes.PERMISSION, refused);
      assertThat(refused.out()).isEmpty();
    }
    for (String command : List.of("work", "doctor", "token list", "backup")) {
      isRefused(ExitCodes.USAGE, command.split(" "));
    }
  }

  /**
   * The input of the first command is a pipe, so that the server reliably dies between two of its
   * batches. The printed jobs exist, and no others.
   */
  @Test
  @Tag("R-32")
  void what_was_printed_outlives_the_server() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    ChildJvm enqueuing;
    ChildJvm waiting = begin(nothing(), secret, "enqueue", "--type", "waits", "--wait");
    String awaited = waiting.awaitLines(1).strip();
    List<String> printed;
    try (RandomAccessFile lines = new RandomAccessFile(pipe.toFile(), "rw")) {
      enqueuing = begin(pipe, secret, "enqueue", "--type", "printed", "--batch", "-");
      lines.write("{}\n".repeat(PORTION).getBytes(US_ASCII));
      printed = enqueuing.awaitLines(PORTION).lines().toList();

      server.signal("KILL");
      server.end();
      lines.write("{}\n".getBytes(US_ASCII));
    }
    ChildJvm looking = begin(nothing(), secret, "list");
    for (ChildJvm child : List.of(enqueuing, waiting, looking)) {
      Result result = result(child);
      isToldInOneLine(ExitCodes.UNAVAILABLE, result);
      assertThat(result.err()).contains(uri, "cannot be reached");
    }
    assertThat(enqueuing.out().lines()).hasSameSizeAs(printed);

    String before = uri;
    start(Integer.parseInt(uri.replaceFirst("^.*:", "")));

    assertThat(uri).isEqualTo(before);
    Result listed = done("list", "--type", "printed", "--limit", "100000", "--json");
    assertThat(ids(listed)).containsExactlyInAnyOrderElementsOf(printed);
    JsonNode job = done("show", awaited, "--json").json();
    assertThat(job.get("state").asString()).isEqualTo("PENDING");
  }
}
