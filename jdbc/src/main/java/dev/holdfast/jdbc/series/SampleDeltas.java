package dev.holdfast.jdbc.series;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.series.Series.Counts;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Origin;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.series.Sample;
import dev.holdfast.spi.series.SeriesKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects what one transaction enqueues and ends, and appends it: one new row per queue and type,
 * which no other transaction waits for.
 */
public final class SampleDeltas {
  private static final Sql INSERT =
      Sql.of(
          """
          insert into sample_deltas
            (at, queue, type, enqueued, completed, failed, retried, cancelled, interrupted, waits,
             runs)
          values
            (:at, :queue, :type, :enqueued, :completed, :failed, :retried, :cancelled,
             :interrupted, :waits, :runs)
          """);

  private static final Sql LOOK =
      IdLists.in("select id, queue, type, run_at, started_at from jobs where id in (%s)");

  private final Map<SeriesKey, Sample> samples = new HashMap<>();
  private final List<Acknowledgement> unknown = new ArrayList<>();

  public SampleDeltas() {}

  /** Writes down new jobs. */
  public static void enqueued(Tx tx, Collection<JobDraft> jobs) {
    SampleDeltas deltas = new SampleDeltas();
    jobs.forEach(job -> deltas.of(job.queue(), job.type()).enqueued(1));
    deltas.write(tx);
  }

  /** Writes down jobs that came to a state without their holder's doing. */
  public static void ended(Tx tx, Collection<JobId> jobs, JobState state) {
    if (jobs.isEmpty()) {
      return;
    }
    SampleDeltas deltas = new SampleDeltas();
    look(tx, jobs).values().forEach(found -> deltas.of(found.queue, found.type).ended(state));
    deltas.write(tx);
  }

  private Sample of(String queue, String type) {
    return samples.computeIfAbsent(new SeriesKey(queue, type), none -> new Sample());
  }

  /** Counts an attempt that its holder has just ended. */
  public void ended(Acknowledgement end) {
    if (toCount(end.transition().kind()).isEmpty()) {
      return;
    }
    if (end.origin().isEmpty()) {
      unknown.add(end);
      return;
    }
    Origin origin = end.origin().get();
    add(of(origin.queue(), origin.type()), end, origin.waited());
  }

  /** Returns the state that counts; SCHEDULED stands for a retry, empty for nothing. */
  private static Optional<JobState> toCount(Transition.Kind kind) {
    return switch (kind) {
      case COMPLETE, FAIL, HOLD, RETRY -> Optional.of(kind.to());
      case SNOOZE, AWAIT, SLEEP, SUSPEND, RELEASE -> Optional.empty();
    };
  }

  private static void add(Sample sample, Acknowledgement end, Duration waited) {
    Transition.Kind kind = end.transition().kind();
    if (kind == Transition.Kind.RETRY) {
      sample.retried();
      return;
    }
    sample.ended(kind.to());
    if (kind != Transition.Kind.HOLD) {
      sample.took(waited, end.ran());
    }
  }

  /** Counts an attempt that another has ended; how long it took is not known. */
  public void ended(String queue, String type, Transition.Kind kind) {
    if (kind == Transition.Kind.RETRY) {
      of(queue, type).retried();
    } else if (toCount(kind).isPresent()) {
      of(queue, type).ended(kind.to());
    }
  }

  /** Counts attempts that others have ended, by the transition of each. */
  public void ended(Session session, Map<JobId, Transition.Kind> ends) {
    look(session, ends.keySet())
        .forEach(
            (job, found) ->
                Optional.ofNullable(ends.get(job))
                    .ifPresent(kind -> ended(found.queue, found.type, kind)));
  }

  private record Found(JobId id, String queue, String type, long runAt, Optional<Long> startedAt) {
    Duration waited() {
      return Micros.toDuration(startedAt.map(start -> Math.max(0, start - runAt)).orElse(0L));
    }
  }

  private static Map<JobId, Found> look(Session session, Collection<JobId> jobs) {
    Map<JobId, Found> all = new HashMap<>();
    if (!jobs.isEmpty()) {
      IdLists.list(session, LOOK, jobs, SampleDeltas::found)
          .forEach(found -> all.put(found.id, found));
    }
    return all;
  }

  private static Found found(Row row) {
    return new Found(
        new JobId(row.id(1)), row.text(2), row.text(3), row.number(4), row.maybeNumber(5));
  }

  /** Appends the rows. */
  public void write(Tx tx) {
    Map<JobId, Found> found = look(tx, unknown.stream().map(end -> end.lease().job()).toList());
    for (Acknowledgement end : unknown) {
      Optional.ofNullable(found.get(end.lease().job()))
          .ifPresent(job -> add(of(job.queue, job.type), end, job.waited()));
    }
    tx.updateEach(
        INSERT, samples.entrySet(), (insert, entry) -> bind(insert.set("at", tx.now()), entry));
  }

  private static void bind(Bound insert, Map.Entry<SeriesKey, Sample> entry) {
    bind(insert, entry.getKey(), entry.getValue());
  }

  /** Binds the columns that rows of transactions and sums have in common. */
  static Bound bind(Bound insert, SeriesKey key, Sample sample) {
    Counts counts = sample.counts();
    return insert
        .set("queue", key.queue())
        .set("type", key.type())
        .set("enqueued", counts.enqueued())
        .set("completed", counts.completed())
        .set("failed", counts.failed())
        .set("retried", counts.retried())
        .set("cancelled", counts.cancelled())
        .set("interrupted", counts.interrupted())
        .set("waits", sample.waits().toText())
        .set("runs", sample.runs().toText());
  }
}
