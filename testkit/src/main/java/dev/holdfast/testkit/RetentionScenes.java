package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.PageRequest;
import dev.holdfast.Retention;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Retention: a node removes old jobs in small steps. */
@Tag("R-24")
public abstract class RetentionScenes extends EngineScene {
  private static final NodeConfig SHORT =
      NodeConfig.defaults()
          .retention(
              new Retention(
                  Optional.of(Duration.ofSeconds(10)),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Duration.ofMinutes(2)));

  private final List<Duration> steps = new ArrayList<>();
  private final List<Integer> removed = new ArrayList<>();
  private boolean fails;

  @BeforeEach
  void watchSteps() {
    replaceWorld(
        store ->
            new StoreDecorator(store) {
              @Override
              public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
                steps.add(Duration.ofNanos(world.time().elapsedNanos()));
                if (fails) {
                  throw new StoreUnavailableException("down");
                }
                Sweep step = super.sweep(retention, from, limit);
                removed.add(step.removed().size());
                return step;
              }
            });
  }

  @Test
  void begins_after_thirty_seconds_and_goes_on_in_small_steps_while_there_is_more() {
    handle((payload, job) -> 1, STEADY, SHORT);
    world.queue().enqueue(Collections.nCopies(1_200, job()));

    advance(millis(29_990));
    assertThat(steps).isEmpty();
    assertThat(world.store().insights().status().counts())
        .containsEntry(JobState.COMPLETED, 1_200L);
    advance(seconds(1));

    assertThat(removed).containsExactly(500, 500, 200);
    assertThat(steps).containsExactly(seconds(30), millis(30_050), millis(30_100));
    assertThat(world.store().list(JobFilter.all(), PageRequest.first(1))).isEmpty();
  }

  @Test
  void looks_again_after_its_interval() {
    handle((payload, job) -> 1, STEADY, SHORT);
    advance(seconds(31));
    enqueue();

    advance(seconds(118));
    assertThat(steps).containsExactly(seconds(30));
    advance(seconds(2));

    assertThat(steps).containsExactly(seconds(30), seconds(150));
    assertThat(removed).containsExactly(0, 1);
  }

  @Test
  void keeps_unfinished_jobs_and_those_without_an_age_limit() {
    handle(
        (payload, job) -> {
          if (payload.equals("fails")) {
            throw new IllegalStateException("boom");
          }
          return payload;
        },
        STEADY,
        SHORT);
    JobId failed = enqueue(NewJob.of("t", "fails").maxAttempts(1));
    JobId waiting = enqueue(NewJob.of("other", "x"));
    JobId scheduled = enqueue(job().in(Duration.ofHours(1)));

    advance(MINUTE);

    assertThat(world.store().find(failed)).isPresent();
    assertThat(world.store().find(waiting)).isPresent();
    assertThat(world.store().find(scheduled)).isPresent();
  }

  @Test
  @Tag("R-66")
  void goes_on_where_it_was_after_an_error() {
    handle((payload, job) -> 1, STEADY, SHORT);
    world.queue().enqueue(Collections.nCopies(1_200, job()));
    advance(millis(30_020));
    fails = true;
    advance(seconds(5));
    assertThat(world.vitals("a").isDegraded()).isTrue();

    fails = false;
    advance(seconds(10));

    assertThat(removed).containsExactly(500, 500, 200);
    assertThat(world.vitals("a").isDegraded()).isFalse();
  }
}
