package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.jdbc.JdbcTransaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that end during a handler, or because of it. */
@Tag("R-32")
final class DyingProcessesTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int STATUS = 7;

  @TempDir private Path folder;
  private Holdfast holdfast;
  private final List<Process> workers = new ArrayList<>();

  @BeforeEach
  void open() {
    holdfast = Holdfast.open(folder.resolve("jobs.db").toString());
  }

  @AfterEach
  void close() throws InterruptedException {
    holdfast.close();
    for (Process worker : workers) {
      worker.destroyForcibly();
      worker.waitFor();
    }
  }

  @Test
  void a_handler_that_exits_ends_the_process_with_its_status_and_has_crashed() throws Exception {
    startWorker("3600");
    JobId id = holdfast.enqueue(NewJob.of("exit", "x")).id();

    assertThat(worker().waitFor()).isEqualTo(STATUS); // with an hour of grace to wait for

    Job job = holdfast.find(id).orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.PENDING);
    assertThat(job.crashes()).isEqualTo(1);
    assertThat(job.attempt()).isZero();
    assertThat(last(id).why()).isEqualTo("its handler ended the process by System.exit");
    holdfast.handle("exit", Object.class, (payload, context) -> "elsewhere");
    holdfast.start();
    assertThat(holdfast.await(id, LONG).get().result()).contains("\"elsewhere\"");
  }

  @Test
  @Tag("R-31")
  void other_jobs_of_a_process_whose_handler_exits_are_released_and_charged_nothing()
      throws Exception {
    BufferedReader said = startWorker("0");
    JobId other = holdfast.enqueue(NewJob.of("hang", "x")).id();
    assertThat(said.readLine()).isEqualTo("begun hang");
    JobId exits = holdfast.enqueue(NewJob.of("exit", "x")).id();

    assertThat(worker().waitFor()).isEqualTo(STATUS);

    Job released = holdfast.find(other).orElseThrow();
    assertThat(released.state()).isEqualTo(JobState.PENDING);
    assertThat(released.crashes()).isZero();
    assertThat(released.attempt()).isZero();
    assertThat(last(other).why()).isEqualTo("its node was stopped");
    assertThat(holdfast.find(exits).orElseThrow().crashes()).isEqualTo(1);
    assertThat(holdfast.queue().status().nodes()).isEmpty();
  }

  @Test
  void a_handler_that_exits_each_time_is_failed_after_three_crashes() throws Exception {
    JobId id = holdfast.enqueue(NewJob.of("exit", "x")).id();
    for (int i = 0; i < 3; i++) {
      launchWorker("3600"); // which may have ended before it reports anything
      assertThat(worker().waitFor()).isEqualTo(STATUS);
    }

    Job job = holdfast.find(id).orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().orElseThrow().kind().name()).isEqualTo("CRASH_LOOP");
  }

  /** Exits from another thread: a regular stop, as by a signal. */
  @Test
  void a_thread_of_a_handler_that_exits_stops_the_node_cleanly() throws Exception {
    startWorker("0");
    JobId id = holdfast.enqueue(NewJob.of("exit-nested", "x")).id();

    assertThat(worker().waitFor()).isEqualTo(STATUS);

    Job job = holdfast.find(id).orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.PENDING);
    assertThat(job.crashes()).isZero();
    assertThat(last(id).why()).isEqualTo("its node was stopped");
  }

  @Test
  @Tag("R-05")
  void a_process_killed_between_commit_and_return_has_completed_its_job() throws Exception {
    startWorker("0");
    JobId id = holdfast.enqueue(NewJob.of("commit-and-die", "x")).id();
    worker().waitFor();

    holdfast.handle("commit-and-die", Object.class, (payload, context) -> "ran again");
    holdfast.handle("after", Object.class, (payload, context) -> "x");
    holdfast.start(); // recovers before it claims
    holdfast.await(holdfast.enqueue(NewJob.of("after", "x")).id(), LONG).get();

    Job job = holdfast.find(id).orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.result()).contains("\"committed\"");
    assertThat(job.crashes()).isZero();
    assertThat(holdfast.queue().events(id)).extracting(JobEvent::to).hasSize(3);
  }

  private JobEvent last(JobId id) {
    List<JobEvent> events = holdfast.queue().events(id);
    return events.get(events.size() - 1);
  }

  private Process worker() {
    return workers.get(workers.size() - 1);
  }

  private BufferedReader startWorker(String graceSeconds) throws IOException {
    launchWorker(graceSeconds);
    BufferedReader said = worker().inputReader();
    assertThat(said.readLine()).isEqualTo("ready");
    return said;
  }

  private void launchWorker(String graceSeconds) throws IOException {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DyingWorker.class.getName(),
                folder.resolve("jobs.db").toString(),
                graceSeconds)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    workers.add(worker);
  }

  /** A worker's process. */
  static final class DyingWorker {
    private DyingWorker() {}

    public static void main(String[] args) throws InterruptedException {
      Holdfast holdfast = Holdfast.open(args[0]);
      holdfast.handle(
          "exit",
          Object.class,
          (payload, job) -> {
            System.exit(STATUS);
            return null;
          });
      holdfast.handle(
          "exit-nested",
          Object.class,
          (payload, job) -> {
            Thread nested = new Thread(() -> System.exit(STATUS));
            nested.start();
            nested.join();
            return null;
          });
      holdfast.handle(
          "hang",
          Object.class,
          (payload, job) -> {
            System.out.println("begun hang");
            new CountDownLatch(1).await();
            return null;
          });
      holdfast.handle(
          "commit-and-die",
          Object.class,
          (payload, job) -> {
            String patient = "jdbc:sqlite:" + args[0] + "?busy_timeout=60000";
            try (Connection connection = DriverManager.getConnection(patient)) {
              connection.setAutoCommit(false);
              try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("create table effects (n)");
              }
              job.completeIn(JdbcTransaction.of(connection), "committed");
              connection.commit();
              Runtime.getRuntime().halt(1);
            }
            return null;
          });
      holdfast.start(NodeConfig.defaults().grace(Duration.ofSeconds(Integer.parseInt(args[1]))));
      System.out.println("ready");
      new CountDownLatch(1).await();
    }
  }
}
