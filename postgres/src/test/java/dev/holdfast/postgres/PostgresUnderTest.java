package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.testkit.StoreUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A database with jobs, as the contract of all stores needs it. */
class PostgresUnderTest implements StoreUnderTest {
  private static final long FIRST_PROCESS = 4711; // the contract's nodes say that they live here
  private static final long SECOND_PROCESS = 4712;

  private final TestDatabase database;
  private final String url;
  private final CountDownLatch missed = new CountDownLatch(Signal.values().length);

  PostgresUnderTest(TestDatabase database) {
    this(database, database.url());
  }

  /**
   * Reaches the database in another way.
   *
   * @param url of the same database
   */
  PostgresUnderTest(TestDatabase database, String url) {
    this.database = database;
    this.url = url;
  }

  @Override
  public final JobStore open(TimeSource clock) {
    database.empty();
    JobStore store = open(clock, FIRST_PROCESS);
    store.listen(signal -> missed.countDown());
    return store;
  }

  @Override
  public final JobStore openAgain(TimeSource clock) {
    return open(clock, SECOND_PROCESS);
  }

  private JobStore open(TimeSource clock, long processId) {
    return PostgresStoreProvider.open(
        PostgresAddress.parse(url).orElseThrow(),
        OpenMode.CREATE,
        new Surroundings(
            clock, body -> new Thread(body, "holdfast-test-store"), process(processId)),
        new MovedClock(clock));
  }

  private static NodeInfo process(long id) {
    NodeId any = new NodeId(new UUID(0, id));
    return new NodeInfo(any, "any", "host", id, 1, "boot", "pid:[1]", "test");
  }

  @Override
  public final long holds() {
    return database.count("holds");
  }

  @Override
  public final long lanes() {
    return database.count("lanes");
  }

  /** Once it receives notifications, a store signals once everything that it may have missed. */
  @Override
  public void awaitSilence() throws InterruptedException {
    assertThat(missed.await(2, TimeUnit.MINUTES)).as("the store hears others").isTrue();
  }

  /** Leaves what a dead process leaves: its file as it was, and no lock on it. */
  @Override
  public final void die(NodeId node) {
    Path folder = database.hostFolder();
    try (Stream<Path> files = Files.walk(folder)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(node.toString()))
              .findFirst()
              .orElseThrow();
      Path copy = Files.copy(file, folder.resolve("copy"));
      Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
