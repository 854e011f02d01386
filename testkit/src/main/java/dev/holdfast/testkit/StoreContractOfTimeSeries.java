package dev.holdfast.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Counts;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.series.Series.Point;
import dev.holdfast.series.Series.Times;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.series.SeriesQuery.By;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.series.Recent;
import dev.holdfast.spi.series.Sample;
import dev.holdfast.spi.series.SeriesAssembly;
import dev.holdfast.spi.series.SeriesKey;
import dev.holdfast.spi.series.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: figures over time. */
abstract class StoreContractOfTimeSeries extends StoreFixture {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MANY = 100_000;

  @Nested
  @Tag("R-38")
  class Figures_over_time {
    private NodeId node;
    private Instant begin;

    @BeforeEach
    void registerNode() {
      node = register("a");
      begin = time.now().truncatedTo(ChronoUnit.MINUTES);
    }

    private void fold() {
      Duration next = store.insights().timeSeries().fold();
      while (next.compareTo(TimeSeries.FOLD_INTERVAL) < 0) {
        time.advance(next);
        next = store.insights().timeSeries().fold();
      }
    }

    /** Adds up all that was written, whichever node's turn it is. */
    private void foldAll() {
      fold();
      time.advance(TimeSeries.FOLD_INTERVAL);
      fold();
    }

    private SeriesQuery all() {
      return SeriesQuery.between(begin, time.now().plus(MINUTE), time.now());
    }

    private Series only(SeriesQuery query) {
      List<Series> found = store.insights().timeSeries().read(query);
      assertThat(found).hasSize(1);
      return found.get(0);
    }

    private Counts total() {
      foldAll();
      return only(all()).total().counts();
    }

    @Test
    void count_what_came_and_ended_step_by_step() {
      var unused = ids(3);
      acknowledge(claimOne(node), complete());
      time.advance(MINUTE);
      acknowledge(claimOne(node), new Transition.Fail(BOOM));
      enqueue(mail());
      foldAll();

      List<Point> points = only(all().every(MINUTE)).points();
      assertThat(points.get(0).at()).isEqualTo(begin);
      assertThat(points.get(0).counts()).isEqualTo(new Counts(3, 1, 0, 0, 0, 0));
      assertThat(points.get(1).counts()).isEqualTo(new Counts(1, 0, 1, 0, 0, 0));
      assertThat(only(all()).total().counts()).isEqualTo(new Counts(4, 1, 1, 0, 0, 0));
    }

    @Test
    void of_the_last_minutes_are_by_queue_and_type() {
      enqueue(mail());
      acknowledge(claimOne(node), new Transition.Fail(BOOM));
      time.advance(MINUTE.multipliedBy(3));
      acknowledge(claimAny(enqueue(mail())), complete());
      enqueue(mail().on("other"));
      foldAll();
      time.advance(MINUTE);

      Recent four = store.insights().timeSeries().recent(4);
      Recent two = store.insights().timeSeries().recent(2);

      assertThat(two.since()).isEqualTo(begin.plus(MINUTE.multipliedBy(2)));
      assertThat(two.until()).isEqualTo(time.now());
      assertThat(counts(two, QUEUE, "mail")).isEqualTo(new Counts(1, 1, 0, 0, 0, 0));
      assertThat(counts(two, "other", "mail")).isEqualTo(new Counts(1, 0, 0, 0, 0, 0));
      assertThat(counts(two, SeriesAssembly.ALL, "mail")).isEqualTo(new Counts(2, 1, 0, 0, 0, 0));
      assertThat(counts(four, QUEUE, "mail")).isEqualTo(new Counts(2, 1, 1, 0, 0, 0));
      assertThat(sum(four, SeriesAssembly.ALL, "mail").runs().count()).isEqualTo(2);
    }

    @Test
    @Tag("R-37")
    @Tag("slow")
    void include_the_number_of_jobs_when_there_are_many() {
      var unused = ids(MANY);
      claim(node, 10).forEach(claimed -> acknowledge(claimed, complete()));
      unused = ids(500);
      foldAll();

      Map<JobState, Long> counts = store.insights().status().counts();

      assertThat(counts).containsEntry(JobState.PENDING, MANY + 490L);
      assertThat(counts).containsEntry(JobState.COMPLETED, 10L);
    }

