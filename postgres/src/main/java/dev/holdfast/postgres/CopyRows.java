package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.Drafts;
import dev.holdfast.jdbc.store.JobLanes;
import dev.holdfast.jdbc.store.Micros;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.spi.JobDraft;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * New jobs by COPY, the server's shortest way for many rows: nothing to parse, no arrays to take
 * apart, no conflicts to look for. But COPY knows no {@code on conflict}: where one of the ids is
 * there already it fails as a whole, and then another statement must do it.
 */
final class CopyRows {
  /** From so many rows on it pays its further round trip. */
  static final int ROWS_MIN = 200;

  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * A job as it is to be written.
   *
   * @param lane the lane it goes into
   * @param now the time of its writing
   * @param due what is to run at a time up to this one can run at once
   */
  private record NewRow(JobDraft job, long lane, long now, long due) {
    String state() {
      return Drafts.state(job, job.runAt().isPresent() ? due : now).name();
    }
  }

  private record Column(String name, Field field) {}

  private interface Field {
    void write(NewRow row, CopyStream to);
  }

  /** In the order of the table: a row is sent as it will lie there. */
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", (row, to) -> to.id(row.job.id().value())),
          new Column("queue", (row, to) -> to.text(row.job.queue())),
          new Column("type", (row, to) -> to.text(row.job.type())),
          new Column("state", (row, to) -> to.text(row.state())),
          new Column("rank", (row, to) -> to.number(row.job.rank())),
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
   * @param due what is to run at a time up to this one can run at once
   * @return false if an id of theirs was there already; then nothing was written
   */
  static boolean insert(Session session, List<JobDraft> jobs, JobLanes lanes, long now, long due) {
    Connection connection = session.connection();
    try {
      if (connection.getAutoCommit()) {
        connection.clearWarnings();
        boolean isWritten = copy(connection, jobs, lanes, now, due);
        SQLWarning warning = connection.getWarnings();
        if (isWritten && warning != null) {
          session.warnOf(warning);
        }
        return isWritten;
      }
      return copyOrStepBack(connection, jobs, lanes, now, due);
    } catch (SQLException failure) {
      throw session.meaning(failure);
    }
  }

  /** A transaction of more than this would fail with it. */
  private static boolean copyOrStepBack(
      Connection connection, List<JobDraft> jobs, JobLanes lanes, long now, long due)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    boolean isWritten = copy(connection, jobs, lanes, now, due);
    if (!isWritten) {
      connection.rollback(before);
    }
    connection.releaseSavepoint(before);
    return isWritten;
  }

  private static boolean copy(
      Connection connection, List<JobDraft> jobs, JobLanes lanes, long now, long due)
      throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    try {
      CopyStream stream = new CopyStream(copy);
      for (JobDraft job : jobs) {
        write(new NewRow(job, lanes.of(job).id(), now, due), stream);
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

  /** The connection could be used for nothing else. */
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
