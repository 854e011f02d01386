package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.spi.Ranking.Entrant;

/**
 * A job that has become PENDING, ranked by its negative priority.
 *
 * @param lane its lane
 * @param queue the lane's queue
 * @param job the job
 */
public record NewlyPending(long lane, String queue, Entrant job) {

  /** Reads the columns of these names. */
  public static NewlyPending of(Row row) {
    Entrant job =
        new Entrant(
            new JobId(row.id("id")),
            row.count("priority"),
            row.maybeText("job_group"),
            row.number("run_at"));
    return new NewlyPending(row.number("lane"), row.text("queue"), job);
  }
}
