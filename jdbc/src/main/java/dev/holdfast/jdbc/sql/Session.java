package dev.holdfast.jdbc.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs statements on one connection. Used by one thread at a time. */
public interface Session {

  /** Prepares the statement to be bound and run. Earlier bindings are cleared. */
  Bound sql(Sql sql);

  /**
   * Prepares a statement for one use that is assembled for its caller, and closes it afterwards.
   */
  <T> T once(Sql sql, Function<Bound, T> use);

  /** Runs a statement without parameters. */
  default void execute(Sql sql) {
    sql(sql).execute();
  }

  /**
   * Runs a write once for each item, as a batch if that is faster.
   *
   * @return how many rows each run changed
   */
  default <T> int[] updateEach(Sql sql, Collection<T> items, BiConsumer<Bound, T> binder) {
    return items.isEmpty() ? new int[0] : sql(sql).updateEach(items, binder);
  }

  /**
   * Runs queries that all see the database as of one instant. Behind a transaction pooler each sees
   * its own instant; the first one is the oldest.
   */
  <T> T atOneInstant(Supplier<T> queries);

  /** Passes on a warning that belongs to no statement of this session. */
  void warnOf(SQLWarning warning);

  /** Translates {@code failure} for a caller. */
  RuntimeException meaning(SQLException failure);

  /** Returns the connection, for needs of a dialect. */
  Connection connection();
}
