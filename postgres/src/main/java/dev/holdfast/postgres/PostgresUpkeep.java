package dev.holdfast.postgres;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Upkeep;
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

  private static final Sql BYTES =
      Sql.of(
          """
          select coalesce(sum(pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass)), 0)::bigint
            from pg_tables where schemaname = current_schema()
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
    refuseThroughPooler("VACUUM");
    long before = database.read(ConnectionUse.CALLERS, session -> session.sql(BYTES).number());
    return new Vacuumed(before, each("vacuum (analyze) ", session -> session.sql(BYTES).number()));
  }

  /** Runs a command on each table; these are slow, and cannot be part of a transaction. */
  private <T> T each(String what, Function<Session, T> then) {
    return database.read(
        ConnectionUse.CALLERS,
        session -> {
          List<String> tables = session.sql(TABLES).list(row -> row.text(1));
          session.execute(UNBOUNDED);
          try {
            tables.forEach(table -> session.execute(Sql.of(what + table)));
          } catch (RuntimeException | Error failure) {
            boundAfter(failure, session);
            throw failure;
          }
          session.execute(BOUNDED);
          return then.apply(session);
        });
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
