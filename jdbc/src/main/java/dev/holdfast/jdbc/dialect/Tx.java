package dev.holdfast.jdbc.dialect;

import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A writing transaction under way: it runs statements, has one time that stamps all rows, and
 * collects the signals to send after its commit. Methods that write take it; methods that only read
 * take a {@link Session}, which it is too. Used by one thread at a time.
 */
public final class Tx implements Session {
  private final Session session;
  private final long now;
  private final PostCommitSignals postCommit;

  /**
   * @param session runs the statements
   * @param now the time that stamps rows, in microseconds
   * @param postCommit collects the signals to send after the commit
   */
  public Tx(Session session, long now, PostCommitSignals postCommit) {
    this.session = session;
    this.now = now;
    this.postCommit = postCommit;
  }

  /** Returns the time that stamps rows, in microseconds; the same during the whole transaction. */
  public long now() {
    return now;
  }

  /** Collects the signals to send after the commit. */
  public PostCommitSignals postCommit() {
    return postCommit;
  }

  @Override
  public Bound sql(Sql sql) {
    return session.sql(sql);
  }

  @Override
  public <T> T once(Sql sql, Function<Bound, T> use) {
    return session.once(sql, use);
  }

  @Override
  public <T> T atOneInstant(Supplier<T> queries) {
    return session.atOneInstant(queries);
  }

  @Override
  public void warnOf(SQLWarning warning) {
    session.warnOf(warning);
  }

  @Override
  public RuntimeException meaning(SQLException failure) {
    return session.meaning(failure);
  }

  @Override
  public Connection connection() {
    return session.connection();
  }
}
