package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.PageRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one file, ended by real signals. */
final class ProcessesTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private Holdfast holdfast;
  private final List<Process> workers = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
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
  void a_job_of_one_process_is_run_by_another() throws Exception {
    startWorker("2");

    JobId id = holdfast.enqueue(NewJob.of("pid", "x")).id();

    Job job = holdfast.await(id, LONG).get();
    assertThat(job.result()).contains(Long.toString(worker().pid()));
    assertThat(job.holder().orElseThrow().processId()).isEqualTo(worker().pid());
  }

  @Test
  void a_handler_in_another_process_learns_of_its_cancellation() throws Exception {
    BufferedReader said = startWorker("2");
    JobId id = holdfast.enqueue(NewJob.of("hang", "x")).id();
    assertThat(said.readLine()).isEqualTo("begun " + id);

    holdfast.queue().cancel(List.of(id), "test");

    assertThat(said.readLine()).isEqualTo("interrupted " + id);
  }

  @Test
  @Tag("R-28")
  @Tag("R-32")
  void what_a_killed_process_was_running_runs_again_and_counts_a_crash() throws Exception {
    BufferedReader said = startWorker("2");
    JobId running = holdfast.enqueue(NewJob.of("hang", "x")).id();
    assertThat(said.readLine()).isEqualTo("begun " + running);
    worker().destroyForcibly();
    worker().waitFor();

    holdfast.handle("hang", Object.class, (payload, job) -> "ran again, attempt " + job.attempt());
    holdfast.start();

    Job job = holdfast.await(running, LONG).get();
    assertThat(job.result()).contains("\"ran again, attempt 1\"");
    assertThat(job.crashes()).isEqualTo(1);
    assertThat(holdfast.queue().events(running))
        .extracting(JobEvent::to)
        .containsExactly(
            JobState.PENDING,
            JobState.RUNNING,
            JobState.PENDING,
            JobState.RUNNING,
            JobState.COMPLETED);
    assertThat(holdfast.queue().events(running).get(2).why()).contains("its process has died");
  }

  @Test
  @Tag("R-32")
  void a_job_that_keeps_killing_its_process_is_failed_after_three_crashes() throws Exception {
    JobId killer = holdfast.enqueue(NewJob.of("halt", "x")).id();
    for (int i = 0; i < 3; i++) {
      launchWorker("1"); // which may have ended before it reports anything
      worker().waitFor();
    }
    startWorker("1"); // finds the third crash

    Job job = holdfast.await(killer, LONG).get();
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().orElseThrow().kind().name()).isEqualTo("CRASH_LOOP");
    assertThat(job.crashes()).isEqualTo(3);
  }

  @Test
  @Tag("R-31")
  void what_a_terminated_process_was_running_is_resumed_and_no_attempt_is_used_up()
      throws Exception {
    BufferedReader said = startWorker("8");
    List<JobId> ids =
        IntStream.range(0, 8).mapToObj(i -> holdfast.enqueue(NewJob.of("hang", i)).id()).toList();
    for (int i = 0; i < ids.size(); i++) {
      assertThat(said.readLine()).startsWith("begun ");
    }

    worker().destroy(); // SIGTERM
    worker().waitFor();

    List<Job> jobs = holdfast.queue().list(JobFilter.ids(ids), PageRequest.first(100)).items();
    assertThat(jobs).extracting(Job::state).containsOnly(JobState.PENDING);
    assertThat(jobs).extracting(Job::attempt).containsOnly(0);
    assertThat(jobs).extracting(Job::crashes).containsOnly(0);
    assertThat(holdfast.queue().status().nodes()).as("the node has ended").isEmpty();

    holdfast.handle("hang", Object.class, (payload, job) -> "resumed");
    holdfast.start();

    assertThat(holdfast.queue().await(ids, LONG).get())
        .extracting(Job::state, Job::attempt)
        .containsOnly(tuple(JobState.COMPLETED, 1));
  }

  private Process worker() {
    return workers.get(workers.size() - 1);
  }

  private BufferedReader startWorker(String slots) throws IOException {
    launchWorker(slots);
    BufferedReader said = worker().inputReader();
    assertThat(said.readLine()).isEqualTo("ready");
    return said;
  }

  private void launchWorker(String slots) throws IOException {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TestWorker.class.getName(),
                folder.resolve("jobs.db").toString(),
                slots)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    workers.add(worker);
  }

  /** A worker's process. */
  static final class TestWorker {
    private TestWorker() {}

    public static void main(String[] args) throws InterruptedException {
      Holdfast holdfast = Holdfast.open(args[0]);
      holdfast.handle("pid", Object.class, (payload, job) -> ProcessHandle.current().pid());
      holdfast.handle(
          "halt",
          Object.class,
          (payload, job) -> {
            Runtime.getRuntime().halt(1);
            return null;
          });
      holdfast.handle(
          "hang",
          Object.class,
          (payload, job) -> {
            System.out.println("begun " + job.id());
            try {
              Thread.currentThread().join(); // until it is interrupted
            } catch (InterruptedException told) {
              System.out.println("interrupted " + job.id());
              throw told;
            }
            return null;
          });
      holdfast.start(
          NodeConfig.defaults()
              .concurrency(Integer.parseInt(args[1]))
              .grace(Duration.ofMillis(100)));
      System.out.println("ready");
      Thread.currentThread().join();
    }
  }
}
