package dev.holdfast.sqlite;

import dev.holdfast.Finding;
import dev.holdfast.QueueStatus;
import dev.holdfast.Transaction;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.GroupCommit;
import dev.holdfast.spi.GroupCommit.WorkFailedException;
import dev.holdfast.spi.JobStore.Subscription;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Upkeep;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * One file and its connections: one that writes, for all threads in groups, and some that read.
 * SQLite has a single write lock, so a second writing connection would only queue for it.
 */
final class SqliteDatabase implements Database {
  private static final Sql TOUCH =
      Sql.of("update schema_history set applied_at = applied_at where number = 1");

  private static final Sql JOURNAL_MODE = Sql.of("pragma journal_mode");

  private static final int GROUP_MAX = 1_000;

  /** Readers for the engine, so that it never waits for reads of callers. */
  private static final int ENGINE_READERS = 2;

  private static final int CALLERS_READERS = 4;
  private static final Duration FILE_LOOK = Duration.ofSeconds(1);

  private final DatabaseFile file;
  private final TimeSource time;
  private final Doorbell doorbell;
  private final LaneHeads heads;
  private final CallersTransactions callers;
  private final Connections connections;
  private final Readers engineReaders;
  private final Readers readers;
  private final SqliteUpkeep upkeep;
  private final Writer writer; // the group commit's leader only
  private final GroupCommit<Entry<?>> groups = new GroupCommit<>(GROUP_MAX, this::commit);
  private final AtomicLong fileLookedAtTicks;
  private volatile boolean failsToWrite; // since a write met an error of the file

  private SqliteDatabase(
      DatabaseFile file,
      TimeSource time,
      Doorbell doorbell,
      LaneHeads heads,
      Connections connections,
      Writer writer) {
    this.file = file;
    this.heads = heads;
    this.time = time;
    this.doorbell = doorbell;
    this.callers = new CallersTransactions(file, doorbell);
    this.connections = connections;
    this.engineReaders = new Readers(connections, ENGINE_READERS);
    this.readers = new Readers(connections, CALLERS_READERS);
    this.upkeep = new SqliteUpkeep(file, connections, time);
    this.writer = writer;
    this.fileLookedAtTicks = new AtomicLong(time.ticks());
  }

  static SqliteDatabase open(
      DatabaseFile file, OpenMode mode, TimeSource time, Doorbell doorbell, LaneHeads heads) {
    return open(file, mode, time, doorbell, heads, SQLiteConfig::createConnection);
  }

  static SqliteDatabase open(
      DatabaseFile file,
      OpenMode mode,
      TimeSource time,
      Doorbell doorbell,
      LaneHeads heads,
      Connections.Opener opener) {
    Connections connections = new Connections(file, opener);
    ConnectionSession first = connections.openWriter();
    try {
      new Schema(file.path()).prepare(first, mode, Micros.of(time.now()));
    } catch (RuntimeException | Error failure) {
      connections.discard(first);
      throw failure;
    }
    return new SqliteDatabase(
        file, time, doorbell, heads, connections, new Writer(connections, first));
  }

  /** One caller's work, and its answer. */
  private static final class Entry<T> {
    private final Work<T> work;
    private @Nullable T answer;

    private Entry(Work<T> work) {
      this.work = work;
    }

    private void run(Tx tx) {
      answer = work.run(tx);
    }
  }

  @Override
  public <T> T write(ConnectionUse use, Work<T> work) {
    callers.refuseOtherWrites();
    Entry<T> entry = new Entry<>(work);
    groups.commit(entry);
    if (entry.answer == null) {
      throw new IllegalStateException("a work gave no answer: a bug");
    }
    return entry.answer;
  }

  /**
   * The transaction of a group. A commit that fails may have happened; its works may be repeated.
   */
  private void commit(List<Entry<?>> entries) throws WorkFailedException {
    lookAtFile();
    ConnectionSession session = writer.begin();
    PostCommitSignals postCommit = new PostCommitSignals();
    try {
      Tx tx = new Tx(session, now(), postCommit);
      for (int i = 0; i < entries.size(); i++) {
        runOne(entries, i, session, tx);
      }
      if (heads.isMany()) {
        LaneWalk.namePlaces(tx);
      }
      writer.commit(session);
      failsToWrite = false;
    } catch (RuntimeException | Error | WorkFailedException failure) {
      failsToWrite |= !session.isSound();
      heads.arrived(postCommit.arrivals()); // if it was committed nevertheless
      postCommit.failed();
      writer.rollBack(session, failure);
      throw failure;
    }
    heads.arrived(postCommit.arrivals());
    if (postCommit.signals().contains(Signal.QUEUES)) {
      heads.lookAgain();
    }
    if (!postCommit.signals().isEmpty()) {
      doorbell.ring(postCommit.signals());
    }
  }

  /** Work fails alone unless the file fails: then all of the group fail at once. */
  private static void runOne(List<Entry<?>> entries, int index, ConnectionSession session, Tx tx)
      throws WorkFailedException {
    try {
      entries.get(index).run(tx);
    } catch (StorageException | PermissionException ofTheFile) {
      if (session.isSound()) {
        throw new WorkFailedException(index, ofTheFile);
      }
      throw ofTheFile;
    } catch (RuntimeException | Error failure) {
      if (failure instanceof Error) {
        session.distrust();
      }
      throw new WorkFailedException(index, failure);
    }
  }

  private void lookAtFile() {
    if (time.ticks() - fileLookedAtTicks.get() >= FILE_LOOK.toNanos()) {
      file.checkStillThere();
      fileLookedAtTicks.set(time.ticks());
    }
  }

  @Override
  public <T> T writeIn(Transaction transaction, Work<T> work) {
    return callers.run(transaction, work, now());
  }

  @Override
  public <T> T read(ConnectionUse use, Function<Session, T> query) {
    lookAtFile(); // data that no process will find again must not be shown either
    return use == ConnectionUse.CALLERS
        ? readers.read(query, new ReadLimit(time))
        : engineReaders.read(query);
  }

  /** A write that changes nothing goes the whole way as well. */
  @Override
  public void checkReady() {
    file.checkStillThere();
    if (failsToWrite) {
      file.checkRoom();
      int unused = write(ConnectionUse.CALLERS, tx -> tx.sql(TOUCH).update());
    }
  }

  @Override
  public long now() {
    return Micros.of(time.now());
  }

  @Override
  public Subscription listen(Consumer<Signal> listener) {
    return doorbell.listen(listener);
  }

  @Override
  public QueueStatus.Database describe() {
    File main = file.path().toFile();
    long bytes = main.length() + new File(main + "-wal").length();
    String mode =
        readers.read(session -> session.sql(JOURNAL_MODE).first(row -> row.text(1))).orElse("");
    return new QueueStatus.Database(
        "sqlite",
        file.path().toString(),
        bytes,
        Map.of(
            "synchronous",
            file.synchronous().name(),
            "journal_mode",
            mode.toUpperCase(Locale.ROOT)));
  }

  @Override
  public List<Finding> examine() {
    return readers.read(session -> new FileExamination(file).run(session));
  }

  @Override
  public Upkeep upkeep() {
    return upkeep;
  }

  /** Closes the connections; closing the last one also checkpoints the log. */
  @Override
  public void close() {
    doorbell.close();
    readers.close();
    engineReaders.close();
    connections.discardUnclosed();
    writer.close();
  }
}
