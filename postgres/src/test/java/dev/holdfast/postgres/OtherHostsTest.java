package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.testkit.postgres.PostgresServer;
import dev.holdfast.testkit.process.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process that is seen through the database alone, as one on another machine is: it keeps
 * the file of its node in a temporary folder of its own.
 */
@Tag("R-32")
final class OtherHostsTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration LEASE = Duration.ofMinutes(1); // nothing here waits for its end
  private static final Duration GRACE = Duration.ofSeconds(3); // a busy machine connects in less

  private static final String LOCK_HOLDER =
      """
      select l.pid from pg_locks l join holdfast.node_sessions s
          on l.classid::bigint = (s.lock_key >> 32) & 4294967295
         and l.objid::bigint = s.lock_key & 4294967295
       where l.locktype = 'advisory' and l.granted and l.mode = 'ExclusiveLock' and s.node = '%s'
      """;

  private static PostgresServer server;

  @TempDir private Path otherHost;
  private String url;
  private Holdfast here;
  private Process there;
  private JobId job;

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start(18);
  }

  @AfterAll
  static void endServer() {
    server.close();
  }

  @BeforeEach
  void begin_a_job_there() throws Exception {
    url = server.createDatabase() + "&grace=" + GRACE;
    here = Holdfast.open(url);
    here.handle("hang", String.class, (payload, context) -> "ran here");
    job = here.enqueue(NewJob.of("hang", "x")).id();
    there =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + otherHost,
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = there.inputReader();
    assertThat(said.readLine()).isEqualTo("begun " + job);
    Eventually.is("its lock is held", () -> lockHolder().isPresent());
    here.start(NodeConfig.defaults().lease(LEASE));
  }

  @AfterEach
  void end() throws Exception {
    there.destroyForcibly().waitFor();
    here.close();
    server.databases().drop(url);
  }

  @Test
  void that_is_killed_is_recovered_by_a_proof_of_its_death() throws Exception {
    there.destroyForcibly().waitFor();

    Job ended = here.queue().await(List.of(job), LONG).get().get(0);

    assertThat(ended.result()).contains("\"ran here\"");
    assertThat(ended.crashes() + ended.lapses()).isEqualTo(1);
    // the process is in truth one of this host, and may be seen to end first
    assertThat(here.queue().events(job))
        .extracting(JobEvent::why)
        .anyMatch(
            why ->
                why.contains("its connection to the database is gone")
                    || why.matches("its process \\d+ has ended"));
  }

  @Test
  @Tag("slow")
  void that_lost_only_the_connection_with_its_lock_takes_it_again_and_keeps_its_jobs()
      throws Exception {
    int before = lockHolder().orElseThrow();
    server.databases().execute("select pg_terminate_backend(" + before + ")");
    Eventually.is(
        "the lock is held by another connection",
        () -> lockHolder().filter(pid -> pid != before).isPresent());

    Eventually.pass(GRACE.multipliedBy(3));

    assertStillRunningThere();
  }

  @Test
  @Tag("slow")
  void that_is_frozen_while_the_server_restarts_is_not_dead_as_its_lock_says_nothing()
      throws Exception {
    signal("STOP");
    server.stop();
    server.restart();
    Eventually.is("this node is back", () -> !here.vitals().isDegraded() && isLifelineBack());

    Eventually.pass(GRACE.multipliedBy(3));

    assertStillRunningThere();
    signal("CONT");
    Eventually.is("its lock is held", () -> lockHolder().isPresent());
    assertStillRunningThere();
  }

  private void assertStillRunningThere() {
    Job running = here.find(job).orElseThrow();
    assertThat(running.state()).isEqualTo(JobState.RUNNING);
    assertThat(running.crashes()).isZero();
    assertThat(running.holder().orElseThrow().processId()).isEqualTo(there.pid());
  }

  private void signal(String name) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-s", name, Long.toString(there.pid())).start().waitFor())
        .isZero();
  }

  /** The process of the server in whose session the node there has its lock. */
  private Optional<Integer> lockHolder() throws SQLException {
    String node = here.find(job).orElseThrow().holder().orElseThrow().node().toString();
    return number(LOCK_HOLDER.formatted(node));
  }

  private boolean isLifelineBack() throws SQLException {
    return number("select 1 from pg_locks where locktype = 'advisory' and granted").isPresent();
  }

  private Optional<Integer> number(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? Optional.of(row.getInt(1)) : Optional.empty();
    }
  }

  /** The process on the other host. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws InterruptedException {
      Holdfast holdfast = Holdfast.open(args[0]);
      holdfast.handle(
          "hang",
          String.class,
          (payload, job) -> {
            System.out.println("begun " + job.id());
            Thread.currentThread().join(); // until it is interrupted
            return "never";
          });
      holdfast.start(NodeConfig.defaults().lease(LEASE));
      Thread.currentThread().join();
    }
  }
}
