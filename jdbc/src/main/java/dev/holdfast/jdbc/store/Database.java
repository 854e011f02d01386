package dev.holdfast.jdbc.store;

import dev.holdfast.Finding;
import dev.holdfast.QueueStatus;
import dev.holdfast.Transaction;
import dev.holdfast.spi.JobStore.Subscription;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Upkeep;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** The way to a dialect's connections. */
public interface Database extends AutoCloseable {

  /**
   * Work inside a writing transaction. It may be run again after a rollback, so it must start from
   * nothing each time.
   *
   * @param <T> its answer
   */
  @FunctionalInterface
  interface Work<T> {
    /**
     * Does the work.
     *
     * @param now the time that stamps rows, in microseconds
     * @param news takes what others are to be told after the commit
     */
    T run(Session session, long now, News news);

    /** Two works, one after the other in one transaction. */
    static <A, B, T> Work<T> both(Work<A> one, Work<B> other, BiFunction<A, B, T> both) {
      return (session, now, news) ->
          both.apply(one.run(session, now, news), other.run(session, now, news));
    }
  }

  /** Runs {@code work} in a transaction and commits it durably, perhaps together with others'. */
  <T> T write(ConnectionUse use, Work<T> work);

  /**
   * Runs {@code work} whose statements need not be one transaction, as each is harmless without the
   * others; most often it has one only. That can save the way of a commit.
   */
  default <T> T writeEach(ConnectionUse use, Work<T> work) {
    return write(use, work);
  }

  /**
   * Runs two works that do not depend on each other: in one transaction where there is one writer,
   * side by side in two where there are many. When it throws, either may have happened.
   *
   * @param both makes one answer of theirs
   */
  default <A, B, T> T writeBoth(
      ConnectionUse use, Work<A> one, Work<B> other, BiFunction<A, B, T> both) {
    return write(use, Work.both(one, other, both));
  }

  /**
   * Runs {@code work} in the caller's transaction.
   *
   * @throws dev.holdfast.InvalidRequestException if the transaction is not one of this database
   */
  <T> T writeIn(Transaction transaction, Work<T> work);

  /**
   * Runs {@code work} that the caller's transaction needs and others must not wait for: as a part
   * of it where there is one writer, before it where there are many.
   */
  default <T> T writeBeside(Transaction transaction, Work<T> work) {
    return writeIn(transaction, work);
  }

  /** Runs a query that sees all commits before it. */
  <T> T read(ConnectionUse use, Function<Session, T> query);

  /** The time that stamps rows, in microseconds. */
  long now();

  /** Subscribes to signals. */
  Subscription listen(Consumer<Signal> listener);

  /** What the database is, its size and settings. */
  QueueStatus.Database describe();

  /** What is wrong with the database itself: its engine, settings and files. */
  List<Finding> examine();

  /** What keeps the database itself in order. */
  Upkeep upkeep();

  @Override
  void close();
}
