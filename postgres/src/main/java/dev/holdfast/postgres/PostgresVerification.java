package dev.holdfast.postgres;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks what the server knows about damage, and with the extension amcheck compares each index
 * with its table. Nothing else reads pages of indexes to check them.
 */
final class PostgresVerification {
  private static final Sql INVALID_INDEXES =
      Sql.of(
          """
          select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
           where c.relnamespace = current_schema()::regnamespace and not i.indisvalid order by 1
          """);

  private static final Sql UNPROVEN_CONSTRAINTS =
      Sql.of(
          """
          select c.conname from pg_constraint c
           where c.connamespace = current_schema()::regnamespace and not c.convalidated order by 1
          """);

  private static final Sql CHECKSUM_FAILURES =
      Sql.of(
          """
          select coalesce(max(checksum_failures), 0) from pg_stat_database
           where datname = current_database()
          """);

  private static final Sql HAS_CHECKSUMS =
      Sql.of("select (current_setting('data_checksums') = 'on')::int");

  /** Selects the function of amcheck, if it is installed and this user may execute it. */
  private static final Sql AMCHECK =
      Sql.of(
          """
          select format('%I.%I', n.nspname, p.proname)
            from pg_extension e
            join pg_namespace n on n.oid = e.extnamespace
            join pg_proc p on p.pronamespace = n.oid
           where e.extname = 'amcheck' and p.proname = 'bt_index_check' and p.pronargs >= 2
             and has_function_privilege(p.oid, 'execute')
           limit 1
          """);

  private static final Sql INDEXES =
      Sql.of(
          """
          select format('%I.%I', n.nspname, c.relname)
            from pg_index i
            join pg_class c on c.oid = i.indexrelid
            join pg_namespace n on n.oid = c.relnamespace
            join pg_am a on a.oid = c.relam
           where c.relnamespace = current_schema()::regnamespace and a.amname = 'btree'
             and i.indisvalid
           order by 1
          """);

  private final PostgresDatabase database;
  private final List<Finding> findings = new ArrayList<>();

  PostgresVerification(PostgresDatabase database) {
    this.database = database;
  }

  List<Finding> run() {
    boolean unused =
        database.read(ConnectionUse.CALLERS, session -> examine(session), Duration.ZERO);
    checkIndexes();
    return List.copyOf(findings);
  }

  private boolean examine(Session session) {
    for (String index : session.sql(INVALID_INDEXES).list(row -> row.text(1))) {
      add(
          Gravity.ERROR,
          "index-invalid",
          "the index '%s' is invalid: an earlier attempt to create it failed".formatted(index),
          "reindex index holdfast." + index);
    }
    for (String constraint : session.sql(UNPROVEN_CONSTRAINTS).list(row -> row.text(1))) {
      add(
          Gravity.WARNING,
          "constraint-not-validated",
          "the constraint '%s' was never checked for older rows".formatted(constraint),
          "alter table … validate constraint " + constraint);
    }
    long failures = session.sql(CHECKSUM_FAILURES).number();
    if (failures > 0) {
      add(
          Gravity.ERROR,
          "checksum-failures",
          "PostgreSQL has met %,d pages with a wrong checksum in this database".formatted(failures),
          "look at its log, check the disk, and restore a backup");
    }
    if (session.sql(HAS_CHECKSUMS).number() == 0) {
      add(
          Gravity.NOTE,
          "checksums-off",
          "pages have no checksums, so a disk that changes data is not noticed",
          "stop the server and run pg_checksums --enable");
    }
    return true;
  }

  private void checkIndexes() {
    Optional<String> check =
        database.read(
            ConnectionUse.CALLERS, session -> session.sql(AMCHECK).first(row -> row.text(1)));
    if (check.isEmpty()) {
      add(
          Gravity.NOTE,
          "indexes-not-checked",
          "the pages of indexes were not checked: the extension amcheck is not installed, or this"
              + " user may not execute bt_index_check",
          "create extension amcheck, and grant execute on its functions to this user");
      return;
    }
    Sql statement = Sql.of("select %s(:index::regclass, true)".formatted(check.get()));
    for (String index :
        database.read(
            ConnectionUse.CALLERS, session -> session.sql(INDEXES).list(row -> row.text(1)))) {
      check(statement, index);
    }
  }

  /** Each index has a read of its own, as one that finds damage ends its connection. */
  private void check(Sql statement, String index) {
    try {
      List<Boolean> unused =
          database.read(
              ConnectionUse.CALLERS,
              session -> session.sql(statement).set("index", index).list(row -> true),
              Duration.ZERO);
    } catch (StorageException damaged) {
      add(
          Gravity.ERROR,
          "index-damaged",
          "the index '%s' does not match its table: %s".formatted(index, damaged.getMessage()),
          "reindex index " + index + ", then look for the cause: the disk, or fsync = off");
    }
  }

  private void add(Gravity gravity, String code, String text, String cure) {
    findings.add(new Finding(gravity, code, text, cure));
  }
}
