package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli.Result;
import dev.holdfast.http.Json;
import dev.holdfast.search.Scope;
import dev.holdfast.server.Server;
import dev.holdfast.server.ServerConfig;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.spi.server.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** The commands on a queue behind its server, over real HTTP. */
@Tag("R-44")
final class ServedQueueTest {
  private static final String COLUMNS = "id,queue,type,state,wait,run,failure"; // no age: it grows

  @TempDir private Path folder;
  private Holdfast holdfast;
  private Server server;
  private Cli near;
  private Cli far;

  @BeforeEach
  void serve() {
    near = new Cli(folder);
    holdfast = near.open();
    server = Server.start(holdfast, ServerConfig.defaults().port(0));
    far = new Cli(folder).env("HOLDFAST_DB", server.uri().toString());
  }

  @AfterEach
  void close() {
    server.close();
    holdfast.close();
  }

  private JobId enqueued(String type) {
    return holdfast.enqueue(NewJob.of(type, 1)).id();
  }

  private JobState state(JobId id) {
    return holdfast.find(id).orElseThrow().state();
  }

  private Result done(String... command) {
    Result result = far.run(command);
    assertThat(result.code()).as(String.join(" ", command) + ": " + result.err()).isZero();
    return result;
  }

  @Nested
  class Commands_that_look {
    @Test
    void print_what_they_print_of_the_database_itself() throws Exception {
      holdfast.handle(
          "works",
          Integer.class,
          (number, job) -> {
            job.log(Level.INFO, "at it", Map.of("n", number));
            job.checkpoint("half", number);
            return number * 2;
          });
      holdfast.start();
      String id = holdfast.enqueue(NewJob.of("works", 21).group("g").tags("x")).id().toString();
      holdfast.await(JobId.parse(id), Duration.ofSeconds(30)).get();
      String waiting =
          holdfast.enqueue(NewJob.of("waits", 1).after(JobId.parse(id))).id().toString();
      near.run("queues", "set", "default", "--order", "fair", "--concurrency", "7");
      near.run("limits", "type", "works", "3");
      near.run("schedule", "add", "nightly", "--cron", "0 3 * * *", "--type", "report");

      for (List<String> command :
          List.of(
              List.of("list", "--json"),
              List.of("list", "--state", "COMPLETED", "--group", "g", "--columns", COLUMNS),
              List.of("show", id, "--events", "--logs", "--json"),
              List.of("show", id, "--events", "--logs"),
              List.of("show", waiting, "--json"),
              List.of("explain", id),
              List.of("explain", id, "--json"),
              List.of("logs", "--json"),
              List.of("logs", id, "--level", "INFO"),
              List.of("queues", "set", "default", "--json"),
              List.of("limits"),
              List.of("schedule", "list", "--json"),
              List.of("schedule", "show", "nightly", "--json"))) {
        String[] words = command.toArray(String[]::new);
        assertThat(done(words).out())
            .as(command.toString())
            .isNotEmpty()
            .isEqualTo(near.run(words).out());
      }
      assertThat(done("status").out()).containsPattern("COMPLETED +1").contains("sqlite");
      assertThat(done("status", "--json").json().get("status_counts").get("PENDING").intValue())
          .isEqualTo(1);
      assertThat(done("queues").out()).contains("fair", "7 at once");
      assertThat(done("workers").out()).contains("works");
    }
  }

  @Nested
  class Enqueuing {
    @Test
    void takes_a_job_a_batch_and_waits_for_the_end() {
      holdfast.handle("twice", Integer.class, (number, job) -> number * 2);
      holdfast.start();

      String id = done("enqueue", "--type", "later", "--delay", "1h", "--key", "k").line();
      assertThat(state(JobId.parse(id))).isEqualTo(JobState.SCHEDULED);
      assertThat(
              done("enqueue", "--type", "later", "--key", "k", "--json")
                  .json()
                  .get("id")
                  .asString())
          .isEqualTo(id);

      Result batch =
          far.input("{\"payload\": 1}\n{\"payload\": 2}\n")
              .run("enqueue", "--type", "twice", "--batch", "-", "--wait", "--json");
      assertThat(batch.code()).as(batch.err()).isZero();
      assertThat(batch.lines())
          .extracting(line -> Json.read("a line", line).get("result").intValue())
          .containsExactly(2, 4);
    }
  }

