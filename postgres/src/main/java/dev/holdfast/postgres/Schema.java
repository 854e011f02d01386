package dev.holdfast.postgres;

import dev.holdfast.NotFoundException;
import dev.holdfast.SchemaException;
import dev.holdfast.jdbc.store.Migrations;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.spi.StoreProvider.OpenMode;
import java.util.List;

/** Brings the schema {@code holdfast} of a database up to date. */
final class Schema {
  private static final Sql SERVER = Sql.of("select current_setting('server_version_num')::int");

  private static final Sql HAS_SCHEMA =
      Sql.of("select (to_regnamespace('holdfast') is not null)::int");

  private static final Sql HAS_HISTORY =
      Sql.of("select (to_regclass('holdfast.schema_history') is not null)::int");

  private static final Sql CURRENT =
      Sql.of("select coalesce(max(number), 0) from holdfast.schema_history");

  /** A copy of a database has its own number on a server, and a server's numbers are few. */
  static final Sql IDENTITY =
      Sql.of(
          """
          select d.oid || '-' || h.applied_at
            from holdfast.schema_history h, pg_database d
           where h.number = 1 and d.datname = current_database()
          """);

  private static final Sql BEGIN = Sql.of("begin");
  private static final Sql COMMIT = Sql.of("commit");
  private static final Sql ROLLBACK = Sql.of("rollback");

  /** "Hold", as in the header of a file of SQLite: two nodes that start do not meet here. */
  private static final Sql EXCLUDE_OTHERS = Sql.of("select pg_advisory_xact_lock(1215261796)");

  private static final Sql CREATE_SCHEMA = Sql.of("create schema holdfast");
  private static final Sql USE_SCHEMA = Sql.of("set local search_path = holdfast");

  private static final Sql CREATE_HISTORY =
      Sql.of(
          """
          create table schema_history (
            number     integer primary key,
            name       text    not null,
            applied_at bigint  not null
          )
          """);

  private static final Migrations MIGRATIONS =
      new Migrations(
          Schema.class,
          List.of(
              "0001-jobs",
              "0002-recovery",
              "0003-queues",
              "0004-lanes",
              "0005-dependencies",
              "0006-schedules",
              "0007-limits",
              "0008-access",
              "0009-webhooks",
              "0010-seeing",
              "0011-lines",
              "0012-webhook-secrets",
              "0013-enqueue-checks"));

  private static final int SERVER_MIN = 130_000;
  private static final int VERSION_PART = 10_000;

  private final String name;

  Schema(PostgresAddress address) {
    this.name = address.name();
  }

  /** What tells this queue from every other one: its database, and when it was made. */
  String prepare(Session session, OpenMode mode, StoreClock clock) {
    checkServer(session);
    if (current(session) != MIGRATIONS.newest()) {
      migrate(session, mode, clock);
    }
    return session.sql(IDENTITY).first(row -> row.text(1)).orElseThrow();
  }

  private void migrate(Session session, OpenMode mode, StoreClock clock) {
    if (mode == OpenMode.EXISTING && session.sql(HAS_HISTORY).number() == 0) {
      throw new NotFoundException(
          "there is no queue in '%s' yet: enqueue a job or start a worker there".formatted(name));
    }
    session.execute(BEGIN);
    try {
      session.execute(EXCLUDE_OTHERS);
      apply(session, clock);
      session.execute(COMMIT);
    } catch (RuntimeException | Error failure) {
      session.execute(ROLLBACK);
      throw failure;
    }
  }

  /** Another process may have done it while this one waited: so all is asked again. */
  private static void apply(Session session, StoreClock clock) {
    if (session.sql(HAS_SCHEMA).number() == 0) {
      session.execute(CREATE_SCHEMA);
    }
    int current = current(session);
    session.execute(USE_SCHEMA);
    if (session.sql(HAS_HISTORY).number() == 0) {
      session.execute(CREATE_HISTORY);
    }
    MIGRATIONS.apply(session, current, clock.atMost(session));
  }

  private static int current(Session session) {
    return session.sql(HAS_HISTORY).number() == 0 ? 0 : (int) session.sql(CURRENT).number();
  }

  private static void checkServer(Session session) {
    int version = (int) session.sql(SERVER).number();
    if (version < SERVER_MIN) {
      throw new SchemaException(
          "PostgreSQL %d is too old: %d or newer is needed"
              .formatted(version / VERSION_PART, SERVER_MIN / VERSION_PART));
    }
  }
}
