package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that cannot reach the store while others can. */
@Tag("R-33")
@Tag("R-58")
public abstract class CutOffScenes extends EngineScene {
  private final Outage cut = new Outage();
  private final List<Death> lost = new ArrayList<>();

  @BeforeEach
  void startOverALinkOfItsOwn() {
    replaceWorldWithLinks(
        (process, store) ->
            process.toString().equals("a") ? cut.over(store) : thatMissesConnections(store));
  }

  private JobStore thatMissesConnections(JobStore store) {
    return new StoreDecorator(store) {
      @Override
      public List<Death> deaths() {
        List<Death> deaths = new ArrayList<>(super.deaths());
        deaths.addAll(lost);
        return deaths;
      }
    };
  }

  private void theConnectionIsMissed() {
    long heartbeats =
        world.store().nodes().seen().stream()
            .filter(node -> node.id().equals(world.id("a")))
            .findFirst()
            .orElseThrow()
            .heartbeats();
    lost.add(Death.lapsed(world.id("a"), "its connection is gone", heartbeats));
  }

  @Test
  void goes_on_until_it_learns_that_its_job_was_taken() {
    handle(this::sleepLong);
    JobId id = enqueue();
    advance(SECOND);
    world.start("b");
    advance(SECOND);

    cut.begin();
    advance(MINUTE);
    assertThat(heard).isEmpty();
    assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
    cut.end();
    advance(seconds(6));

    assertThat(heard).containsExactly("interrupted");
    assertThat(job(id)).isRunning().hasCrashes(0).hasLapses(1);
    assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
  }

  @Test
  void has_ended_an_exclusive_handler_before_another_begins() {
    handle(this::sleepLong, STEADY.exclusively());
    JobId id = enqueue();
    advance(SECOND);
    world.start("b");
    advance(SECOND);

    cut.begin();
    while (job(id).holder().orElseThrow().node().equals(world.id("a"))) {
      advance(millis(100));
    }

    assertThat(heard).containsExactly("interrupted");
    assertThat(job(id)).isRunning();
  }

  @Test
  void loses_its_jobs_soon_when_its_connection_is_missed() {
    handle(this::sleepLong);
    JobId id = enqueue();
    advance(SECOND);
    world.start("b");
    advance(SECOND);

    cut.begin();
    theConnectionIsMissed();
    advance(SECOND);

    assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
  }

  @Test
  void keeps_exclusive_jobs_to_the_end_of_its_lease_even_then() {
    handle(this::sleepLong, STEADY.exclusively());
    JobId id = enqueue();
    advance(SECOND);
    world.start("b");
    advance(SECOND);

    cut.begin();
    theConnectionIsMissed();
    advance(seconds(8));
    assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("a"));
    advance(seconds(12));

    assertThat(heard).containsExactly("interrupted");
    assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
  }

  @Test
  void keeps_jobs_under_a_limit_of_one_to_the_end_of_its_lease_too() {
    world.queue().queues().configure("default", queue -> queue.concurrency(1));
    handle(this::sleepLong);
    JobId id = enqueue();
    advance(SECOND);
    world.start("b");
    advance(SECOND);

    cut.begin();
    theConnectionIsMissed();
    advance(seconds(8));

    assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("a"));
  }
}
