package dev.holdfast.jdbc.store;

import dev.holdfast.spi.Ranking;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One queue as {@link Ranking} sees it. Where its head was is remembered: it never goes back for
 * long, and a look from before it would walk over the index entries of all that were claimed.
 */
final class Line implements Ranking.Line {
  private static final Sql FIRST =
      Sql.of(
          """
          select min(head) from (
            select (select j.rank from jobs j
                     where j.state = 'PENDING' and j.lane = l.id
                       and j.rank >= :from and j.rank < :to
                     order by j.rank, j.run_at, j.id limit 1) as head
              from lanes l where l.queue = :queue) as heads
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

  private static final Sql FORGET_SHARES =
      Sql.of("delete from queue_shares where queue = :queue and finish < :finish");

  private final Session session;
  private final String queue;
  private final Map<String, Long> heads;

  /**
   * @param heads where the heads of queues were seen
   */
  Line(Session session, String queue, Map<String, Long> heads) {
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

  /** The same, without what is remembered. */
  OptionalLong look(long from, long to) {
    return session
        .sql(FIRST)
        .set("queue", queue)
        .set("from", from)
        .set("to", to)
        .list(row -> row.maybeNumber(1))
        .stream()
        .flatMap(Optional::stream)
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

  /** Forgets groups that have fallen behind the head: they begin there anyway. */
  int forgetShares(int band) {
    OptionalLong head = first(Ranking.base(band) + 1, Ranking.to(band));
    return session
        .sql(FORGET_SHARES)
        .set("queue", queue)
        .set("finish", head.isPresent() ? head.getAsLong() - Ranking.base(band) : furthest())
        .update();
  }
}
