package dev.holdfast.jdbc.dialect;

import dev.holdfast.spi.Ranking.Entrant;

/**
 * A rank for a job.
 *
 * @param lane its lane
 * @param job the job
 * @param rank the rank
 */
public record Ranked(long lane, Entrant job, long rank) {
  public Place place() {
    return new Place(rank, job.due());
  }
}
