package dev.holdfast.jdbc.store;

import dev.holdfast.spi.AuditLog;
import dev.holdfast.spi.AuditRecord;
import dev.holdfast.spi.AuditRecord.Deed;
import java.util.List;
import java.util.Optional;

/** The audit log over JDBC. */
final class SqlAudit implements AuditLog {
  private static final Sql INSERT =
      Sql.of(
          """
          insert into audit (at, who, what, targets, target_count, status)
          values (:at, :who, :what, :targets, :target_count, :status)
          """);

  private static final Sql NEWEST =
      Sql.of("select * from audit where number < :before order by number desc limit :limit");

  private final Database database;

  SqlAudit(Database database) {
    this.database = database;
  }

  @Override
  public void add(Deed deed) {
    int unused =
        database.write(
            ConnectionUse.CALLERS,
            (session, now, news) ->
                session
                    .sql(INSERT)
                    .set("at", now)
                    .set("who", deed.who())
                    .set("what", deed.what())
                    .set("targets", String.join("\n", deed.targets()))
                    .set("target_count", deed.count())
                    .set("status", deed.status())
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
        new Deed(
            row.text("who"),
            row.text("what"),
            row.text("targets").lines().toList(),
            row.number("target_count"),
            row.count("status")));
  }
}
