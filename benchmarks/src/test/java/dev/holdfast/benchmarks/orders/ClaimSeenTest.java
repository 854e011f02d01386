package dev.holdfast.benchmarks.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimSeenTest {
  private static ClaimSeen claim(long begin, long end, Long... places) {
    return new ClaimSeen(begin, end, List.of(places));
  }

  @Test
  void a_job_is_passed_over_when_a_later_one_was_answered_before_its_claim_began() {
    assertThat(ClaimSeen.passedOver(List.of(claim(30, 40, 1L, 2L), claim(10, 20, 3L))))
        .isEqualTo(2);
  }

  @Test
  void a_job_is_passed_over_behind_a_later_one_in_the_same_answer() {
    assertThat(ClaimSeen.passedOver(List.of(claim(10, 20, 1L, 3L, 2L)))).isEqualTo(1);
  }

  @Test
  void claims_that_overlap_may_come_in_any_order() {
    assertThat(ClaimSeen.passedOver(List.of(claim(10, 30, 3L, 4L), claim(20, 40, 1L, 2L))))
        .isZero();
  }

  @Test
  void claims_in_order_pass_nothing_over() {
    assertThat(ClaimSeen.passedOver(List.of(claim(10, 20, 1L, 2L), claim(30, 40, 3L)))).isZero();
  }

  @Test
  void is_read_as_it_is_written() {
    ClaimSeen claim = claim(10, 20, 1L, 2L);

    assertThat(ClaimSeen.parse(claim.toString())).isEqualTo(claim);
  }
}
