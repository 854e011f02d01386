package dev.holdfast.jdbc.server;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.spi.server.LeaseKeyStore;
import java.time.Duration;
import java.util.List;

/** A store of lease keys over JDBC. */
public final class SqlLeaseKeys implements LeaseKeyStore {
  private static final Sql ALL = Sql.of("select * from lease_keys order by created_at desc, id");

  private static final Sql NEWEST = Sql.of("select coalesce(max(created_at), 0) from lease_keys");

  private static final Sql REPLACE =
      Sql.of("update lease_keys set replaced_at = :now where replaced_at is null");

  private static final Sql INSERT =
      Sql.of(
          """
          insert into lease_keys (id, secret, created_at) values (:id, :secret, :now)
          on conflict do nothing
          """);

  private static final Sql REMOVE =
      Sql.of(
          """
          delete from lease_keys
           where replaced_at < :before
             and not exists (select 1 from jobs
                              where state = 'RUNNING' and started_at < lease_keys.replaced_at + :lag)
          """);

  /** The time for which another server may still sign with a replaced key. */
  private static final Duration LAG = Duration.ofHours(1);

  private final Database database;

  public SqlLeaseKeys(Database database) {
    this.database = database;
  }

  @Override
  public List<LeaseKey> list() {
    return database.read(ConnectionUse.CALLERS, SqlLeaseKeys::all);
  }

  private static List<LeaseKey> all(Session session) {
    return session
        .sql(ALL)
        .list(
            row ->
                new LeaseKey(
                    row.text("id"),
                    row.text("secret"),
                    row.instant("created_at"),
                    row.maybeInstant("replaced_at")));
  }

  @Override
  public List<LeaseKey> rotate(LeaseKey key, Duration age, Duration kept) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          if (tx.sql(NEWEST).number() <= tx.now() - Micros.of(age)) {
            tx.sql(REPLACE).set("now", tx.now()).update();
            tx.sql(INSERT)
                .set("id", key.id())
                .set("secret", key.secret())
                .set("now", tx.now())
                .update();
          }
          tx.sql(REMOVE)
              .set("before", tx.now() - Micros.of(kept))
              .set("lag", Micros.of(LAG))
              .update();
          return all(tx);
        });
  }
}
