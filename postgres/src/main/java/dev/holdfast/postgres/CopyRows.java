package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.Drafts;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.spi.record.JobDraft;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes new jobs by COPY, the server's fastest path for many rows: nothing to parse, no arrays to
 * unnest, no conflicts to check. But COPY has no {@code on conflict}: if one of the ids exists it
 * fails as a whole, and another statement must be used.
 */
final class CopyRows {
  /** The number of rows from which the extra round trip pays. */
  static final int ROWS_MIN = 200;

  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * A job to write.
   *
   * @param lane its lane
   * @param now the time of its writing
   * @param due jobs with a start time up to this one can run at once
   */
  private record NewRow(JobDraft job, long lane, long rank, long now, long due) {
    String state() {
      return Drafts.state(job, job.runAt().isPresent() ? due : now).name();
    }
  }

  private record Column(String name, Field field) {}

  private interface Field {
    void write(NewRow row, CopyStream to);
  }

  /** The columns in the order of the table, which is how COPY sends them. */
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", (row, to) -> to.id(row.job.id().value())),
          new Column("queue", (row, to) -> to.text(row.job.queue())),
          new Column("type", (row, to) -> to.text(row.job.type())),
          new Column("state", (row, to) -> to.text(row.state())),
          new Column("rank", (row, to) -> to.number(row.rank)),
          new Column("priority", (row, to) -> to.integer(row.job.priority())),
          new Column("run_at", (row, to) -> to.number(Drafts.runAt(row.job, row.now))),
          new Column("max_attempts", (row, to) -> to.integer(row.job.maxAttempts())),
          new Column("timeout_us", (row, to) -> to.number(row.job.timeout().map(Micros::of))),
          new Column("job_group", (row, to) -> to.text(row.job.group())),
          new Column("idempotency_key", (row, to) -> to.text(row.job.key())),
          new Column("tags", (row, to) -> to.text(row.job.tags())),
          new Column("metadata", (row, to) -> to.text(row.job.metadata())),
          new Column("requires", (row, to) -> to.text(row.job.requires())),
          new Column("created_by", (row, to) -> to.text(row.job.createdBy())),
          new Column("payload", (row, to) -> to.text(row.job.payload())),
          new Column("payload_version", (row, to) -> to.integer(row.job.payloadVersion())),
          new Column("created_at", (row, to) -> to.number(row.now)),
          new Column("updated_at", (row, to) -> to.number(row.now)),
          new Column("lane", (row, to) -> to.number(row.lane)));

  private static final String COPY =
      "copy jobs (%s) from stdin (format binary)"
          .formatted(COLUMNS.stream().map(Column::name).collect(Collectors.joining(", ")));

  private CopyRows() {}

  /**
   * Writes these jobs.
   *
   * @param due jobs with a start time up to this one can run at once
   * @return false if one of their ids exists; then nothing was written
   */
  static boolean insert(
      Tx tx, List<JobDraft> jobs, JobLanes lanes, ToLongFunction<JobDraft> ranks, long due) {
    Connection connection = tx.connection();
    try {
      if (connection.getAutoCommit()) {
        connection.clearWarnings();
        boolean isWritten = copy(connection, jobs, lanes, ranks, tx.now(), due);
        SQLWarning warning = connection.getWarnings();
        if (isWritten && warning != null) {
          tx.warnOf(warning);
        }
        return isWritten;
      }
      return copyOrStepBack(connection, jobs, lanes, ranks, tx.now(), due);
    } catch (SQLException failure) {
      throw tx.meaning(failure);
    }
  }

  /** Copies behind a savepoint, as a failure would abort a transaction that has other contents. */
  private static boolean copyOrStepBack(
      Connection connection,
      List<JobDraft> jobs,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long now,
      long due)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    boolean isWritten = copy(connection, jobs, lanes, ranks, now, due);
    if (!isWritten) {
      connection.rollback(before);
    }
    connection.releaseSavepoint(before);
    return isWritten;
  }

  private static boolean copy(
      Connection connection,
      List<JobDraft> jobs,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long now,
      long due)
      throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    try {
      CopyStream stream = new CopyStream(copy);
      for (JobDraft job : jobs) {
        write(new NewRow(job, lanes.of(job).id(), ranks.applyAsLong(job), now, due), stream);
      }
      stream.end();
      long rows = copy.endCopy();
      if (rows != jobs.size()) {
        throw new IllegalStateException(
            "copying %d jobs wrote %d rows: a bug".formatted(jobs.size(), rows));
      }
      return true;
    } catch (SQLException failure) {
      giveUp(copy, failure);
      if (UNIQUE_VIOLATION.equals(failure.getSQLState())) {
        return false;
      }
      throw failure;
    } catch (RuntimeException | Error failure) {
      giveUp(copy, failure);
      throw failure;
    }
  }

  private static void write(NewRow row, CopyStream stream) throws SQLException {
    stream.row(COLUMNS.size());
    for (Column column : COLUMNS) {
      column.field.write(row, stream);
    }
  }

  /** Cancels a copy, as the connection cannot be used for anything else before. */
  private static void giveUp(CopyIn copy, Throwable because) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException lost) {
      because.addSuppressed(lost);
    }
  }
}
