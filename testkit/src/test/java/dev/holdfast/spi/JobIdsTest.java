package dev.holdfast.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.test.time.MovableTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class JobIdsTest {
  private final MovableTime time = new MovableTime();
  private final JobIds ids = new JobIds(time, new SplittableRandom(1));

  @Test
  void are_uuids_of_version_7_with_the_time_in_front() {
    JobId id = ids.next();

    assertThat(id.value().version()).isEqualTo(7);
    assertThat(id.value().variant()).isEqualTo(2);
    assertThat(id.value().getMostSignificantBits() >>> 16).isEqualTo(time.now().toEpochMilli());
  }

  @Test
  void ascend_within_a_millisecond_and_over_the_counters_end() {
    List<JobId> made = made(10_000);

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void ascend_when_the_clock_is_set_back() {
    List<JobId> made = new ArrayList<>(made(10));
    time.stepWallClock(Duration.ofHours(-1));
    made.addAll(made(10));

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void of_two_processes_at_one_instant_differ() {
    JobIds others = new JobIds(time, new SplittableRandom(2));
    HashSet<JobId> all = new HashSet<>(made(1_000));
    for (int i = 0; i < 1_000; i++) {
      all.add(others.next());
    }

    assertThat(all).hasSize(2_000);
  }

  private List<JobId> made(int count) {
    List<JobId> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(ids.next());
    }
    return made;
  }
}
