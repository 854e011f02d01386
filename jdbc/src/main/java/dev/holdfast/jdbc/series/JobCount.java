package dev.holdfast.jdbc.series;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.series.SampleFold.Span;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The last count of all jobs. A duty counts them, in short reads, as a long one would hold up the
 * database's own upkeep.
 */
public final class JobCount {
  /** Fewer are counted when they are asked for, and not by the duty. */
  public static final int FEW_MAX = 100_000;

  private static final int STEP = 50_000;

  /** The next count comes after this many times the duration of the last one. */
  private static final int REST = 100;

  private static final long LATEST = Micros.of(Duration.ofDays(1));
  private static final JobId BEFORE_ALL = new JobId(new UUID(0, 0));

  private static final Sql END_OF_STEP =
      Sql.of("select id from jobs where id > :after order by id limit 1 offset :offset");

  private static final Sql COUNT_REST = Sql.of("select count(*) from jobs where id > :after");

  private static final Sql LAST = Sql.of("select jobs from job_counts");

  private static final Sql NEXT = Sql.of("select next_at from sample_turns where task = 'COUNT'");

  private static final Sql TAKE_TURN =
      Sql.of(
          """
          insert into sample_turns as turn (task, next_at) values ('COUNT', :next_at)
          on conflict (task) do update set next_at = excluded.next_at
           where turn.next_at <= :now or turn.next_at > :latest
          """);

  private static final Sql END_TURN =
      Sql.of("update sample_turns set next_at = :next_at where task = 'COUNT'");

  private static final Sql PUT =
      Sql.of(
          """
          insert into job_counts as kept (only_row, jobs, counted_at) values (1, :jobs, :now)
          on conflict (only_row) do update set jobs = excluded.jobs, counted_at = excluded.counted_at
          """);

  private JobCount() {}

  /** Returns the last count; 0 if there was none. */
  public static long last(Session session) {
    return session.sql(LAST).first(row -> row.number(1)).orElse(0L);
  }

  /** Returns whether a count is due; a time that is too late was set by a clock set back since. */
  static boolean isDue(Session session, long now) {
    long next = session.sql(NEXT).first(row -> row.number(1)).orElse(now);
    return next <= now || next > now + LATEST;
  }

  /** Takes this node's turn. @return false if another node has it */
  static boolean takeTurn(Tx tx) {
    return tx.sql(TAKE_TURN)
            .set("now", tx.now())
            .set("latest", tx.now() + LATEST)
            .set("next_at", tx.now() + Span.MINUTE.micros())
            .update()
        == 1;
  }

  /** A part of the count: its number of jobs, and the last of them if there may be more. */
  record Step(long jobs, Optional<JobId> last) {}

  /** Returns the step before the first one. */
  static Step begin() {
    return new Step(0, Optional.of(BEFORE_ALL));
  }

  /** Counts the jobs after the last one counted. */
  static Step next(Session session, Step before) {
    JobId after = before.last().orElseThrow();
    Optional<JobId> last =
        session
            .sql(END_OF_STEP)
            .set("after", after)
            .set("offset", STEP - 1)
            .first(row -> new JobId(row.id(1)));
    long jobs = last.isPresent() ? STEP : session.sql(COUNT_REST).set("after", after).number();
    return new Step(before.jobs() + jobs, last);
  }

  /** Keeps a count, unless it is one of a few jobs, and sets the time of the next one. */
  static void put(Tx tx, long jobs, long began) {
    if (jobs >= FEW_MAX) {
      tx.sql(PUT).set("jobs", jobs).set("now", tx.now()).update();
    }
    long took = Math.max(0, tx.now() - began);
    long pause = Math.min(LATEST, Math.max(Span.MINUTE.micros(), REST * took));
    tx.sql(END_TURN).set("next_at", tx.now() + pause).update();
  }
}
