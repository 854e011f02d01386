package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.test.time.MovableTime;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file has one write lock for all processes: it is held for statements alone. */
final class WriteLockTest {
  private static final NodeId NODE = new NodeId(new UUID(0, 7));
  private static final NodeInfo INFO =
      new NodeInfo(NODE, "a", "host", 4711, 1, "boot", "pid:[1]", "test");

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
}