  @Nested
  class Commands_that_steer {
    @Test
    void do_so_with_jobs() {
      JobId job = enqueued("a");
      JobId other = enqueued("b");

      assertThat(done("cancel", job.toString()).line()).isEqualTo("cancelled 1 job");
      assertThat(state(job)).isEqualTo(JobState.CANCELLED);
      assertThat(done("retry", job.toString(), "--json").json().get("job_ids").get(0).asString())
          .isEqualTo(job.toString());
      assertThat(done("replace", job.toString(), "--priority", "5").line())
          .isEqualTo("replaced 1 job");
      assertThat(holdfast.find(job).orElseThrow().priority()).isEqualTo(5);
      assertThat(done("signal", job.toString(), "go", "--payload", "{\"ok\": true}").line())
          .isEqualTo("sent");
      assertThat(done("delete", job.toString(), other.toString()).line())
          .isEqualTo("deleted 2 jobs");
      assertThat(far.run("resume", job.toString()).code()).isEqualTo(3);
    }

    @Test
    void recover_and_clean_up() {
      JobId old = enqueued("a");
      holdfast.queue().cancel(List.of(old), "test");

      assertThat(done("recover", "--timeout", "30", "--json").line())
          .isEqualTo("{\"count\":0,\"job_ids\":[]}");
      assertThat(done("recover", "--strategy", "planned-restart").line()).contains("0 jobs");
      assertThat(done("cleanup-dead").line()).contains("0 jobs");
      assertThat(done("cleanup-old", "--hours", "0", "--state", "FAILED").line())
          .contains("0 jobs");
      assertThat(done("cleanup-old", "--hours", "0", "--json").line())
          .isEqualTo("{\"count\":1,\"job_ids\":[\"" + old + "\"]}");
    }

    @Test
    void do_so_with_queues_types_and_nodes() {
      assertThat(far.run("queues", "pause", "a/b").code()).isEqualTo(3);
      done("queues", "set", "a/b", "--concurrency", "2");
      assertThat(done("queues", "pause", "a/b").line()).isEqualTo("paused 1 queue");
      assertThat(done("queues", "pause", "a/b").line()).isEqualTo("paused 0 queues");
      assertThat(done("queues", "resume", "a/b").line()).isEqualTo("resumed 1 queue");
      done("queues", "set", "default", "--manual", "--rate", "10/1m");
      assertThat(holdfast.queue().queues().settings("default").manual()).isTrue();
      assertThat(far.run("run-next", "default").code()).isEqualTo(4);
      JobId job = enqueued("a");
      enqueued("a");
      Cli.Result next = done("run-next", "default");
      assertThat(next.line()).isEqualTo(job.toString());
      assertThat(next.lastMessage()).endsWith("; 1 waiting job left");
      done("limits", "type", "a", "3");
      assertThat(holdfast.queue().queues().typeLimits()).containsEntry("a", 3);

      holdfast.handle("works", Integer.class, (number, attempt) -> number);
      holdfast.start();
      assertThat(done("workers", "quiet").line()).isEqualTo("told 1 node to drain");
      assertThat(done("drain", "--wait").line()).contains("no job is running on them");
      assertThat(done("workers", "start").line()).isEqualTo("told 1 node to run");
      assertThat(done("workers", "forget").line()).isEqualTo("forgot 0 nodes, recovered 0 jobs");
    }

    @Test
    void do_so_with_schedules() {
      String[] add = {"schedule", "add", "nightly", "--cron", "0 3 * * *", "--type", "report"};
      assertThat(done(add).line()).isEqualTo("created nightly");
      assertThat(done(add).line()).isEqualTo("unchanged nightly");
      done("schedule", "pause", "nightly");
      assertThat(holdfast.queue().schedules().find("nightly").orElseThrow().pausedAt()).isPresent();
      done("schedule", "resume", "nightly");
      JobId job = JobId.parse(done("schedule", "run", "nightly").line());
      assertThat(holdfast.find(job).orElseThrow().type()).isEqualTo("report");
      assertThat(done("schedule", "list").out()).contains("nightly");
      done("schedule", "remove", "nightly");
      assertThat(holdfast.queue().schedules().list()).isEmpty();
      assertThat(far.run("schedule", "run", "nightly").code()).isEqualTo(3);
    }
  }

