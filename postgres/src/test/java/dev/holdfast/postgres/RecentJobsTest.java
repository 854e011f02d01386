package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.test.time.MovableTime;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-50")
class RecentJobsTest {
  private final MovableTime time = new MovableTime();
  private final RecentJobs recent = new RecentJobs(time);
  private final JobId first = new JobId(new UUID(0, 1));
  private final JobId second = new JobId(new UUID(0, 2));
  private final JobId third = new JobId(new UUID(0, 3));

  private void write(JobId job) {
    recent.add(List.of(job));
  }

  @Test
  void are_those_of_the_last_minute_in_which_any_were_written_however_late_one_asks() {
    write(first);
    time.advance(Duration.ofSeconds(61));
    write(second);
    time.advance(Duration.ofSeconds(59));
    write(third);

    time.advance(Duration.ofMinutes(30));

    assertThat(recent.all()).containsExactly(second, third);
  }

  @Test
  void are_forgotten_after_an_hour_and_when_their_loss_was_reported() {
    write(first);
    write(second);
    recent.forget(List.of(second));

    assertThat(recent.all()).containsExactly(first);

    time.advance(Duration.ofHours(1));
    assertThat(recent.all()).isEmpty();
  }
}
