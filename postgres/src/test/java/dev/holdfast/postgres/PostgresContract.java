package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.testkit.JobStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The contract of all stores, for PostgreSQL of whatever version and behind whatever. */
abstract class PostgresContract extends JobStoreContract {
  private static final long FIRST_PROCESS = 4711; // the contract's nodes say that they live here
  private static final long SECOND_PROCESS = 4712;

  private final CountDownLatch missed = new CountDownLatch(Signal.values().length);

  /** The database of this class. */
  abstract TestDatabase database();

  /** How the store reaches it. */
  String url() {
    return database().url();
  }

  @Override
  protected final JobStore open(TimeSource clock) {
    database().empty();
    JobStore store = open(clock, FIRST_PROCESS);
    store.listen(signal -> missed.countDown());
    return store;
  }

  @Override
  protected final JobStore openAgain() {
    return open(time, SECOND_PROCESS);
  }

  private JobStore open(TimeSource clock, long processId) {
    return PostgresStoreProvider.open(
        PostgresAddress.parse(url()).orElseThrow(),
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
  protected final long holds() {
    return database().count("holds");
  }

  /** Once it hears other processes, a store tells once of everything that it may have missed. */
  @Override
  protected void awaitSilence() throws InterruptedException {
    assertThat(missed.await(2, TimeUnit.MINUTES)).as("the store hears others").isTrue();
  }

  /** What a dead process leaves: its file as it was, and no lock on it. */
  @Override
  protected final void die(NodeId node) {
    Path folder = database().hostFolder();
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
