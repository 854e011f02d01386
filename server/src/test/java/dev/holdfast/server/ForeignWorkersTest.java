package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.QueueStatus;
import dev.holdfast.server.FaultyLine.Fault;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The example workers in other languages. Needs {@code node} 18 and {@code python3} 3.8. */
@Tag("R-23")
@Tag("slow")
class ForeignWorkersTest {
  private static final Path PROGRAMS = Path.of("..", "examples", "workers");

  /** Longer than a machine with too much to do stands still; some tests wait for its end. */
  private static final Duration LEASE = Duration.ofSeconds(5);

  private static final Duration LONG_LEASE = Duration.ofSeconds(15);

  @TempDir Path folder;
  private ReservedPort port;
  private ServedQueue served;
  private final List<Process> processes = new ArrayList<>();

  /** A language that the example worker is written in. */
  enum Language {
    NODE("node", "worker.mjs"),
    PYTHON("python3", "worker.py");

    private final String program;
    private final String file;

    Language(String program, String file) {
      this.program = program;
      this.file = file;
    }
  }

  @BeforeEach
  void serve() throws IOException {
    port = new ReservedPort();
    served = new ServedQueue(folder, config(LEASE));
    served.holdfast.start();
  }

  private ServerConfig config(Duration lease) {
    return ServerConfig.defaults().port(port.number()).workerLease(lease);
  }

