package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Sql;
import java.util.List;

/** Writes lines of jobs' logs that came from another database. */
final class LogRows {
  private static final Sql PUT =
      Sql.of(
          """
          insert into job_logs (job_id, attempt, at, level, message, details)
          values (:job_id, :attempt, :at, :level, :message, :details)
          """);

  private static final Sql COUNT = Sql.of("select count(*) from job_logs where job_id = :job_id");

  private LogRows() {}

  static void put(Tx tx, JobId id, LogLine line) {
    tx.sql(PUT)
        .set("job_id", id)
        .set("attempt", line.attempt())
        .set("at", Micros.of(line.at()))
        .set("level", line.level().toInt())
        .set("message", line.message())
        .set("details", line.details())
        .update();
  }

  /** Writes the lines that follow the first {@code n} of a job. @return how many were written */
  static int load(Tx tx, JobId id, long n, List<LogLine> lines) {
    boolean isNext = RecordWriter.exists(tx, id) && tx.sql(COUNT).set("job_id", id).number() == n;
    if (isNext) {
      lines.forEach(line -> put(tx, id, line));
    }
    return isNext ? lines.size() : 0;
  }
}
