package dev.holdfast.postgres;

import dev.holdfast.NodeId;
import dev.holdfast.jdbc.store.Micros;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.testkit.JobStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** PostgreSQL passes the contract of all stores. */
final class PostgresJobStoreTest extends JobStoreContract {
  private static final long FIRST_PROCESS = 4711; // the contract's nodes say that they live here
  private static final long SECOND_PROCESS = 4712;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String BASE = System.getenv("HOLDFAST_TEST_PG_URL");
  private String url = "";

  @Override
  protected JobStore open(TimeSource time) {
    String name = "t" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    try (Connection c = DriverManager.getConnection(BASE);
        Statement s = c.createStatement()) {
      s.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    url = BASE.replaceFirst("/postgres\\?", "/" + name + "?");
    return open(time, FIRST_PROCESS);
  }

  @Override
  protected JobStore openAgain() {
    return open(time, SECOND_PROCESS);
  }

  private JobStore open(TimeSource clock, long processId) {
    return PostgresStoreProvider.open(
        PostgresAddress.parse(url).orElseThrow(),
        OpenMode.CREATE,
        new Surroundings(
            clock, body -> new Thread(body, "holdfast-test-store"), process(processId)),
        new MovedClock(clock));
  }

  /** The clock that the test moves, in the place of the database's. */
  private record MovedClock(TimeSource time) implements StoreClock {
    @Override
    public OptionalLong known() {
      return OptionalLong.of(Micros.of(time.now()));
    }

    @Override
    public long now(Session session) {
      return Micros.of(time.now());
    }
  }

  private static NodeInfo process(long id) {
    NodeId any = new NodeId(new UUID(0, id));
    return new NodeInfo(any, "any", "host", id, 1, "boot", "pid:[1]", "test");
  }

  /** What a dead process leaves: its file as it was, and no lock on it. */
  @Override
  protected void die(NodeId node) {
    Path all =
        Path.of(
            System.getProperty("java.io.tmpdir"), "holdfast-" + System.getProperty("user.name"));
    try (Stream<Path> files = Files.walk(all)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(node.toString()))
              .findFirst()
              .orElseThrow();
      Path copy = Files.copy(file, Files.createTempDirectory("holdfast").resolve("copy"));
      Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
