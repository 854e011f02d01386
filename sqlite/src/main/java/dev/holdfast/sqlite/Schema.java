package dev.holdfast.sqlite;

import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.SchemaException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.sql.Migrations;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.StoreProvider.OpenMode;
import java.nio.file.Path;
import java.util.List;

/** Brings a database's schema up to date, and refuses what is not a Holdfast database. */
final class Schema {
  /** "Hold": the application id in SQLite's file header. */
  static final long APPLICATION = 0x486F6C64;

  private static final Sql GET_APPLICATION = Sql.of("pragma application_id");
  private static final Sql SET_APPLICATION = Sql.of("pragma application_id = " + APPLICATION);
  private static final Sql GET_VERSION = Sql.of("pragma user_version");
  private static final Sql COUNT_OBJECTS = Sql.of("select count(*) from sqlite_schema");
  private static final Sql ENGINE_VERSION = Sql.of("select sqlite_version()");
  private static final Sql BEGIN = Sql.of("begin immediate");
  private static final Sql COMMIT = Sql.of("commit");
  private static final Sql ROLLBACK = Sql.of("rollback");

  private static final Sql CREATE_HISTORY =
      Sql.of(
          """
          create table if not exists schema_history (
            number     integer primary key,
            name       text    not null,
            applied_at integer not null
          ) strict
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

  /** Older engines can damage a log that two processes write (fixed in this one). */
  private static final Runtime.Version ENGINE_MIN = Runtime.Version.parse("3.51.3");

  private final Path path;

  Schema(Path path) {
    this.path = path;
  }

  void prepare(Session session, OpenMode mode, long now) {
    checkEngine(session);
    if (isCurrent(session)) {
      return;
    }
    if (mode == OpenMode.EXISTING && session.sql(COUNT_OBJECTS).number() == 0) {
      throw new NotFoundException(
          "'%s' is an empty file, not a Holdfast database: name another".formatted(path));
    }
    session.execute(BEGIN);
    try {
      migrate(session, now);
      session.execute(COMMIT);
    } catch (RuntimeException | Error failure) {
      rollBack(session, failure);
      throw failure;
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

  private static boolean isCurrent(Session session) {
    return session.sql(GET_APPLICATION).number() == APPLICATION
        && session.sql(GET_VERSION).number() == MIGRATIONS.newest();
  }

  /** Checks everything again under the lock, as another process may have migrated meanwhile. */
  private void migrate(Session session, long now) {
    long application = session.sql(GET_APPLICATION).number();
    long objects = session.sql(COUNT_OBJECTS).number();
    if (application != APPLICATION && (application != 0 || objects > 0)) {
      throw new StorageException(
          "'%s' is a database of another program, not of Holdfast: name another file, it was left as it is"
              .formatted(path));
    }
    int current = (int) session.sql(GET_VERSION).number();
    session.execute(SET_APPLICATION);
    session.execute(CREATE_HISTORY);
    MIGRATIONS.apply(session, current, now);
    session.execute(Sql.of("pragma user_version = " + MIGRATIONS.newest()));
  }

  /**
   * Rejects a file that is not a Holdfast database with the schema of this version.
   *
   * @throws StorageException if another program made it
   * @throws SchemaException if another version of Holdfast made it
   */
  void checkCurrent(Session session) {
    if (session.sql(GET_APPLICATION).number() != APPLICATION) {
      throw new StorageException(
          "'%s' is a database of another program, not of Holdfast: name another file, it was left as it is"
              .formatted(path));
    }
    int version = (int) session.sql(GET_VERSION).number();
    MIGRATIONS.checkNotNewer(version);
    if (version < MIGRATIONS.newest()) {
      throw new SchemaException(
          "'%s' has schema %d, older than schema %d of this Holdfast: use the version that made it, then open the result with this one"
              .formatted(path, version, MIGRATIONS.newest()));
    }
  }

  private static void checkEngine(Session session) {
    String version = session.sql(ENGINE_VERSION).first(row -> row.text(1)).orElse("0");
    if (Runtime.Version.parse(version).compareTo(ENGINE_MIN) < 0) {
      throw new SchemaException(
          "SQLite %s is too old, as it can damage a file that two processes write: use sqlite-jdbc %s or newer (Spring Boot: the property sqlite-jdbc.version)"
              .formatted(version, ENGINE_MIN));
    }
  }
}
