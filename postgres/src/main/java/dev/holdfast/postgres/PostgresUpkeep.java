package dev.holdfast.postgres;

import dev.holdfast.Finding;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.Optimized;
import dev.holdfast.spi.upkeep.Space;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The upkeep of the tables of this queue. The server as a whole is left to its administrators, who
 * have better tools.
 */
final class PostgresUpkeep implements Upkeep {
  /** Lists all tables of this schema, quoted. */
  private static final Sql TABLES =
      Sql.of(
          """
          select format('%I.%I', schemaname, tablename) from pg_tables
           where schemaname = current_schema() order by 1
          """);

  private static final Sql UNBOUNDED = Sql.of("set statement_timeout = 0");
  private static final Sql BOUNDED = Sql.of("reset statement_timeout");

  private final PostgresDatabase database;
  private final boolean isPooled;

  PostgresUpkeep(PostgresDatabase database, boolean isPooled) {
    this.database = database;
    this.isPooled = isPooled;
  }

  @Override
  public Checkpointed checkpoint(Checkpoint how) {
    throw new InvalidRequestException(
        "PostgreSQL runs its own checkpoints: its administrator can execute CHECKPOINT");
  }

  @Override
  public void analyze() {
    refuseThroughPooler("ANALYZE");
    boolean unused = each("analyze ", session -> true);
  }

  @Override
  public Vacuumed vacuum() {
    Optimized done = optimize();
    return new Vacuumed(done.before().bytes(), done.after().bytes());
  }

  @Override
  public Optimized optimize() {
    return vacuumed("vacuum (analyze) ");
  }

  @Override
  public Optimized rebuild() {
    return vacuumed("vacuum (full, analyze) ");
  }

  private Optimized vacuumed(String statement) {
    refuseThroughPooler("VACUUM");
    Space before = database.read(ConnectionUse.CALLERS, PostgresStats::space);
    Space after = each(statement, PostgresStats::space);
    return new Optimized(before, after, notes(before, after));
  }

  private static List<String> notes(Space before, Space after) {
    List<String> notes = new ArrayList<>();
    if (after.bytes() > before.bytes()) {
      notes.add(
          "the tables are larger than before: others wrote meanwhile, or PostgreSQL created the"
              + " maps of free space that it keeps with each table");
    }
    if (after.deadRows().orElse(0L) > 0) {
      notes.add(
          "dead rows remain: an open transaction may still see them ('holdfast maintain stats'"
              + " names the oldest), or they are newer than the vacuum");
    }
    return notes;
  }

  @Override
  public long bytesToRebuild() {
    return database.read(ConnectionUse.CALLERS, PostgresStats::bytesToRebuild);
  }

  @Override
  public DatabaseStats stats() {
    return database.read(ConnectionUse.CALLERS, PostgresStats::read);
  }

  @Override
  public List<Finding> verify() {
    return new PostgresVerification(database).run();
  }

  /** Runs a command on each table; these are slow, and cannot be part of a transaction. */
  private <T> T each(String what, Function<Session, T> then) {
    return database.read(
        ConnectionUse.CALLERS,
        session -> {
          List<String> tables = session.sql(TABLES).list(row -> row.text(1));
          int silenceMillis = letBeSilent(session, 0);
          session.execute(UNBOUNDED);
          try {
            tables.forEach(table -> session.execute(Sql.of(what + table)));
          } catch (RuntimeException | Error failure) {
            boundAfter(failure, session);
            throw failure;
          }
          session.execute(BOUNDED);
          int unused = letBeSilent(session, silenceMillis);
          return then.apply(session);
        },
        Duration.ZERO);
  }

  /** Lets the server be silent for this long; 0 for any time. @return the limit before */
  private static int letBeSilent(Session session, int millis) {
    try {
      Connection connection = session.connection();
      int before = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, millis);
      return before;
    } catch (SQLException failure) {
      throw session.meaning(failure);
    }
  }

  /**
   * Limits statements again, unless the connection is lost: that failure must not hide the first.
   */
  private static void boundAfter(Throwable failure, Session session) {
    try {
      session.execute(BOUNDED);
    } catch (RuntimeException lost) {
      failure.addSuppressed(lost);
    }
  }

  private void refuseThroughPooler(String statement) {
    if (isPooled) {
      throw new InvalidRequestException(
          "%s needs a direct connection, and this one goes through a pooler: use the server's own address"
              .formatted(statement));
    }
  }

  @Override
  public Backup backup(BackupRequest request) {
    throw refused();
  }

  @Override
  public List<StoredBackup> backups() {
    throw refused();
  }

  private static InvalidRequestException refused() {
    return new InvalidRequestException(
        "PostgreSQL has its own tools for backups: pg_dump for this database, pg_basebackup for its"
            + " server");
  }
}
