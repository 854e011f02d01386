package dev.holdfast.jdbc.dialect;

import dev.holdfast.Finding;
import dev.holdfast.QueueStatus;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.spi.JobStore.Subscription;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Upkeep;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Access to a dialect's connections. */
public interface Database extends AutoCloseable {

  /**
   * Work inside a writing transaction. It may run again after a rollback, so it must keep no state
   * between runs.
   *
   * @param <T> the result
   */
  @FunctionalInterface
  interface Work<T> {
    /** Does the work. */
    T run(Tx tx);

    /**
     * Returns the work to do instead if others hold what this needs for too long; empty for none.
     */
    default Optional<Work<T>> ifBusy() {
      return Optional.empty();
    }

    /**
     * Combines this work with another one to do instead if others hold what this needs for too
     * long.
     */
    default Work<T> orIfBusy(Work<T> instead) {
      Work<T> first = this;
      return new Work<>() {
        @Override
        public T run(Tx tx) {
          return first.run(tx);
        }

        @Override
        public Optional<Work<T>> ifBusy() {
          return Optional.of(instead);
        }
      };
    }

    /** Combines two pieces of work in one transaction, one after the other. */
    static <A, B, T> Work<T> both(Work<A> one, Work<B> other, BiFunction<A, B, T> both) {
      Work<T> first = tx -> both.apply(one.run(tx), other.run(tx));
      if (one.ifBusy().isEmpty() && other.ifBusy().isEmpty()) {
        return first;
      }
      return first.orIfBusy(both(one.ifBusy().orElse(one), other.ifBusy().orElse(other), both));
    }
  }

  /**
   * Runs {@code work} in a transaction and commits it durably, perhaps together with others'. On
   * databases with several writers, others may hold what it needs for too long: then it is rolled
   * back, and {@link Work#ifBusy} runs instead.
   *
   * @throws dev.holdfast.error.BusyException if there is nothing to run instead
   */
  <T> T write(ConnectionUse use, Work<T> work);

  /**
   * Runs {@code work} whose statements need not be one transaction, as each is harmless without the
   * others; usually it has only one. That can save the round trip of a commit.
   */
  default <T> T writeEach(ConnectionUse use, Work<T> work) {
    return write(use, work);
  }

  /**
   * Runs two independent pieces of work: in one transaction if there is one writer, in two at once
   * if there are several. If it throws, either may have happened.
   *
   * @param both combines their results
   */
  default <A, B, T> T writeBoth(
      ConnectionUse use, Work<A> one, Work<B> other, BiFunction<A, B, T> both) {
    return write(use, Work.both(one, other, both));
  }

  /**
   * Runs {@code work} in the caller's transaction.
   *
   * @throws dev.holdfast.error.InvalidRequestException if the transaction belongs to another
   *     database
   */
  <T> T writeIn(Transaction transaction, Work<T> work);

  /**
   * Runs {@code work} that the caller's transaction needs but others must not wait for: within it
   * if there is one writer, before it if there are several.
   */
  default <T> T writeBeside(Transaction transaction, Work<T> work) {
    return writeIn(transaction, work);
  }

  /** Runs a query that sees all earlier commits. */
  <T> T read(ConnectionUse use, Function<Session, T> query);

  /** See {@link dev.holdfast.spi.MaintenanceStore#checkReady}. */
  default void checkReady() {}

  /** See {@link dev.holdfast.spi.RecoveryStore#hasUnsettled}. */
  default boolean hasUnsettled() {
    return false;
  }

  /** Returns the time that stamps rows, in microseconds. */
  long now();

  /** Subscribes to signals. */
  Subscription listen(Consumer<Signal> listener);

  /** Describes the database, its size and settings. */
  QueueStatus.Database describe();

  /** Returns problems of the database itself: its engine, settings and files. */
  List<Finding> examine();

  /** Returns the maintenance operations of the database. */
  Upkeep upkeep();

  @Override
  void close();
}
