package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.process.Eventually;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file has one write lock for all processes: it is held for statements alone. */
final class WriteLockTest {
  private static final NodeId NODE = new NodeId(new UUID(0, 7));
  private static final NodeInfo INFO =
      new NodeInfo(NODE, "a", "host", 4711, 1, "boot", "pid:[1]", "test");

  private static final int CROWD = 3;
  private static final int WRITES = 100;

  /** The most writes of others before each write; a fair share would be one each. */
  private static final int PASSED_OVER_MAX = 1_000;

  /** Takes about a millisecond. */
  private static final String SOME_WORK =
      """
      with recursive number (n) as (select 1 union all select n + 1 from number where n < 3000)
      select count(*) from number
      """;

  @TempDir private Path folder;

  private final List<Boolean> wasFree = new ArrayList<>();

  /** A capability that looks, while it is written as JSON, whether others can write to the file. */
  public final class Curious {
    public boolean isFree() {
      boolean free = canBeWritten();
      wasFree.add(free);
      return free;
    }
  }

  private boolean canBeWritten() {
    String url = "jdbc:sqlite:" + folder.resolve("jobs.db") + "?busy_timeout=0";
    try (Connection other = DriverManager.getConnection(url);
        Statement statement = other.createStatement()) {
      statement.execute("begin immediate");
      statement.execute("rollback");
      return true;
    } catch (SQLException busy) {
      return false;
    }
  }

  @Test
  @Tag("R-32")
  void the_row_of_a_node_that_starts_is_made_before_it_is_taken() {
    ServedWork work = new ServedWork(List.of(), Map.of(), Map.of("curious", new Curious()), 1);

    try (JobStore store = new SqliteUnderTest(folder).open(new MovableTime())) {
      store.nodes().register(INFO, work, Duration.ofSeconds(15)).close();
    }

    assertThat(wasFree).containsOnly(true);
  }

  /** Other processes that write without rest: each takes the lock as soon as it can. */
  private final class Crowd implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger writes = new AtomicInteger();
    private final List<Exception> failures = new CopyOnWriteArrayList<>();
    private volatile boolean isOver;

    private Crowd() {
      for (int i = 0; i < CROWD; i++) {
        Thread thread = new Thread(this::write, "other-" + i);
        thread.start();
        threads.add(thread);
      }
      Eventually.is("they write", () -> writes.get() > CROWD);
    }

    private void write() {
      String url = "jdbc:sqlite:" + folder.resolve("jobs.db") + "?busy_timeout=60000";
      try (Connection other = DriverManager.getConnection(url);
          Statement statement = other.createStatement()) {
        while (!isOver) {
          statement.execute("begin immediate");
          statement.execute(SOME_WORK);
          statement.execute("commit");
          writes.incrementAndGet();
        }
      } catch (SQLException failed) {
        failures.add(failed);
      }
    }

    @Override
    public void close() throws InterruptedException {
      isOver = true;
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
    }
  }

  @Test
  @Tag("R-32")
  void a_write_gets_its_turn_among_many_others() throws Exception {
    try (JobStore store = new SqliteUnderTest(folder).open(new MovableTime());
        Crowd crowd = new Crowd()) {
      int mostPassedOver = 0;
      for (int i = 0; i < WRITES; i++) {
        int before = crowd.writes.get();
        store.queues().configure("q" + i, settings -> settings.concurrency(3));
        mostPassedOver = Math.max(mostPassedOver, crowd.writes.get() - before);
      }

      assertThat(mostPassedOver).isLessThan(PASSED_OVER_MAX);
    }
  }
}
