package dev.holdfast.sqlite;

import dev.holdfast.Finding;
import dev.holdfast.QueueStatus;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.store.ConnectionUse;
import dev.holdfast.jdbc.store.Database;
import dev.holdfast.jdbc.store.Micros;
import dev.holdfast.jdbc.store.News;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One file and its connections: one that writes, for all threads in groups, and some that read.
 * SQLite has a single write lock, so a second writing connection would only queue for it.
 */
final class SqliteDatabase implements Database {
  private static final Sql BEGIN = Sql.of("begin immediate");
  private static final Sql COMMIT = Sql.of("commit");
  private static final Sql ROLLBACK = Sql.of("rollback");
  private static final Sql JOURNAL_MODE = Sql.of("pragma journal_mode");

  private static final int GROUP_MAX = 1_000;
  private static final Duration FILE_LOOK = Duration.ofSeconds(1);

  private final DatabaseFile file;
  private final TimeSource time;
  private final Doorbell doorbell;
  private final CallersTransactions callers;
  private final Readers readers;
  private final SqliteUpkeep upkeep;
  private final Session writer; // the group commit's leader only, like both below
  private final GroupCommit<Entry<?>> groups = new GroupCommit<>(GROUP_MAX, this::commit);
  private long fileLookedAtTicks;

  private SqliteDatabase(
      DatabaseFile file,
      TimeSource time,
      Doorbell doorbell,
      Connections connections,
      Session writer) {
    this.file = file;
    this.time = time;
    this.doorbell = doorbell;
    this.callers = new CallersTransactions(file, doorbell);
    this.readers = new Readers(connections);
    this.upkeep = new SqliteUpkeep(file, connections);
    this.writer = writer;
    this.fileLookedAtTicks = time.ticks();
  }

  static SqliteDatabase open(DatabaseFile file, OpenMode mode, TimeSource time, Doorbell doorbell) {
    Connections connections = new Connections(file);
    Session writer = connections.openWriter();
    try {
      new Schema(file.path()).prepare(writer, mode, Micros.of(time.now()));
    } catch (RuntimeException | Error failure) {
      writer.close();
      throw failure;
    }
    return new SqliteDatabase(file, time, doorbell, connections, writer);
  }

  /** One caller's work, and its answer. */
  private static final class Entry<T> {
    private final Work<T> work;
    private @Nullable T answer;

    private Entry(Work<T> work) {
      this.work = work;
    }

    private void run(Session session, long now, News news) {
      answer = work.run(session, now, news);
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
    writer.execute(BEGIN);
    News news = new News();
    try {
      long now = now();
      for (int i = 0; i < entries.size(); i++) {
        runOne(entries, i, now, news);
      }
      writer.execute(COMMIT);
    } catch (RuntimeException | Error | WorkFailedException failure) {
      rollBack(failure);
      throw failure;
    }
    if (!news.signals().isEmpty()) {
      doorbell.ring(news.signals());
    }
  }

  private void runOne(List<Entry<?>> entries, int index, long now, News news)
      throws WorkFailedException {
    try {
      entries.get(index).run(writer, now, news);
    } catch (RuntimeException | Error failure) {
      throw new WorkFailedException(index, failure);
    }
  }

  /** Some errors have ended the transaction already; then there is nothing to roll back. */
  private void rollBack(Throwable because) {
    try {
      writer.execute(ROLLBACK);
    } catch (RuntimeException endedAlready) {
      because.addSuppressed(endedAlready);
    }
  }

  private void lookAtFile() {
    if (time.ticks() - fileLookedAtTicks >= FILE_LOOK.toNanos()) {
      file.checkStillThere();
      fileLookedAtTicks = time.ticks();
    }
  }

  @Override
  public <T> T writeIn(Transaction transaction, Work<T> work) {
    return callers.run(transaction, work, now());
  }

  @Override
  public <T> T read(ConnectionUse use, Function<Session, T> query) {
    return readers.read(query);
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

  /** Closing the last connection also brings the log back into the file. */
  @Override
  public void close() {
    doorbell.close();
    readers.close();
    writer.close();
  }
}
