package dev.holdfast.jdbc.server;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.server.AuditLog;
import dev.holdfast.spi.server.AuditRecord;
import dev.holdfast.spi.server.AuditRecord.Action;
import java.util.List;
import java.util.Optional;

/** The audit log over JDBC. */
public final class SqlAudit implements AuditLog {
  private static final Sql INSERT =
      Sql.of(
          """
          insert into audit (at, who, what, targets, target_count, status)
          values (:at, :who, :what, :targets, :target_count, :status)
          """);

  private static final Sql NEWEST =
      Sql.of("select * from audit where number < :before order by number desc limit :limit");

  private final Database database;

  public SqlAudit(Database database) {
    this.database = database;
  }

  @Override
  public void add(Action action) {
    int unused =
        database.write(
            ConnectionUse.CALLERS,
            tx ->
                tx.sql(INSERT)
                    .set("at", tx.now())
                    .set("who", action.who())
                    .set("what", action.what())
                    .set("targets", String.join("\n", action.targets()))
                    .set("target_count", action.count())
                    .set("status", action.status())
                    .update());
  }

  @Override
  public List<AuditRecord> newest(Optional<Long> before, int limit) {
    return database.read(
        ConnectionUse.CALLERS,
        session ->
            session
                .sql(NEWEST)
                .set("before", before.orElse(Long.MAX_VALUE))
                .set("limit", limit)
                .list(SqlAudit::entry));
  }

  private static AuditRecord entry(Row row) {
    return new AuditRecord(
        row.number("number"),
        row.instant("at"),
        new Action(
            row.text("who"),
            row.text("what"),
            row.text("targets").lines().toList(),
            row.number("target_count"),
            row.count("status")));
  }
}
