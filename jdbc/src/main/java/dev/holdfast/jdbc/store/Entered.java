package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.spi.Ranking.Entrant;

/**
 * A job that has become PENDING, with the negative priority as its rank.
 *
 * @param lane where
 * @param queue the lane's
 * @param job which
 */
public record Entered(long lane, String queue, Entrant job) {

  /** From columns of these names. */
  public static Entered of(Row row) {
    Entrant job =
        new Entrant(
            new JobId(row.id("id")),
            row.count("priority"),
            row.maybeText("job_group"),
            row.number("run_at"));
    return new Entered(row.number("lane"), row.text("queue"), job);
  }
}
