package dev.holdfast.postgres;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Sql;

/** Finds the places of jobs that can be claimed again, so that claims look there. */
final class Arrivals {
  private static final Sql PLACES =
      Sql.of(
          """
          select lane, rank, run_at from jobs
           where id = any (:ids::uuid[]) and state || '' = 'PENDING'
          """);

  private Arrivals() {}

  static void name(Tx tx) {
    if (tx.postCommit().reopened().isEmpty()) {
      return;
    }
    Columns<JobId> reopened = new Columns<>(tx, tx.postCommit().reopened());
    tx.sql(PLACES)
        .set("ids", reopened.ids(JobId::value))
        .list(row -> new Arrival(row.number(1), new Place(row.number(2), row.number(3))))
        .forEach(arrival -> tx.postCommit().arrived(arrival.lane, arrival.place));
  }

  private record Arrival(long lane, Place place) {}
}
