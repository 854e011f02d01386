package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Ranking;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One queue as {@link Ranking} sees it. Where its head was is remembered: it never goes back for
 * long, and a look from before it would walk over the index entries of all that were claimed.
 */
final class RankedQueue implements Ranking.Line {
  /** Reads only ranks after place 0 of a band: those in the index. */
  private static final Sql FIRST =
      Sql.of(
          """
          select rank from jobs
           where state = 'PENDING'
             and (rank & 2305843009213693951) between 1 and 1152921504606846975
             and queue = :queue and rank >= :from and rank < :to
           order by rank limit 1
          """);

  private static final Sql BOOK =
      Sql.of(
          """
          insert into queue_shares (queue, job_group, finish)
          values (:queue, :job_group, cast(:least as bigint) + cast(:jobs as bigint))
              on conflict (queue, job_group) do update
             set finish = case when queue_shares.finish > cast(:least as bigint)
                               then queue_shares.finish else cast(:least as bigint) end
                          + cast(:jobs as bigint)
          returning finish
          """);

  private static final Sql FURTHEST =
      Sql.of("select coalesce(max(finish), 0) from queue_shares where queue = :queue");

  private static final Sql BEHIND =
      Sql.of(
          """
          select job_group from queue_shares
           where queue = :queue and finish < :finish order by finish limit :limit
          """);

  private static final Sql FORGET_SHARE =
      Sql.of(
          """
          delete from queue_shares
           where queue = :queue and job_group = :job_group and finish < :finish
          """);

  private final Session session;
  private final String queue;
  private final Map<String, Long> heads;

  /**
   * @param heads where the heads of queues were seen
   */
  RankedQueue(Session session, String queue, Map<String, Long> heads) {
    this.session = session;
    this.queue = queue;
    this.heads = heads;
  }

  @Override
  public OptionalLong first(long from, long to) {
    long known = heads.getOrDefault(queue, from);
    OptionalLong first = known > from && known < to ? look(known, to) : OptionalLong.empty();
    if (first.isEmpty()) {
      first = look(from, to);
    }
    heads.put(queue, first.orElse(from));
    return first;
  }

  private OptionalLong look(long from, long to) {
    return session
        .sql(FIRST)
        .set("queue", queue)
        .set("from", from)
        .set("to", to)
        .list(row -> row.number(1))
        .stream()
        .mapToLong(Long::longValue)
        .findFirst();
  }

  @Override
  public long book(String group, long least, int jobs) {
    return session
            .sql(BOOK)
            .set("queue", queue)
            .set("job_group", group)
            .set("least", least)
            .set("jobs", jobs)
            .number()
        - jobs;
  }

  @Override
  public long furthest() {
    return session.sql(FURTHEST).set("queue", queue).number();
  }

  /** Forgets groups that have fallen behind the head, some of them: they begin there anyway. */
  int forgetShares(int band, int limit) {
    long finish = head(band);
    int forgotten = 0;
    for (String group : behind(finish, limit)) {
      forgotten +=
          session
              .sql(FORGET_SHARE)
              .set("queue", queue)
              .set("job_group", group)
              .set("finish", finish)
              .update();
    }
    return forgotten;
  }

  /** Returns whether there are groups that have fallen behind the head. */
  boolean hasSharesBehind(int band) {
    return !behind(head(band), 1).isEmpty();
  }

  private long head(int band) {
    OptionalLong head = first(Ranking.base(band) + 1, Ranking.to(band));
    return head.isPresent() ? head.getAsLong() - Ranking.base(band) : furthest();
  }

  private List<String> behind(long finish, int limit) {
    return session
        .sql(BEHIND)
        .set("queue", queue)
        .set("finish", finish)
        .set("limit", limit)
        .list(row -> row.text(1));
  }
}