    private static Counts counts(Recent recent, String queue, String type) {
      return sum(recent, queue, type).counts();
    }

    private static Sample sum(Recent recent, String queue, String type) {
      return requireNonNull(recent.sums().get(new SeriesKey(queue, type)));
    }

    @Test
    void count_retries_reviews_and_cancellations() {
      JobId cancelled = enqueue(mail());
      store.cancel(List.of(cancelled), "ops");
      var unused = ids(3);
      acknowledge(claimOne(node), new Transition.Retry(HOUR, BOOM));
      acknowledge(claimOne(node), new Transition.Hold("look at it"));
      acknowledge(claimOne(node), new Transition.Snooze(HOUR));

      assertThat(total()).isEqualTo(new Counts(4, 0, 0, 1, 1, 1));
    }

    @Test
    void count_what_others_end_for_a_holder() {
      enqueue(mail());
      Claimed claimed = claimOne(node);
      store
          .recovery()
          .rescue(
              List.of(Rescue.regardless(claimed.lease(), new Transition.Fail(BOOM), true, "gone")),
              "b");

      assertThat(total()).isEqualTo(new Counts(1, 0, 1, 0, 0, 0));
    }

    @Test
    void count_dependents_that_are_cancelled() {
      JobId first = enqueue(mail());
      JobId unused = enqueue(mail().after(first));
      acknowledge(claimAny(first), new Transition.Fail(BOOM));
      JobId late = enqueue(mail().after(first));

      assertThat(job(late).state()).isEqualTo(JobState.CANCELLED);
      assertThat(total()).isEqualTo(new Counts(3, 0, 1, 0, 2, 0));
    }

    @Test
    void count_a_repeated_acknowledgement_once() {
      var unused = ids(60);
      List<Claimed> claimed = claim(node, 60);
      time.advance(SECOND);
      exchange(
          claimed.subList(0, 7).stream().map(StoreContractOfTimeSeries::completion).toList(),
          claimOf(node, 0));
      time.advance(SECOND);
      exchange(
          claimed.stream().map(StoreContractOfTimeSeries::completion).toList(), claimOf(node, 0));

      assertThat(total()).isEqualTo(new Counts(60, 60, 0, 0, 0, 0));
    }

    @Test
    void count_a_repeated_enqueue_once() {
      List<NewJob> jobs = IntStream.range(0, 60).mapToObj(i -> mail().unique("key-" + i)).toList();
      jobs.forEach(StoreContractOfTimeSeries.this::enqueue);
      jobs.forEach(StoreContractOfTimeSeries.this::enqueue);

      assertThat(total().enqueued()).isEqualTo(60);
    }

    @Test
    void tell_how_long_jobs_waited_and_ran() {
      var unused = ids(100);
      time.advance(Duration.ofSeconds(20));
      for (int i = 1; i <= 100; i++) {
        acknowledge(claimOne(node), complete(), Duration.ofMillis(i * 10L));
      }
      foldAll();

      Times ran = only(all()).total().ran().orElseThrow();
      assertThat(ran.jobs()).isEqualTo(100);
      assertThat(ran.p50().toMillis()).isCloseTo(500, within(35L));
      assertThat(ran.p99().toMillis()).isCloseTo(990, within(70L));
      assertThat(ran.max().toMillis()).isCloseTo(1_000, within(70L));
      assertThat(only(all()).total().waited().orElseThrow().p50().toMillis())
          .isCloseTo(20_000, within(1_400L));
    }

