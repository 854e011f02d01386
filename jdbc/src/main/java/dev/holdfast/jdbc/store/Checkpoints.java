package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Lease;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads and writes named states of jobs. Only the holder of the lease can save one. */
final class Checkpoints {
  private static final Sql SAVE =
      Sql.of(
          """
          insert into job_checkpoints (job_id, name, state, attempt, saved_at)
          select id, :name, :state, attempt, :now from jobs
           where id = :id and state = 'RUNNING' and token = :token and node = :node
          on conflict (job_id, name) do update
             set state = excluded.state, attempt = excluded.attempt, saved_at = excluded.saved_at
          """);

  private static final Sql REMOVE =
      Sql.of("delete from job_checkpoints where job_id = :id and name = :name");

  private static final Sql HOLDS =
      Sql.of(
          "select 1 from jobs where id = :id and state = 'RUNNING' and token = :token and node ="
              + " :node");

  private static final Sql ALL =
      Sql.of("select name, state from job_checkpoints where job_id = :id order by saved_at, name");

  private Checkpoints() {}

  static void save(Tx tx, Lease lease, String name, String state) {
    int rows =
        tx.sql(SAVE)
            .set("id", lease.job())
            .set("token", lease.token())
            .set("node", lease.node())
            .set("name", name)
            .set("state", state)
            .set("now", tx.now())
            .update();
    if (rows == 0) {
      throw lease.stale();
    }
  }

  /** Removes a state, in a writing transaction, so that the lease is valid until the change. */
  static void remove(Tx tx, Lease lease, String name) {
    Optional<Boolean> holds =
        tx.sql(HOLDS)
            .set("id", lease.job())
            .set("token", lease.token())
            .set("node", lease.node())
            .first(row -> Boolean.TRUE);
    if (holds.isEmpty()) {
      throw lease.stale();
    }
    tx.sql(REMOVE).set("id", lease.job()).set("name", name).update();
  }

  static Map<String, String> all(Session session, JobId id) {
    Map<String, String> states = new LinkedHashMap<>();
    session.sql(ALL).set("id", id).list(row -> states.put(row.text(1), row.text(2)) == null);
    return states;
  }
}
