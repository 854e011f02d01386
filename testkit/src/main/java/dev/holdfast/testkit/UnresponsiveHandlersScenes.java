package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Explanation;
import dev.holdfast.Failure;
import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodePhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Handlers that do not stop when asked to. */
@Tag("R-19")
public abstract class UnresponsiveHandlersScenes extends EngineScene {
  private static final Duration HANG = Duration.ofMinutes(10);

  @BeforeEach
  void startTwoSlots() {
    handle(
        (payload, job) ->
            switch (payload) {
              case "deaf" -> sleepDeaf(HANG);
              case "long" -> sleepLong(payload, job);
              default -> "quick";
            },
        STEADY,
        NodeConfig.defaults().concurrency(2));
  }

  private JobId enqueueDeaf() {
    return enqueue(NewJob.of("t", "deaf").maxAttempts(1).timeout(SECOND));
  }

  @Test
  void lose_their_slots_to_others_as_often_as_there_are_slots() {
    JobId first = enqueueDeaf();
    JobId second = enqueueDeaf();

    advance(seconds(12));

    assertThat(job(first)).isFailedBy(Failure.Kind.TIMEOUT);
    assertThat(job(second)).isFailedBy(Failure.Kind.TIMEOUT);
    assertThat(world.vitals("a").unresponsive()).isEqualTo(2);
    assertThat(world.vitals("a").slots()).isEqualTo(2);
    JobId next = enqueue();
    advance(SECOND);
    assertThat(job(next)).isCompleted();
    assertThat(finding().gravity()).isEqualTo(Gravity.WARNING);
  }

  @Test
  void keep_their_slots_beyond_that_until_the_node_has_none_left_and_says_so() {
    for (int i = 0; i < 4; i++) {
      enqueueDeaf();
    }

    advance(seconds(30));

    assertThat(world.vitals("a").unresponsive()).isEqualTo(4);
    assertThat(world.vitals("a").slots()).isZero();
    assertThat(node("a").phase()).isEqualTo(NodePhase.QUIET);
    assertThat(finding().gravity()).isEqualTo(Gravity.ERROR);
    assertThat(finding().text())
        .endsWith("that did not end when they were told to: 4; it takes no more jobs");
    JobId next = enqueue();
    advance(MINUTE);
    assertThat(job(next)).isPending().hasAttempts(0);
    assertThat(world.queue().explain(next).reasons())
        .extracting(Explanation.Reason::code)
        .containsExactly(Explanation.Code.NODES_BUSY);
  }

  @Test
  void that_return_at_last_give_the_capacity_back() {
    for (int i = 0; i < 4; i++) {
      enqueueDeaf();
    }
    advance(seconds(30));
    JobId next = enqueue();

    advance(HANG);

    assertThat(job(next)).isCompleted();
    assertThat(world.vitals("a").unresponsive()).isZero();
    assertThat(world.vitals("a").slots()).isEqualTo(2);
    assertThat(node("a").phase()).isEqualTo(NodePhase.RUNNING);
    assertThat(world.queue().status().problems())
        .extracting(Finding::code)
        .doesNotContain("handlers-unresponsive");
  }

  @Test
  void leave_the_node_to_claim_no_more_than_its_slots_that_are_left() {
    for (int i = 0; i < 3; i++) {
      enqueueDeaf();
    }
    advance(seconds(30));
    assertThat(world.vitals("a").slots()).isEqualTo(1);
    enqueue(NewJob.of("t", "long"));
    advance(SECOND);
    JobId next = enqueue();

    List<Integer> held = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      advance(millis(100));
      held.add(world.store().nodes().held(world.id("a")).size());
    }

    assertThat(held).containsOnly(1);
    assertThat(job(next).token()).as("it was not claimed and given back").isZero();
  }

  private Finding finding() {
    advance(seconds(5)); // the next heartbeat reports it
    return world.queue().status().problems().stream()
        .filter(finding -> finding.code().equals("handlers-unresponsive"))
        .findFirst()
        .orElseThrow();
  }
}
