package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.KeyRecord;
import java.util.List;

/** Writes idempotency keys that came from another database. */
final class KeyRows {
  /** Takes a key if it is free or expired; the job's own key is left unchanged. */
  private static final Sql PUT =
      Sql.of(
          """
          insert into idempotency_keys (job_group, type, idempotency_key, job_id, expires_at)
          values (:job_group, :type, :idempotency_key, :job_id, :expires_at)
          on conflict (job_group, type, idempotency_key) do update
             set job_id = excluded.job_id, expires_at = excluded.expires_at
           where idempotency_keys.expires_at <= :now
          """);

  private static final Sql DELETE =
      Sql.of(
          """
          delete from idempotency_keys
           where job_group = :job_group and type = :type and idempotency_key = :idempotency_key
          """);

  private KeyRows() {}

  /** Takes a key for its job. @return false if another job has it */
  static boolean put(Tx tx, KeyRecord key) {
    return tx.sql(PUT)
            .set("job_group", key.group())
            .set("type", key.type())
            .set("idempotency_key", key.key())
            .set("job_id", key.job())
            .set("expires_at", Micros.of(key.until()))
            .set("now", tx.now())
            .update()
        == 1;
  }

  static void free(Tx tx, JobRecord record) {
    if (record.keyUntil().isPresent()) {
      tx.sql(DELETE)
          .set("job_group", record.job().group().orElse(""))
          .set("type", record.job().type())
          .set("idempotency_key", record.job().key())
          .update();
    }
  }

  static int load(Tx tx, List<KeyRecord> keys) {
    return (int) keys.stream().filter(key -> put(tx, key)).count();
  }
}
