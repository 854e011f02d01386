package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.spi.Transition;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-02")
final class JobStateTest {

  @Test
  void allows_the_changes_of_this_table_and_no_others() {
    String table =
        Arrays.stream(JobState.values())
            .map(from -> from + " -> " + from.successors())
            .reduce("", (all, line) -> all + line + "\n");

    assertThat(table)
        .isEqualTo(
            """
            SCHEDULED -> [PENDING, CANCELLED]
            BLOCKED -> [SCHEDULED, PENDING, COMPLETED, FAILED, CANCELLED]
            PENDING -> [SCHEDULED, RUNNING, CANCELLED]
            RUNNING -> [SCHEDULED, BLOCKED, PENDING, COMPLETED, FAILED, INTERRUPTED, CANCELLED]
            COMPLETED -> []
            FAILED -> [PENDING]
            INTERRUPTED -> [PENDING, COMPLETED, CANCELLED]
            CANCELLED -> [PENDING]
            """);
  }

  @Test
  void agrees_with_the_table_for_every_pair() {
    for (JobState from : JobState.values()) {
      for (JobState to : JobState.values()) {
        assertThat(from.mayBecome(to)).isEqualTo(from.successors().contains(to));
      }
    }
  }

  @Test
  void lets_every_transition_of_a_running_job_lead_where_a_running_job_may_go() {
    for (Transition.Kind kind : Transition.Kind.values()) {
      assertThat(JobState.RUNNING.mayBecome(kind.to())).as("%s", kind).isTrue();
    }
  }

  @Test
  void cannot_be_changed_through_its_answers() {
    JobState.PENDING.successors().add(JobState.COMPLETED);

    assertThat(JobState.PENDING.mayBecome(JobState.COMPLETED)).isFalse();
  }

  @Test
  void is_finished_after_completion_failure_and_cancellation() {
    assertThat(Arrays.stream(JobState.values()).filter(JobState::isFinished))
        .containsExactlyElementsOf(
            EnumSet.of(JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED));
  }
}
