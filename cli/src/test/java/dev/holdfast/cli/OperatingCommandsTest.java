package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.cli.health.QueueEnvironment;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.testkit.process.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The commands that show the health of a queue and its nodes, and those that control nodes. */
class OperatingCommandsTest {
  private static final String UNKNOWN_ID = "01941f29-7c00-7a3c-8f5e-2f3d8c1b6a90";

  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));
  Semaphore begun = new Semaphore(0);
  CountDownLatch end = new CountDownLatch(1);

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  /** Starts a node whose handler of type {@code t} runs until {@code end}. */
  Holdfast node(String name) {
    Holdfast holdfast = cli.open();
    holdfast.handle(
        "t",
        Object.class,
        (payload, job) -> {
          begun.release();
          end.await();
          return payload;
        });
    holdfast.start(NodeConfig.defaults().name(name).concurrency(3));
    return holdfast;
  }

  static List<String> texts(JsonNode array) {
    return array.values().stream().map(JsonNode::stringValue).toList();
  }

  static List<String> codes(JsonNode findings) {
    return findings.values().stream().map(one -> one.get("code").stringValue()).toList();
  }

  @Nested
  @Tag("R-27")
  class Workers {
    @Test
    void are_shown_with_all_that_is_known_of_them() throws Exception {
      try (Holdfast holdfast = node("w")) {
        holdfast.enqueue(NewJob.of("t", 1));
        begun.acquire();

        JsonNode node = cli.run("workers", "--json").json();

        assertThat(node.propertyNames())
            .contains(
                "id", "host", "version", "heartbeat_at", "heartbeat_age_seconds", "started_at")
            .contains("unresponsive", "running", "duties", "counts");
        assertThat(node.get("name").stringValue()).isEqualTo("w");
        assertThat(node.get("process_id").longValue()).isEqualTo(ProcessHandle.current().pid());
        assertThat(node.get("liveness").stringValue()).isEqualTo("active");
        assertThat(node.get("order").stringValue()).isEqualTo("run");
        assertThat(texts(node.get("types"))).containsExactly("t");
        assertThat(node.get("queues").size()).isZero();
        assertThat(node.get("held").intValue()).isEqualTo(1);
        assertThat(node.get("slots").intValue()).isEqualTo(3);
        assertThat(cli.run("workers").lines()).hasSize(2);
        assertThat(cli.run("workers").lines().get(1))
            .startsWith("w ")
            .contains("  active  ", " 1/3 ");
        end.countDown();
      }
      assertThat(cli.run("workers").out()).isEmpty();
      assertThat(cli.run("workers", "--json").out()).isEmpty();
    }
  }

  @Nested
  @Tag("R-17")
  class Telling_workers {
    @Test
    void to_be_quiet_and_to_start_again() throws Exception {
      try (Holdfast holdfast = node("w");
          Holdfast other = node("other")) {
        assertThat(cli.run("workers", "quiet", "w").out()).isEqualTo("told 1 node to drain\n");
        assertThat(cli.run("workers", "--json").out())
            .contains("\"order\":\"drain\"", "\"order\":\"run\"");

        assertThat(cli.run("workers", "start").out()).isEqualTo("told 2 nodes to run\n");

        assertThat(cli.run("workers", "--json").out()).doesNotContain("\"order\":\"drain\"");
        assertThat(holdfast.isClosed() || other.isClosed()).isFalse();
      }
      assertThat(cli.run("workers", "quiet", "w").code()).isEqualTo(ExitCodes.NOT_FOUND);
    }

    @Test
    void to_stop_ends_their_processes_in_order() throws Exception {
      try (WorkerProcess worker = WorkerProcess.start(folder, "w", 1)) {
        String running = worker.run(cli);

        assertThat(cli.run("workers", "stop", "w").out()).isEqualTo("told 1 node to stop\n");

        assertThat(worker.exitCode()).isZero();
        JsonNode job = cli.run("show", running, "--json").json();
        assertThat(job.get("state").stringValue()).isEqualTo("PENDING");
        assertThat(cli.run("workers").out()).isEmpty();
      }
    }
  }

  @Nested
  @Tag("R-17")
  class Drain {
    @Test
    void waits_until_nothing_runs_any_more() throws Exception {
      try (WorkerProcess worker = WorkerProcess.start(folder, "w", 1)) {
        String running = worker.run(cli);
        String id = cli.run("workers", "--json").json().get("id").stringValue();

        Cli.Result late = cli.run("drain", "--wait", "--timeout", "0s", "--json");

        assertThat(late.code()).isEqualTo(ExitCodes.BUSY);
        assertThat(late.out())
            .isEqualTo(
                "{\"order\":\"drain\",\"count\":1,\"node_ids\":[\"%1$s\"],\"busy_node_ids\":[\"%1$s\"]}\n"
                    .formatted(id));
        assertThat(late.lastMessage())
            .startsWith("holdfast: node 'w' (process %d on ".formatted(worker.pid()))
            .endsWith(" still runs 1 job: " + running);
        worker.endCommands();

        Cli.Result quiet = cli.run("drain", "--wait", "--node", "w");

        assertThat(quiet.out()).isEqualTo("told 1 node to drain: no job is running on them\n");
        assertThat(quiet.code()).isZero();
      }
    }

    @Test
    void reports_an_idle_node_that_has_not_received_the_command() throws Exception {
      try (WorkerProcess worker = WorkerProcess.start(folder, "w", 1)) {
        worker.run(cli);
        worker.endCommands();
        cli.run("cancel", "--all");
        awaitIdle();
        worker.freeze();

        Cli.Result late = cli.run("drain", "--wait", "--timeout", "10ms");

        assertThat(late.code()).isEqualTo(ExitCodes.BUSY);
        assertThat(late.lastMessage())
            .startsWith("holdfast: node 'w' (process %d on ".formatted(worker.pid()))
            .endsWith(
                "runs no job, but has not received the command yet and can still claim jobs: wait"
                    + " for its next heartbeat");
      }
    }

    void awaitIdle() {
      Eventually.is(
          "it holds nothing", () -> cli.run("workers", "--json").out().contains("\"held\":0"));
    }

    @Test
    void keeps_nodes_from_taking_jobs_until_it_is_undone() throws Exception {
      try (WorkerProcess worker = WorkerProcess.start(folder, "w", 2)) {
        worker.run(cli);
        String id = cli.run("workers", "--json").json().get("id").stringValue();
        worker.endCommands();
        assertThat(cli.run("drain", "--wait", "--node", id).code()).isZero();
        String waiting = worker.enqueue(cli);

        assertThat(cli.run("explain", waiting).out())
            .contains("told to drain: 'w'", "holdfast drain --undo");
        assertThat(cli.run("drain", "--undo").out()).isEqualTo("told 1 node to run\n");

        worker.awaitBegin();
      }
    }

    @Test
    void is_done_at_once_where_there_is_no_node() {
      cli.run("enqueue", "--type", "t");

      assertThat(cli.run("drain", "--wait").out())
          .isEqualTo("told 0 nodes to drain: no job is running on them\n");
      assertThat(cli.run("drain", "--json").out())
          .isEqualTo("{\"order\":\"drain\",\"count\":0,\"node_ids\":[],\"busy_node_ids\":[]}\n");
    }

    @Test
    void does_not_wait_for_a_node_that_dies() throws Exception {
      try (WorkerProcess node = WorkerProcess.start(folder, "w", 1)) {
        node.run(cli);
        ChildJvm drain = ChildJvm.holdfast(folder, Path.of("/dev/null"), "drain", "--wait");
        drain.awaitMessage("waiting for 'w' (1 job)");
        node.kill();
        cli.run("cleanup-dead");

        assertThat(drain.end()).isZero();
        assertThat(drain.out()).isEqualTo("told 1 node to drain: no job is running on them\n");
      }
    }

    @Test
    void refuses_contradictory_options() {
      cli.run("enqueue", "--type", "t");

      assertThat(cli.run("drain", "--timeout", "1s").code()).isEqualTo(ExitCodes.USAGE);
      assertThat(cli.run("drain", "--undo", "--wait").code()).isEqualTo(ExitCodes.USAGE);
      assertThat(cli.run("drain", "--wait", "--timeout", "soon").code()).isEqualTo(ExitCodes.USAGE);
      Cli.Result unknown = cli.run("drain", "--node", "nobody");
      assertThat(unknown.code()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(unknown.err()).contains("there is no node 'nobody': holdfast workers lists");
    }
  }

  @Nested
  @Tag("R-36")
  class Explain {
    @Test
    void says_why_a_job_does_not_run_and_what_to_do() {
      String id = cli.run("enqueue", "--type", "t").line();

      assertThat(cli.run("explain", id).lines())
          .containsExactly(
              "%s, t in queue default, is PENDING:".formatted(id),
              "- no node is running",
              "  start a node: holdfast work, or your program");
      JsonNode json = cli.run("explain", id, "--json").json();
      assertThat(json.get("id").stringValue()).isEqualTo(id);
      assertThat(json.get("state").stringValue()).isEqualTo("PENDING");
      assertThat(json.get("reasons").get(0).propertyNames())
          .containsExactly("code", "text", "advice");
      assertThat(codes(json.get("reasons"))).containsExactly("NO_NODE");
    }

    @Test
    void reports_an_unknown_job() {
      cli.run("enqueue", "--type", "t");

      Cli.Result result = cli.run("explain", UNKNOWN_ID);

      assertThat(result.code()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(result.err()).isEqualTo("holdfast: there is no job %s\n".formatted(UNKNOWN_ID));
      assertThat(cli.run("explain", "7").code()).isEqualTo(ExitCodes.USAGE);
      assertThat(cli.run("explain").code()).isEqualTo(ExitCodes.USAGE);
    }
  }

  @Nested
  @Tag("R-61")
  class Doctor {
    @Test
    void finds_nothing_in_a_healthy_queue_and_lists_what_it_checked() {
      String id = cli.run("enqueue", "--type", "t").line();
      cli.run("cancel", id);

      Cli.Result result = cli.run("doctor");

      assertThat(result.code()).isZero();
      assertThat(result.lines())
          .startsWith("all is well; checked:", "- 1 job, each row")
          .anyMatch(line -> line.startsWith("- Java " + Runtime.version()))
          .anyMatch(line -> line.startsWith("- the file system of %s: ".formatted(cli.db())));
      JsonNode json = cli.run("doctor", "--json").json();
      assertThat(json.get("ok").booleanValue()).isTrue();
      assertThat(json.get("findings").size()).isZero();
      assertThat(json.get("checked").size()).isPositive();
    }

    @Test
    void exits_with_1_and_suggests_a_fix_for_a_problem() throws Exception {
      cli.run("enqueue", "--type", "t");
      Files.setPosixFilePermissions(cli.db(), PosixFilePermissions.fromString("rw-r--r--"));

      Cli.Result result = cli.run("doctor", "--json");

      assertThat(result.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(result.json().get("ok").booleanValue()).isFalse();
      assertThat(codes(result.json().get("findings")))
          .containsOnly("file-mode", "no-worker"); // also of the -wal and -shm files
      assertThat(cli.run("doctor").out())
          .contains(
              "WARNING  file-mode: '%s' can be read or written by other users\n".formatted(cli.db())
                  + "         → chmod go= '%s'\n".formatted(cli.db()));
    }

    @Test
    void accepts_notes() {
      try (Holdfast holdfast = cli.open()) {
        end.countDown();
        holdfast.handle(
            "bad",
            Object.class,
            (payload, job) -> {
              throw new NotRetryableException("no");
            });
        holdfast.start();
        cli.run("enqueue", "--type", "bad", "--wait");
      }

      Cli.Result result = cli.run("doctor");

      assertThat(result.code()).isZero();
      assertThat(result.out()).startsWith("NOTE     dead-letters: jobs that have failed: 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "NFS4", "cifs", "fuse.sshfs", "9p"})
    void knows_network_file_systems(String type) {
      assertThat(QueueEnvironment.isNetworkFileSystem(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "overlay", "tmpfs", "apfs", "NTFS", "fuse.ext4"})
    void knows_local_file_systems(String type) {
      assertThat(QueueEnvironment.isNetworkFileSystem(type)).isFalse();
    }
  }

  @Nested
  @Tag("R-37")
  class Status {
    @Test
    void lists_problems_with_their_fixes() {
      cli.run("enqueue", "--type", "t", "--queue", "q");

      JsonNode status = cli.run("status", "--json").json();

      assertThat(codes(status.get("problems"))).containsExactly("no-worker");
      assertThat(status.get("problems").get(0).propertyNames())
          .containsExactly("gravity", "code", "text", "cure");
      assertThat(status.get("waiting").toString())
          .isEqualTo("[{\"queue\":\"q\",\"type\":\"t\",\"jobs\":1}]");
      assertThat(status.get("interrupted_at_start").intValue()).isZero();
      assertThat(status.get("restarted_jobs").intValue()).isZero();
      assertThat(status.get("oldest_pending_age_seconds").doubleValue()).isNotNegative();
      Cli.Result text = cli.run("status");
      assertThat(text.code()).isZero();
      assertThat(text.out())
          .contains(
              "WARNING  no-worker: jobs of type 't' in queue 'q' that wait and that no living"
                  + " node runs: 1"
                  + "\n         → start a node that handles this type\n");
    }

    @Test
    void shows_nodes_and_their_duties() throws Exception {
      try (Holdfast holdfast = node("w")) {
        holdfast.enqueue(NewJob.of("t", 1));
        begun.acquire();
        end.countDown();

        Eventually.is( // the next heartbeat tells of it
            "the duties are there", () -> cli.run("status").out().contains("w     watch "));
        assertThat(cli.run("status").out()).contains("NODE  DUTY ", "no problems");
        JsonNode node = cli.run("status", "--json").json().get("nodes").get(0);
        assertThat(node.get("phase").stringValue()).isIn("starting", "running");
        assertThat(node.get("duties").get(0).propertyNames())
            .containsExactly("name", "ran_at", "failures", "error");
      }
    }

    @Test
    @Tag("R-30")
    void counts_what_a_starting_node_found() throws Exception {
      try (WorkerProcess node = WorkerProcess.start(folder, "w", 1)) {
        node.run(cli);
        node.kill();
      }
      try (WorkerProcess next = WorkerProcess.start(folder, "next", 1)) {
        next.awaitBegin();
        Eventually.is(
            "it tells what it found",
            () -> cli.run("status", "--json").json().get("interrupted_at_start").intValue() == 1);
        JsonNode status = cli.run("status", "--json").json();
        assertThat(status.get("restarted_jobs").intValue()).isEqualTo(1);
        assertThat(cli.run("status").out()).contains("found at start 1, ");
      }
    }
  }

  @Nested
  class Show {
    @Test
    void shows_checkpoints_and_versions() throws Exception {
      JobId id;
      try (Holdfast holdfast = cli.open()) {
        CountDownLatch saved = new CountDownLatch(1);
        holdfast.handle(
            "t",
            Object.class,
            (payload, job) -> {
              job.checkpoint("page", List.of(7));
              saved.countDown();
              end.await();
              return 1;
            });
        holdfast.start();
        id = holdfast.enqueue(NewJob.of("t", 1)).id();
        saved.await();

        JsonNode job = cli.run("show", id.toString(), "--json").json();
        assertThat(job.get("checkpoints").toString()).isEqualTo("{\"page\":[7]}");
        assertThat(job.get("payload_version").intValue()).isEqualTo(1);
        assertThat(job.get("crashes").intValue()).isZero();
        assertThat(cli.run("show", id.toString()).out())
            .contains("checkpoint      page: [7]\n", "payload version 1\n");
        end.countDown();
      }
    }
  }

  @Test
  void without_a_database_nothing_is_created_and_the_exit_code_is_3() {
    for (String[] args :
        new String[][] {
          {"workers"},
          {"drain"},
          {"drain", "--wait"},
          {"explain", UNKNOWN_ID},
          {"doctor"},
          {"status"}
        }) {
      Cli.Result result = cli.run(args);
      assertThat(result.code()).as(String.join(" ", args)).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(result.err()).startsWith("holdfast: there is no database ").hasLineCount(1);
    }
    assertThat(folder).isEmptyDirectory();
  }
}