  @Nested
  class Commands_that_need_the_database {
    @Test
    void are_refused_with_one_line_that_says_what_to_do() {
      for (List<String> command :
          List.of(
              List.of("work", "--until-empty"),
              List.of("each", "true"),
              List.of("serve"),
              List.of("export", folder.resolve("export.jsonl").toString()),
              List.of("import", "-"),
              List.of("copy", "--to", folder.resolve("other.db").toString()),
              List.of("doctor"),
              List.of("token", "list"),
              List.of("token", "create", "x", "--role", "admin"))) {
        Result result = far.run(command.toArray(String[]::new));

        assertThat(result.code()).as(command + ": " + result.err()).isEqualTo(2);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("on the database itself");
        assertThat(result.out()).isEmpty();
      }
    }
  }

  @Nested
  class What_goes_wrong {
    @Test
    void has_the_exit_code_that_it_has_of_the_database_itself() {
      JobId ended = enqueued("a");
      holdfast.queue().cancel(List.of(ended), "test");

      assertThat(far.run("show", holdfast.queue().newId().toString()).code()).isEqualTo(3);
      assertThat(far.run("explain", holdfast.queue().newId().toString()).code()).isEqualTo(3);
      assertThat(far.run("cancel", ended.toString()).code()).isEqualTo(4);
      assertThat(far.run("signal", ended.toString(), "go").code()).isEqualTo(4);
      assertThat(far.run("show", "x").code()).isEqualTo(2);
      assertThat(far.run("run-next", "").code()).isEqualTo(2);
      assertThat(far.run("list", "-d", "http://").code()).isEqualTo(2);
      assertThat(far.run("list", "-d", "https://a:secret@localhost").code()).isEqualTo(2);
    }

    @Test
    void is_told_when_the_server_is_away() {
      String address = server.uri().toString();
      server.close();

      Result result = far.run("list");

      assertThat(result.code()).isEqualTo(69);
      assertThat(result.err().lines()).hasSize(1);
      assertThat(result.err()).contains(address, "cannot be reached");
    }
  }

  @Nested
  class A_token {
    private String secret;

    @BeforeEach
    void create() {
      secret =
          Tokens.create(
                  holdfast.embedding().server().tokens(),
                  "see",
                  Role.VIEWER,
                  Scope.all(),
                  Optional.empty(),
                  "test")
              .reveal();
      far.env("HOLDFAST_DEBUG", "1");
    }

    private void isRefused(Result result, int code) {
      assertThat(result.code()).as(result.err()).isEqualTo(code);
      assertThat(result.out() + result.err()).doesNotContain(secret);
    }

    @Test
    void comes_from_the_environment_and_is_never_shown() {
      isRefused(far.run("list"), 77);
      isRefused(far.env("HOLDFAST_API_TOKEN", secret + "x").run("list"), 77);
      far.env("HOLDFAST_API_TOKEN", secret);
      JobId job = enqueued("a");
      assertThat(done("list").out()).contains(job.toString()).doesNotContain(secret);
      isRefused(far.run("cancel", job.toString()), 77);
      isRefused(far.run("list", "-d", "http://queue.example.org"), 2);
    }

    @Test
    void comes_from_a_file_that_nobody_else_can_read() throws IOException {
      Path file = Files.writeString(folder.resolve("token"), secret + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      far.env("HOLDFAST_API_TOKEN_FILE", file.toString());

      Result open = far.run("list");
      isRefused(open, 77);
      assertThat(open.err()).contains("chmod 600");

      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      done("list");
      isRefused(far.env("HOLDFAST_API_TOKEN", secret).run("list"), 2);
      far.env("HOLDFAST_API_TOKEN", null);
      isRefused(far.env("HOLDFAST_API_TOKEN_FILE", file + "x").run("list"), 77);
    }
  }
}
