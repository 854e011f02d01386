package dev.holdfast.sqlite;

import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Claimed;
import java.util.List;

/** Records permits in use, many at a time. */
final class SqlitePermits {
  private static final String ROW = "(?, ?)"; // job, permit

  private static final String PUT =
      """
      insert into holds (job_id, token, queue, type, job_group, node, line)
      select j.id, j.token, j.queue, j.type, coalesce(j.job_group, ''), j.node, held.column2
        from (values %s) as held
        join jobs j on j.id = held.column1
       where true
      on conflict (job_id) do update
         set token = excluded.token, queue = excluded.queue, node = excluded.node,
             line = excluded.line
      """;

  private static final Sql PUT_MANY = Sql.of(PUT.formatted(ManyRows.of(ROW)));
  private static final Sql PUT_ONE = Sql.of(PUT.formatted(ROW));

  private SqlitePermits() {}

  static void put(Tx tx, List<Claimed> jobs) {
    int next = 0;
    for (; jobs.size() - next >= ManyRows.ROWS; next += ManyRows.ROWS) {
      put(tx, PUT_MANY, jobs.subList(next, next + ManyRows.ROWS));
    }
    for (Claimed job : jobs.subList(next, jobs.size())) {
      put(tx, PUT_ONE, List.of(job));
    }
  }

  private static void put(Tx tx, Sql statement, List<Claimed> jobs) {
    Bound put = tx.sql(statement);
    for (Claimed job : jobs) {
      put.nextId(job.lease().job().value()).next(job.line().orElseThrow());
    }
    put.update();
  }
}
