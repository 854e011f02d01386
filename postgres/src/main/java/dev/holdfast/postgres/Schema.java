package dev.holdfast.postgres;

import dev.holdfast.error.BusyException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.SchemaException;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Migrations;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.StoreProvider.OpenMode;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema {@code holdfast} of a database up to date. An empty one is made at once. One in
 * use goes on step by step, a transaction for each migration, and no step waits for long in front
 * of others: the nodes that are at work there keep their leases.
 */
final class Schema {
  private static final Logger log = LoggerFactory.getLogger(Schema.class);

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

  /** "Hold", as in the header of a SQLite file: only one node at a time prepares the schema. */
  private static final Sql EXCLUDE_OTHERS = Sql.of("select pg_advisory_xact_lock(1215261796)");

  /**
   * A statement that waits for a lock on a table makes all later ones wait behind it, heartbeats
   * among them. So it gives up soon, and tries again after a pause.
   */
  private static final Sql LOCK_BUDGET = Sql.of("set local lock_timeout = '2s'");

  private static final Duration LOCK_PAUSE = Duration.ofSeconds(2);
  private static final int LOCK_TRIES = 150; // ten minutes

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
              "0013-enqueue-checks",
              "0014-fence",
              "0015-adopted-waits",
              "0016-attempt-ends",
              "0017-views-for-older-programs",
              "0018-lapses",
              "0019-many-lanes",
              "0020-samples",
              "0021-ended-sessions",
              "0022-last-chances",
              "0023-failures",
              "0024-recoveries",
              "0025-views-with-averages",
              "0026-bulk-operations",
              "0027-indexed-fields",
              "0028-index-of-older-tags",
              "0029-restores",
              "0030-steps",
              "0031-cheaper-predicates",
              "0032-job-counts"));

  private static final int SERVER_MIN = 130_000;
  private static final int VERSION_PART = 10_000;

  private final String name;
  private final Migrations migrations;

  Schema(PostgresAddress address) {
    this(address, MIGRATIONS);
  }

  Schema(PostgresAddress address, Migrations migrations) {
    this.name = address.name();
    this.migrations = migrations;
  }

  /** Prepares the schema and returns the queue's identity: its database and creation time. */
  String prepare(Session session, OpenMode mode, StoreClock clock) {
    checkServer(session);
    if (current(session) != migrations.newest()) {
      migrate(session, mode, clock);
    }
    return session.sql(IDENTITY).first(row -> row.text(1)).orElseThrow();
  }

  private void migrate(Session session, OpenMode mode, StoreClock clock) {
    if (mode == OpenMode.EXISTING && session.sql(HAS_HISTORY).number() == 0) {
      throw new NotFoundException(
          "there is no queue in '%s' yet: enqueue a job or start a worker there".formatted(name));
    }
    if (current(session) == 0) {
      inTransaction(session, () -> create(session, clock));
    } else {
      upgrade(session, clock);
    }
  }

  private static void inTransaction(Session session, Runnable work) {
    session.execute(BEGIN);
    try {
      session.execute(EXCLUDE_OTHERS);
      work.run();
      session.execute(COMMIT);
    } catch (RuntimeException | Error failure) {
      rollBack(session, failure);
      throw failure;
    }
  }

  private void upgrade(Session session, StoreClock clock) {
    migrations.checkNotNewer(current(session));
    for (int next = current(session) + 1; next <= migrations.newest(); next++) {
      int number = next;
      long began = clock.atMost(session);
      log.atInfo()
          .addKeyValue("migration", migrations.name(number))
          .log("The schema is brought up to date; while a large table gets an index, ends wait.");
      patiently(session, () -> step(session, number, clock));
      log.atInfo()
          .addKeyValue("migration", migrations.name(number))
          .addKeyValue("took", Micros.toDuration(clock.atMost(session) - began))
          .log("This migration is done.");
    }
  }

  private void step(Session session, int number, StoreClock clock) {
    session.execute(LOCK_BUDGET);
    session.execute(USE_SCHEMA);
    if (current(session) < number) { // another process may have done it meanwhile
      migrations.applyOne(session, number, clock.atMost(session));
    }
  }

  private static void patiently(Session session, Runnable step) {
    for (int tries = 1; ; tries++) {
      try {
        inTransaction(session, step);
        return;
      } catch (BusyException heldByOthers) {
        if (tries == LOCK_TRIES || Thread.currentThread().isInterrupted()) {
          throw heldByOthers;
        }
        log.debug("A migration waits for tables that others use.", heldByOthers);
        StoreThread.restBriefly(LOCK_PAUSE);
      }
    }
  }

  /**
   * Rolls back; if that fails, the caller closes the connection, which also ends the transaction.
   */
  private static void rollBack(Session session, Throwable because) {
    try {
      session.execute(ROLLBACK);
    } catch (RuntimeException failedAsWell) {
      because.addSuppressed(failedAsWell);
    }
  }

  /** Checks again, as another process may have created it meanwhile. */
  private void create(Session session, StoreClock clock) {
    if (session.sql(HAS_SCHEMA).number() == 0) {
      session.execute(CREATE_SCHEMA);
    }
    int current = current(session);
    session.execute(USE_SCHEMA);
    if (session.sql(HAS_HISTORY).number() == 0) {
      session.execute(CREATE_HISTORY);
    }
    migrations.apply(session, current, clock.atMost(session));
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
