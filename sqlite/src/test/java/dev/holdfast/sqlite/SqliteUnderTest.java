package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.dialect.Liveness;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.store.SqlJobStore;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.testkit.StoreUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A file with jobs, as the contract of all stores needs it. */
final class SqliteUnderTest implements StoreUnderTest {
  private static final long FIRST_PROCESS = 4711; // the contract's nodes say that they live here
  private static final long SECOND_PROCESS = 4712;

  private final Path folder;

  SqliteUnderTest(Path folder) {
    this.folder = folder;
  }

  @Override
  public JobStore open(TimeSource time) {
    return open(time, FIRST_PROCESS, UnaryOperator.identity());
  }

  /** Opens the store with connections that {@code wrap} returns. */
  JobStore open(TimeSource time, UnaryOperator<Connection> wrap) {
    return open(time, FIRST_PROCESS, wrap);
  }

  @Override
  public JobStore openAgain(TimeSource time) {
    return open(time, SECOND_PROCESS, UnaryOperator.identity());
  }

  private JobStore open(TimeSource clock, long processId, UnaryOperator<Connection> wrap) {
    NativeLibrary.prepare();
    SqliteAddress address = SqliteAddress.parse(databaseFile().toString()).orElseThrow();
    DatabaseFile file = DatabaseFile.open(address, OpenMode.CREATE);
    Liveness nodes = new NodeFiles(file.sideFolder(), process(processId), clock);
    Doorbell doorbell =
        new Doorbell(
            file.sideFolder(), body -> new Thread(body, "holdfast-test-store"), (NodeFiles) nodes);
    LaneHeads heads = new LaneHeads(clock, Duration.ZERO);
    return new SqlJobStore(
        SqliteDatabase.open(
            file,
            OpenMode.CREATE,
            clock,
            doorbell,
            heads,
            (config, url) -> wrap.apply(config.createConnection(url))),
        new SqliteDialect(heads),
        nodes);
  }

  private Path databaseFile() {
    return folder.resolve("jobs.db");
  }

  private static NodeInfo process(long id) {
    NodeId any = new NodeId(new UUID(0, id));
    return new NodeInfo(any, "any", "host", id, 1, "boot", "pid:[1]", "test");
  }

  @Override
  public long holds() {
    return count("holds");
  }

  @Override
  public long lanes() {
    return count("lanes");
  }

  private long count(String table) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + databaseFile());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + table)) {
      return row.getLong(1);
    } catch (SQLException failure) {
      throw new IllegalStateException("the rows cannot be counted", failure);
    }
  }

  /** Leaves what a dead process leaves: its file as it was, and no lock on it. */
  @Override
  public void die(NodeId node) {
    Path nodes = folder.resolve("jobs.db-holdfast").resolve("nodes");
    try (Stream<Path> files = Files.list(nodes)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(node.toString()))
              .findFirst()
              .orElseThrow();
      Path copy = Files.copy(file, folder.resolve("copy"));
      Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING); // a new file has no lock
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The last handle to close takes the log back into the file; nodes remove their files. */
  @Override
  public void assertNothingLeaks() {
    assertThat(folder.resolve("jobs.db-wal")).doesNotExist();
    assertThat(folder.resolve("jobs.db-shm")).doesNotExist();
  }
}
