package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.NodeId;
import dev.holdfast.error.BusyException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ReadCancellation;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.test.time.MovableTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of callers delay neither the engine nor each other. */
final class ReadersTest {
  private static final int CALLERS = 6; // more than there are connections for

  private static final Sql ENDLESS =
      Sql.of(
          """
          with recursive n (i) as (select 1 union all select i + 1 from n)
          select count(*) from n
          """);

  private static final Sql JOBS = Sql.of("select count(*) from jobs");

  @TempDir private Path folder;

  private final MovableTime time = new MovableTime();
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private final CountDownLatch begun = new CountDownLatch(4);
  private SqliteDatabase database;

  @BeforeEach
  void open() {
    NativeLibrary.prepare();
    DatabaseFile file =
        DatabaseFile.open(
            SqliteAddress.parse(folder.resolve("jobs.db").toString()).orElseThrow(),
            OpenMode.CREATE);
    NodeInfo self =
        new NodeInfo(new NodeId(new UUID(0, 1)), "a", "host", 1, 1, "boot", "pid:[1]", "test");
    NodeFiles nodes = new NodeFiles(file.sideFolder(), self, time);
    Doorbell doorbell =
        new Doorbell(file.sideFolder(), body -> new Thread(body, "holdfast-test-store"), nodes);
    database =
        SqliteDatabase.open(
            file, OpenMode.CREATE, time, doorbell, new LaneHeads(time, Duration.ZERO));
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    database.close();
  }

  private long endless() {
    return database.read(
        ConnectionUse.CALLERS,
        session -> {
          begun.countDown();
          return session.sql(ENDLESS).number();
        });
  }

  private List<Future<Long>> readAllTheTime() throws InterruptedException {
    List<Future<Long>> reads = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      reads.add(threads.submit(this::endless));
    }
    begun.await();
    return reads;
  }

  @Test
  void leave_connections_to_the_engine_however_many_there_are() throws Exception {
    List<Future<Long>> reads = readAllTheTime();

    assertThat(database.read(ConnectionUse.WORK, ReadersTest::jobs)).isZero();
    assertThat(reads).noneMatch(Future::isDone);
  }

  @Test
  void end_when_they_have_taken_too_long() throws Exception {
    Future<Long> read = threads.submit(this::endlessAlone);
    begun.await();

    time.advance(ReadLimit.READ_MAX);

    assertThatThrownBy(read::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(BusyException.class)
        .hasMessageContaining("longer than 30 s");
    assertThat(database.read(ConnectionUse.CALLERS, ReadersTest::jobs)).isZero();
  }

  private long endlessAlone() {
    while (begun.getCount() > 1) {
      begun.countDown();
    }
    return endless();
  }

  @Test
  void end_when_their_caller_has_left() throws Exception {
    List<Future<Long>> reads = readAllTheTime();

    reads.forEach(read -> read.cancel(true));

    assertThat(database.read(ConnectionUse.CALLERS, ReadersTest::jobs)).isZero();
  }

  /** Some of them read, and the others wait for a connection. */
  @Test
  void end_when_they_are_cancelled() throws Exception {
    List<ReadCancellation> cancellations = new ArrayList<>();
    List<Future<Long>> reads = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      ReadCancellation cancellation = new ReadCancellation();
      cancellations.add(cancellation);
      reads.add(threads.submit(() -> cancellation.run(this::endless)));
    }
    begun.await();

    cancellations.forEach(ReadCancellation::cancel);

    for (Future<Long> read : reads) {
      assertThatThrownBy(read::get).hasCauseInstanceOf(BusyException.class);
    }
    assertThat(database.read(ConnectionUse.CALLERS, ReadersTest::jobs)).isZero();
    assertThat(threads.submit(Thread::interrupted).get()).isFalse();
  }

  private static long jobs(Session session) {
    return session.sql(JOBS).number();
  }
}
