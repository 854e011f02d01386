package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * Triggers that hold all writers off a queue that moves. Making one waits for every transaction
 * that has written to its table, and later ones find it.
 */
final class PostgresFence {
  /** The error of a refused write: Holdfast's own class. */
  static final String REFUSED = "HF001";

  static final Sql EXISTS =
      Sql.of(
          """
          select count(*) from pg_catalog.pg_tables
           where schemaname = 'holdfast' and tablename = 'queue_move'
          """);

  private static final List<String> TABLES =
      List.of(
          "jobs",
          "job_progress",
          "job_events",
          "job_logs",
          "job_checkpoints",
          "job_waits",
          "idempotency_keys",
          "nodes",
          "queues",
          "queue_shares",
          "schedules",
          "schedule_fires",
          "type_limits",
          "holds");

  /** In one order with all locks at once, so that a writer and the fence don't wait in turns. */
  private static final Sql LOCK =
      Sql.of("lock table " + String.join(", ", TABLES) + " in share row exclusive mode");

  private static final Sql TABLE =
      Sql.of(
          """
          create table queue_move (
            direction text    not null,
            address   text    not null,
            message   text    not null,
            filling   integer not null
          )
          """);

  private static final Sql FUNCTION =
      Sql.of(
          """
          create function refuse_moved_write()
          returns trigger language plpgsql
          set search_path = holdfast, pg_temp
          as $$
          declare
            refusal text;
          begin
            select message into refusal from queue_move where filling = 0;
            if found then
              raise exception using errcode = 'HF001', message = refusal;
            end if;
            return case when tg_op = 'DELETE' then old else new end;
          end
          $$
          """);

  private static final String TRIGGER =
      """
      create trigger queue_move before insert or update or delete on %s
        for each row execute function refuse_moved_write()
      """;

  static final List<Sql> CREATE = create();
  static final List<Sql> DROP =
      List.of(
          LOCK,
          Sql.of("drop function refuse_moved_write() cascade"),
          Sql.of("drop table queue_move"));

  private PostgresFence() {}

  private static List<Sql> create() {
    List<Sql> statements = new ArrayList<>(List.of(LOCK, TABLE, FUNCTION));
    TABLES.forEach(table -> statements.add(Sql.of(TRIGGER.formatted(table))));
    return List.copyOf(statements);
  }
}
