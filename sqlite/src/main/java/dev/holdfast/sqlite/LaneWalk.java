package dev.holdfast.sqlite;

import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.LaneHead;
import dev.holdfast.jdbc.dialect.LanesRead;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds lanes that have work: by steps from lane to lane over the index, and between two walks by
 * the numbers of new rows, as other processes do not say where they wrote.
 */
final class LaneWalk {
  /** Two steps of the index for each lane: to the lane, and to its first job. */
  private static final Sql NEXT_LANES =
      Sql.of(
          """
          with recursive busy (lane) as (
            select (select lane from jobs indexed by jobs_pending
                     where state = 'PENDING' and lane > :behind order by lane limit 1)
            union all
            select (select j.lane from jobs j indexed by jobs_pending
                     where j.state = 'PENDING' and j.lane > busy.lane order by j.lane limit 1)
              from busy where busy.lane is not null
             limit :most)
          select first.lane, first.rank, first.run_at
            from busy
           cross join jobs first
              on first.number = (select j.number from jobs j indexed by jobs_pending
                                  where j.state = 'PENDING' and j.lane = busy.lane
                                  order by j.rank, j.run_at, j.id limit 1)
          """);

  private static final Sql NEWEST = Sql.of("select max(number) from jobs");

  private static final Sql NEW_ROWS =
      Sql.of(
          """
          select lane, rank, run_at from jobs
           where number > :number and number <= :newest and state = 'PENDING'
          """);

  private static final Sql PLACES =
      Sql.of(
          """
          select j.lane, j.rank, j.run_at
            from json_each(:ids) reopened
           cross join jobs j on j.id = unhex(reopened.value, '-') and j.state || '' = 'PENDING'
          """);

  /** Maximum number of new rows that are read; if there are more, the walk finds their lanes. */
  private static final int NEW_ROWS_MAX = 2_000;

  private long seen = Long.MAX_VALUE; // the newest row; only claims use it, in the only writer

  /** Implements {@link Dialect#lanesWithWork}. */
  static LanesRead read(Session session, long behind, int most) {
    List<LaneHead> heads =
        session.sql(NEXT_LANES).set("behind", behind).set("most", most).list(LaneWalk::head);
    long last = heads.size() < most ? Long.MAX_VALUE : heads.get(most - 1).lane();
    return new LanesRead(heads, last);
  }

  /** Implements {@link Dialect#arrivals}. */
  List<LaneHead> arrivals(Tx tx) {
    long newest = tx.sql(NEWEST).number();
    long from = Math.min(seen, newest);
    seen = newest;
    tx.postCommit().ifFailed(() -> seen = from);
    return newest == from
        ? List.of()
        : tx.sql(NEW_ROWS)
            .set("number", Math.max(from, newest - NEW_ROWS_MAX))
            .set("newest", newest)
            .list(LaneWalk::head);
  }

  /** Finds the places of jobs that can be claimed again. */
  static void namePlaces(Tx tx) {
    if (!tx.postCommit().reopened().isEmpty()) {
      String ids =
          tx.postCommit().reopened().stream()
              .map(job -> '"' + job.value().toString() + '"')
              .collect(Collectors.joining(",", "[", "]"));
      tx.sql(PLACES)
          .set("ids", ids)
          .list(LaneWalk::head)
          .forEach(head -> tx.postCommit().arrived(head.lane(), head.place()));
    }
  }

  private static LaneHead head(Row row) {
    return new LaneHead(row.number(1), new Place(row.number(2), row.number(3)));
  }
}