    @Test
    void are_kept_by_queue_and_type() {
      enqueue(mail().on("letters"));
      enqueue(mail().on("letters"));
      enqueue(NewJob.of("fax", 1).on("letters"));
      enqueue(NewJob.of("fax", 1));
      foldAll();

      assertThat(store.insights().timeSeries().read(all().by(By.QUEUE)))
          .extracting(series -> series.queue().orElse("?") + " " + series.total().counts().jobs())
          .containsExactly("letters 3", "default 1");
      assertThat(store.insights().timeSeries().read(all().by(By.TYPE).queue("letters")))
          .extracting(series -> series.type().orElse("?") + " " + series.total().counts().jobs())
          .containsExactly(TYPE + " 2", "fax 1");
      assertThat(only(all().queue("letters").type("fax")).total().counts().enqueued()).isEqualTo(1);
    }

    @Test
    void know_what_waited_and_ran_at_each_minute() {
      var unused = ids(5);
      Claimed held = claimOne(node);
      time.advance(Duration.ofSeconds(30));
      fold();

      assertThat(only(all()).total().depth()).contains(new Depth(4, 1, Duration.ofSeconds(30)));
      acknowledge(held, complete());
    }

    @Test
    void keep_no_more_series_than_their_limit() {
      int types = Series.SERIES_MAX + 50;
      List<NewJob> jobs = new ArrayList<>();
      for (int i = 0; i < types; i++) {
        jobs.add(NewJob.of("type-" + i, 1));
      }
      jobs.forEach(StoreContractOfTimeSeries.this::enqueue);
      foldAll();

      assertThat(only(all()).total().counts().enqueued()).isEqualTo(types);
      Series others =
          store.insights().timeSeries().read(all().by(By.TYPE)).stream()
              .filter(series -> series.type().equals(Optional.of(Series.OTHER)))
              .findFirst()
              .orElseThrow();
      assertThat(others.total().counts().enqueued()).isGreaterThan(50);
    }

    @Test
    void are_kept_by_the_minute_for_two_days_and_by_the_hour_for_thirty() {
      enqueue(mail());
      foldAll();
      time.advance(Duration.ofDays(20));
      foldAll();

      Instant from = begin.truncatedTo(ChronoUnit.HOURS);
      SeriesQuery hours = SeriesQuery.between(from, time.now(), time.now());
      assertThat(only(hours).total().counts().enqueued()).isEqualTo(1);
      assertThatThrownBy(
              () -> store.insights().timeSeries().read(hours.every(Duration.ofMinutes(30))))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("use a step of whole hours");

      time.advance(Duration.ofDays(15));
      assertThatThrownBy(() -> store.insights().timeSeries().read(hours))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("kept for 30 days");
    }

    @Test
    void are_the_sums_of_all_jobs_over_thirty_days() {
      long completed = 0;
      for (int day = 0; day < 30; day++) {
        for (int batch = 0; batch <= day % 4; batch++) {
          var unused = ids(3);
          acknowledge(claimOne(node), complete());
          acknowledge(claimOne(node), complete());
          acknowledge(claimOne(node), new Transition.Fail(BOOM));
          completed += 2;
          time.advance(Duration.ofMinutes(31));
        }
        foldAll();
        time.advance(Duration.ofDays(1).minus(Duration.between(dayOf(time.now()), time.now())));
        beat(node);
      }

      Instant first = begin.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
      Series series =
          only(SeriesQuery.between(first, time.now(), time.now()).every(Duration.ofDays(1)));
      assertThat(series.points().get(0).counts().completed()).isEqualTo(4);
      assertThat(series.points().get(1).counts().completed()).isEqualTo(6);
      Series whole =
          only(
              SeriesQuery.between(begin.truncatedTo(ChronoUnit.HOURS), time.now(), time.now())
                  .every(HOUR));
      assertThat(whole.total().counts().completed()).isEqualTo(completed);
      assertThat(whole.total().counts().enqueued()).isEqualTo(completed / 2 * 3);
    }

    private static Instant dayOf(Instant at) {
      return at.truncatedTo(ChronoUnit.DAYS);
    }
  }

  private static Acknowledgement completion(Claimed claimed) {
    return new Acknowledgement(
        claimed.lease(),
        complete(),
        SECOND,
        HandlerOutput.none(claimed.lease()),
        Optional.of(claimed.origin()),
        false);
  }
}