  @AfterEach
  void close() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    served.close();
    port.close();
  }

  private Process start(Language language) {
    return start(language, served.server.uri());
  }

  private Process start(Language language, URI server) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(language.program, PROGRAMS.resolve(language.file).toString());
      builder.environment().put("HOLDFAST_DB", server.toString());
      builder.redirectErrorStream(true);
      builder.redirectOutput(folder.resolve("worker" + processes.size() + ".log").toFile());
      Process process = builder.start();
      processes.add(process);
      return process;
    } catch (IOException failure) {
      throw new UncheckedIOException("this test needs " + language.program, failure);
    }
  }

  private List<JobId> enqueue(int count, int millis) {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> payload = Map.of("text", "one two three", "millis", millis);
      ids.add(served.holdfast.enqueue(NewJob.of("words", payload)).id());
    }
    return ids;
  }

  private Job job(JobId id) {
    return served.holdfast.find(id).orElseThrow();
  }

  /** The node in here, and the workers. */
  private Set<NodeId> nodes() {
    return served.holdfast.queue().status().nodes().stream()
        .map(QueueStatus.Node::id)
        .collect(Collectors.toSet());
  }

  private void awaitAll(List<JobId> ids, JobState state) {
    Eventually.is("all are " + state, () -> ids.stream().allMatch(id -> job(id).state() == state));
  }

  private void awaitRunning(List<JobId> ids) {
    Eventually.is(
        "one tells its progress",
        () -> ids.stream().anyMatch(id -> job(id).progress().isPresent()));
  }

  @ParameterizedTest
  @EnumSource
  void runs_jobs_and_returns_results(Language language) {
    List<JobId> ids = enqueue(20, 0);
    start(language);

    awaitAll(ids, JobState.COMPLETED);

    assertThat(job(ids.get(0)).result()).contains("{\"words\":3}");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("R-32")
  void that_is_killed_leaves_its_jobs_to_others(Language language) throws InterruptedException {
    List<JobId> ids = enqueue(8, 1_000);
    Process first = start(language);
    awaitRunning(ids);

    first.destroyForcibly().waitFor();
    List<JobId> held = ids.stream().filter(id -> job(id).state() == JobState.RUNNING).toList();
    served.server.close();
    try (Server patient = Server.start(served.holdfast, config(Duration.ofMinutes(1)))) {
      start(language);
      awaitAll(ids, JobState.COMPLETED);
      assertThat(patient.routes()).isNotEmpty();
    }

    assertThat(held).isNotEmpty();
    assertThat(held)
        .allSatisfy(id -> assertThat(job(id).crashes() + job(id).lapses()).isEqualTo(1));
    assertThat(ids).allSatisfy(id -> assertThat(job(id).attempt()).isEqualTo(1));
  }

  @ParameterizedTest
  @EnumSource
  @Tag("R-31")
  void that_is_terminated_ends_its_jobs_first(Language language) throws Exception {
    List<JobId> ids = enqueue(4, 500);
    Process worker = start(language);
    awaitRunning(ids);

    worker.destroy();

    assertThat(worker.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(worker.exitValue()).as(Files.readString(folder.resolve("worker0.log"))).isZero();
    awaitAll(ids.stream().filter(id -> job(id).attempt() == 1).toList(), JobState.COMPLETED);
    assertThat(ids).allSatisfy(id -> assertThat(job(id).crashes()).isZero());
    assertThat(served.holdfast.queue().status().nodes()).hasSize(1);
  }

  @Test
  @Tag("R-58")
  void go_on_with_the_next_server_as_with_the_first() {
    served.server.close();
    Server first = Server.start(served.holdfast, config(LONG_LEASE)); // it outlasts a restart
    List<JobId> ids = enqueue(8, 7_000); // so long that each worker's heart beats meanwhile
    start(Language.NODE);
    start(Language.PYTHON);
    Eventually.is("three nodes", () -> nodes().size() == 3);
    awaitRunning(ids);
    Set<NodeId> before = nodes();

    first.close();
    try (Server next = Server.start(served.holdfast, config(LONG_LEASE))) {
      awaitAll(ids, JobState.COMPLETED);
      assertThat(next.routes()).isNotEmpty();
    }

    assertThat(nodes()).isEqualTo(before);
    assertThat(ids).allSatisfy(id -> assertThat(job(id).crashes()).isZero());
    assertThat(ids).allSatisfy(id -> assertThat(job(id).attempt()).isEqualTo(1));
  }

  @ParameterizedTest
  @EnumSource
  @Tag("R-58")
  void that_was_forgotten_registers_again_however_often_that_fails(Language language)
      throws Exception {
    try (FaultyLine line = new FaultyLine(served.server.uri())) {
      start(language, line.uri());
      Eventually.is("two nodes", () -> nodes().size() == 2);
      Set<NodeId> first = nodes();
      line.inject(Fault.CUT_REQUEST, "/worker/register");
      line.inject(Fault.PAGE, "/worker/register");

      forgetWorkers();

      Eventually.is("both were refused", () -> line.faultsToCome() == 0);
      Eventually.is("two nodes", () -> nodes().size() == 2);
      awaitAll(enqueue(4, 0), JobState.COMPLETED);
      assertThat(nodes()).hasSize(2).isNotEqualTo(first);
    }
  }

  /** Only the server's own answer may end a job. */
  @ParameterizedTest
  @EnumSource
  @Tag("R-58")
  void that_gets_broken_answers_asks_again(Language language) throws Exception {
    try (FaultyLine line = new FaultyLine(served.server.uri())) {
      for (Fault fault : List.of(Fault.PAGE, Fault.HALF_ANSWER, Fault.CUT_ANSWER)) {
        line.inject(fault, "/progress ");
        line.inject(fault, "/complete ");
        line.inject(fault, "/heartbeat ");
        List<JobId> ids = enqueue(1, 4_000); // so long that the worker's heart beats meanwhile
        if (processes.isEmpty()) {
          start(language, line.uri());
        }

        awaitAll(ids, JobState.COMPLETED);
        Eventually.is("all were injected", () -> line.faultsToCome() == 0);

        assertThat(ids)
            .as(fault.name())
            .allSatisfy(id -> assertThat(job(id).attempt()).isEqualTo(1));
      }
      assertThat(processes).allSatisfy(worker -> assertThat(worker.isAlive()).isTrue());
    }
  }

  /** As if the database had been restored from a time before them. */
  private void forgetWorkers() throws SQLException {
    String file = "jdbc:sqlite:" + folder.resolve("q.db") + "?busy_timeout=60000";
    try (Connection connection = DriverManager.getConnection(file);
        Statement sql = connection.createStatement()) {
      assertThat(sql.executeUpdate("delete from nodes where name like '%-%'")).isEqualTo(1);
    }
  }
}
