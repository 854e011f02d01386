package dev.holdfast.cli.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.WorkerProcess;
import dev.holdfast.cli.terminal.ExitCodes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The commands that recover, clean up and resume. */
class RecoveryCommandsTest {
  private static final String UNKNOWN_ID = "01941f29-7c00-7a3c-8f5e-2f3d8c1b6a90";

  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  Job job(String id) {
    try (Holdfast holdfast = cli.open()) {
      return holdfast.find(JobId.parse(id)).orElseThrow();
    }
  }

  JobState state(String id) {
    return job(id).state();
  }

  String enqueue(String... more) {
    List<String> args = new ArrayList<>(List.of("enqueue", "--type", "t"));
    args.addAll(List.of(more));
    return cli.run(args.toArray(String[]::new)).line();
  }

  static List<String> ids(JsonNode answer) {
    assertThat(answer.get("count").intValue()).isEqualTo(answer.get("job_ids").size());
    return answer.get("job_ids").values().stream().map(JsonNode::stringValue).toList();
  }

  void expectMistake(String message, String... args) {
    Cli.Result result = cli.run(args);

    assertThat(result.err()).startsWith("holdfast: ").contains(message).hasLineCount(1);
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.out()).isEmpty();
  }

  /** Runs {@code body} while jobs of type {@code t} run in this process. */
  void whileRunning(List<NewJob> jobs, RunningBody body) throws Exception {
    Semaphore begun = new Semaphore(0);
    CountDownLatch end = new CountDownLatch(1);
    try (Holdfast holdfast = cli.open()) {
      holdfast.handle(
          "t",
          Object.class,
          (payload, job) -> {
            begun.release();
            end.await();
            return payload;
          });
      List<String> ids =
          holdfast.queue().enqueue(jobs).stream()
              .map(enqueued -> enqueued.id().toString())
              .toList();
      holdfast.start();
      begun.acquire(jobs.size());
      body.run(ids);
      end.countDown();
    }
  }

  /** The part of a test that runs while jobs run. */
  interface RunningBody {
    void run(List<String> ids) throws Exception;
  }

  @Nested
  @Tag("R-29")
  class Recover_by_time {
    @Test
    void takes_jobs_from_a_living_node_and_names_them() throws Exception {
      whileRunning(
          List.of(NewJob.of("t", 1)),
          ids -> {
            assertThat(cli.run("recover", "--timeout", "30").out()).isEqualTo("recovered 0 jobs\n");
            assertThat(cli.run("recover", "--timeout", "0").out())
                .isEqualTo("recovered 1 job\n%s\n".formatted(ids.get(0)));
            assertThat(cli.run("show", ids.get(0), "--events").out())
                .containsPattern("RUNNING → PENDING, attempt 1, by [^,]+, it ran for ");
          });
    }

    @Test
    void fails_them_if_requested_and_prints_JSON() throws Exception {
      whileRunning(
          List.of(NewJob.of("t", 1)),
          ids -> {
            Cli.Result result = cli.run("recover", "--timeout", "0s", "--mark-failed", "--json");

            assertThat(result.out())
                .isEqualTo("{\"count\":1,\"job_ids\":[\"%s\"]}\n".formatted(ids.get(0)));
            assertThat(state(ids.get(0))).isEqualTo(JobState.FAILED);
          });
    }

    @Test
    void takes_those_that_match_and_no_more_than_asked() throws Exception {
      whileRunning(
          List.of(
              NewJob.of("t", 1).on("a"),
              NewJob.of("t", 2).on("b").group("g"),
              NewJob.of("t", 3).on("b")),
          ids -> {
            assertThat(recoverFailing("--type", "other")).isEmpty();
            assertThat(recoverFailing("--queue", "a")).containsExactly(ids.get(0));
            assertThat(recoverFailing("--group", "g")).containsExactly(ids.get(1));
            assertThat(recoverFailing("--limit", "1")).containsExactly(ids.get(2));
          });
    }

    private List<String> recoverFailing(String... more) {
      List<String> args =
          new ArrayList<>(List.of("recover", "--timeout", "0", "--mark-failed", "--json"));
      args.addAll(List.of(more));
      return ids(cli.run(args.toArray(String[]::new)).json());
    }

    @Test
    void has_no_effect_on_what_runs_for_less_than_so_many_minutes() throws Exception {
      whileRunning(
          List.of(NewJob.of("t", 1)),
          ids -> {
            for (String timeout : List.of("0.5", "30s", "1h", "1000000")) {
              assertThat(cli.run("recover", "--timeout", timeout).out())
                  .as(timeout)
                  .isEqualTo("recovered 0 jobs\n");
            }
          });
    }
  }

  @Test
  @Tag("R-29")
  void recover_requires_a_selection() {
    enqueue();
    String[] strategies = {"recover", "--strategy", "crash"};

    expectMistake("specify either --timeout", "recover");
    expectMistake("specify either --timeout", "recover", "--strategy", "crash", "--timeout", "1");
    expectMistake("--strategy applies to all jobs", concat(strategies, "--queue", "q"));
    expectMistake("--strategy applies to all jobs", concat(strategies, "--mark-failed"));
    expectMistake("--strategy applies to all jobs", concat(strategies, "--limit", "3"));
    expectMistake("--dry-run and --yes go with", concat(strategies, "--yes"));
    expectMistake("--dry-run and --yes go with", "recover", "--timeout", "1", "--dry-run");
    expectMistake("confirm with --yes, or preview", "recover", "--strategy", "clean-slate");
    expectMistake(
        "invalid strategy 'luck': expected planned-restart, crash or clean-slate",
        "recover",
        "--strategy",
        "luck");
    expectMistake("a limit must be 1 to 100,000", "recover", "--timeout", "1", "--limit", "0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "", "1e3", "10 min", "12345678901"})
  void a_malformed_time_is_refused(String time) {
    enqueue();

    expectMistake("is not a duration: expected numbers", "recover", "--timeout=" + time);
    expectMistake("is not a duration: expected numbers", "cleanup-old", "--hours=" + time);
  }

  private static String[] concat(String[] args, String... more) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Nested
  class After_a_node_was_killed {
    @Test
    @Tag("R-28")
    void cleanup_dead_recovers_what_it_ran() throws Exception {
      try (WorkerProcess node = WorkerProcess.start(folder, "w", 2)) {
        String id = node.run(cli);
        assertThat(cli.run("cleanup-dead").out()).isEqualTo("recovered 0 jobs\n");
        node.kill();

        assertThat(cli.run("cleanup-dead", "--json").out())
            .isEqualTo("{\"count\":1,\"job_ids\":[\"%s\"]}\n".formatted(id));

        assertThat(state(id)).isEqualTo(JobState.PENDING);
        assertThat(job(id).crashes()).isEqualTo(1);
        assertThat(cli.run("cleanup-dead").out()).isEqualTo("recovered 0 jobs\n");
        assertThat(cli.run("workers").out()).isEmpty();
      }
    }

    @Test
    @Tag("R-52")
    void maintain_leases_shows_the_node_and_recovers_what_it_ran() throws Exception {
      try (WorkerProcess node = WorkerProcess.start(folder, "w", 2)) {
        String id = node.run(cli);
        assertThat(cli.run("maintain", "leases").out()).isEqualTo("recovered 0 jobs\n");
        node.kill();

        List<String> shown = cli.run("maintain", "leases", "--dry-run").lines();
        assertThat(shown).hasSize(2);
        assertThat(shown.get(1)).matches("w .* 1");
        assertThat(state(id)).isEqualTo(JobState.RUNNING);

        JsonNode ended = cli.run("maintain", "leases", "--json").json();
        assertThat(ended.get("count").intValue()).isEqualTo(1);
        assertThat(ended.at("/job_ids/0").asString()).isEqualTo(id);
        assertThat(ended.at("/dead_nodes/0/name").asString()).isEqualTo("w");
        assertThat(state(id)).isEqualTo(JobState.PENDING);
        assertThat(cli.run("maintain", "leases").err()).contains("no node is dead");
      }
    }

    @ParameterizedTest
    @CsvSource({"planned-restart,PENDING,0", "crash,FAILED,1", "Crash,FAILED,1"})
    @Tag("R-34")
    void a_strategy_decides_for_all(String strategy, JobState expected, int crashes)
        throws Exception {
      try (WorkerProcess node = WorkerProcess.start(folder, "w", 2)) {
        String first = node.run(cli);
        String second = node.run(cli);
        String waiting = enqueue();
        node.kill();

        Cli.Result result = cli.run("recover", "--strategy", strategy, "--json");

        assertThat(ids(result.json())).containsExactlyInAnyOrder(first, second);
        for (String id : List.of(first, second)) {
          assertThat(state(id)).isEqualTo(expected);
          assertThat(job(id).crashes()).isEqualTo(crashes);
        }
        assertThat(state(waiting)).isEqualTo(JobState.PENDING);
      }
    }

    @Test
    @Tag("R-34")
    void a_clean_slate_is_made_of_it() throws Exception {
      try (WorkerProcess node = WorkerProcess.start(folder, "w", 2)) {
        String finished = enqueue();
        cli.run("cancel", finished);
        String running = node.run(cli);
        String scheduled = enqueue("--delay", "1h");

        Cli.Result refused = cli.run("recover", "--strategy", "clean-slate", "--yes");
        assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
        assertThat(refused.err())
            .contains("and these are: 'w' (process %d on ".formatted(node.pid()))
            .hasLineCount(1);
        assertThat(state(running)).isEqualTo(JobState.RUNNING);
        node.kill();

        Cli.Result look = cli.run("recover", "--strategy", "clean-slate", "--dry-run");
        assertThat(look.out()).isEqualTo("would delete 1 job, would cancel 2 jobs\n");
        assertThat(look.code()).isZero();
        assertThat(state(finished)).isEqualTo(JobState.CANCELLED);

        JsonNode answer = cli.run("recover", "--strategy", "clean-slate", "--yes", "--json").json();
        assertThat(ids(answer)).containsExactlyInAnyOrder(finished, running, scheduled);
        assertThat(answer.get("deleted").intValue()).isEqualTo(1);
        assertThat(answer.get("cancelled").intValue()).isEqualTo(2);
        assertThat(answer.get("dry_run").booleanValue()).isFalse();
        assertThat(state(running)).isEqualTo(JobState.CANCELLED);
        assertThat(state(scheduled)).isEqualTo(JobState.CANCELLED);
        assertThat(cli.run("show", finished).code()).isEqualTo(ExitCodes.NOT_FOUND);
      }
    }

    @Test
    @Tag("R-27")
    void workers_forget_forgets_it() throws Exception {
      try (WorkerProcess node = WorkerProcess.start(folder, "w", 1)) {
        String job = node.run(cli);
        String id = cli.run("workers", "--json").json().get("id").stringValue();
        assertThat(cli.run("workers", "forget").out())
            .isEqualTo("forgot 0 nodes, recovered 0 jobs\n");
        node.kill();

        assertThat(cli.run("workers", "forget", "--json").out())
            .isEqualTo(
                "{\"count\":1,\"node_ids\":[\"%s\"],\"job_ids\":[\"%s\"]}\n".formatted(id, job));
        assertThat(cli.run("workers").out()).isEmpty();
      }
    }
  }

  @Nested
  @Tag("R-48")
  class Cleanup_old {
    @Test
    void removes_what_finished_long_enough_ago() {
      String cancelled = enqueue();
      cli.run("cancel", cancelled);
      String pending = enqueue();

      assertThat(cli.run("cleanup-old", "--hours", "1").out()).isEqualTo("removed 0 jobs\n");
      assertThat(cli.run("cleanup-old", "--hours", "7d", "--json").out())
          .isEqualTo("{\"count\":0,\"job_ids\":[]}\n");
      assertThat(cli.run("cleanup-old", "--hours", "0").out())
          .isEqualTo("removed 1 job\n%s\n".formatted(cancelled));
      assertThat(state(pending)).isEqualTo(JobState.PENDING);
      assertThat(cli.run("show", cancelled).code()).isEqualTo(ExitCodes.NOT_FOUND);
    }

    @Test
    void removes_those_in_the_states_that_were_named() {
      String cancelled = enqueue();
      cli.run("cancel", cancelled);

      assertThat(cli.run("cleanup-old", "--hours", "0", "--state", "FAILED,completed").out())
          .isEqualTo("removed 0 jobs\n");
      assertThat(cli.run("cleanup-old", "--hours", "0", "--status", "cancelled", "--json").out())
          .isEqualTo("{\"count\":1,\"job_ids\":[\"%s\"]}\n".formatted(cancelled));
    }

    @Test
    void refuses_what_is_not_removed_by_age() {
      enqueue();

      expectMistake("Missing required option: '--hours=N'", "cleanup-old");
      for (String state : List.of("INTERRUPTED", "PENDING")) {
        expectMistake(
            "invalid --state %s".formatted(state),
            "cleanup-old",
            "--hours",
            "1",
            "--state",
            "FAILED," + state);
      }
      expectMistake("age of completed jobs must be", "cleanup-old", "--hours", "999999999");
    }
  }

  @Nested
  @Tag("R-30")
  class Resume {
    /** Creates interrupted jobs of a type with the policy HOLD. */
    List<String> interrupted(int count) throws InterruptedException {
      Semaphore begun = new Semaphore(0);
      try (Holdfast holdfast = cli.open()) {
        holdfast.handle(
            "t",
            Object.class,
            (payload, job) -> {
              begun.release();
              new CountDownLatch(1).await();
              return payload;
            },
            HandlerPolicy.defaults().recovery(RecoveryPolicy.HOLD));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          ids.add(holdfast.enqueue(NewJob.of("t", i)).id().toString());
        }
        holdfast.start(NodeConfig.defaults().grace(Duration.ZERO));
        begun.acquire(count);
        return ids;
      }
    }

    @Test
    void lets_interrupted_jobs_go_on() throws Exception {
      List<String> ids = interrupted(3);
      assertThat(cli.run("list", "--state", "INTERRUPTED", "--json").lines()).hasSize(3);

      assertThat(cli.run("resume", ids.get(0)).out()).isEqualTo("resumed 1 job\n");
      assertThat(state(ids.get(0))).isEqualTo(JobState.PENDING);
      assertThat(cli.run("cancel", ids.get(1)).code()).isZero();
      assertThat(cli.run("resume", "--queue", "other").out()).isEqualTo("resumed 0 jobs\n");
      assertThat(cli.run("resume", "--all", "--json").out())
          .isEqualTo("{\"count\":1,\"job_ids\":[\"%s\"]}\n".formatted(ids.get(2)));
      assertThat(state(ids.get(1))).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void refuses_others() {
      String pending = enqueue();

      Cli.Result result = cli.run("resume", pending);

      assertThat(result.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(result.err())
          .isEqualTo(
              "holdfast: job %s is PENDING: only an INTERRUPTED job can be resumed\n"
                  .formatted(pending));
      cli.run("cancel", pending);
      assertThat(cli.run("resume", pending).code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(state(pending)).isEqualTo(JobState.CANCELLED);
      assertThat(cli.run("resume", UNKNOWN_ID).code()).isEqualTo(ExitCodes.NOT_FOUND);
      expectMistake("specify job ids", "resume");
    }
  }

  @Test
  void without_a_database_nothing_is_created_and_the_exit_code_is_3() {
    for (String[] args :
        new String[][] {
          {"recover", "--timeout", "1"},
          {"recover", "--strategy", "crash"},
          {"recover", "--strategy", "clean-slate", "--yes"},
          {"cleanup-dead"},
          {"cleanup-old", "--hours", "1"},
          {"resume", UNKNOWN_ID},
          {"workers", "forget"}
        }) {
      Cli.Result result = cli.run(args);
      assertThat(result.code()).as(String.join(" ", args)).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(result.err()).startsWith("holdfast: there is no database ").hasLineCount(1);
    }
    assertThat(folder).isEmptyDirectory();
  }
}
