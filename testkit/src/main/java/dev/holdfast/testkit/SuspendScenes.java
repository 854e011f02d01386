package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A machine that is suspended: its monotonic clock stands still, the time since boot goes on. */
@Tag("R-33")
public abstract class SuspendScenes extends EngineScene {

  @Test
  void longer_than_the_lease_stops_the_handlers_though_no_ticks_have_passed() {
    handle(this::sleepLong);
    JobId id = enqueue();
    advance(seconds(1));
    world.start("b");
    advance(seconds(1));

    world.suspend("a", MINUTE);
    advance(seconds(59));
    assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
    assertThat(heard).isEmpty();
    advance(seconds(2));

    assertThat(heard).containsExactly("interrupted");
    assertThat(job(id)).isRunning();
    assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
  }

  @Test
  void ends_the_trust_in_the_lease_before_anything_was_heard_from_the_store() {
    Outage outage = new Outage();
    replaceWorld(outage::over);
    handle(this::sleepLong, STEADY.exclusively());
    enqueue();
    advance(seconds(1));
    outage.begin();

    world.suspend("a", seconds(13));
    advance(seconds(15));

    assertThat(heard).containsExactly("interrupted");
  }

  @Test
  void right_after_a_look_at_the_clock_is_noticed_a_moment_later() {
    Outage outage = new Outage();
    replaceWorld(outage::over);
    handle(this::sleepLong, STEADY.exclusively());
    enqueue();
    advance(seconds(14)); // the watch runs at each full second
    outage.begin();

    world.suspend("a", MINUTE);
    advance(seconds(61));
    advance(millis(100));

    assertThat(heard).containsExactly("interrupted");
  }

  @Test
  void shorter_than_the_lease_changes_nothing() {
    handle(this::sleepLong);
    JobId id = enqueue();
    advance(seconds(1));
    world.start("b");

    world.suspend("a", seconds(9));
    advance(MINUTE);

    assertThat(job(id)).isRunning().hasCrashes(0);
    assertThat(heard).isEmpty();
  }

  @Test
  void again_and_again_for_moments_leaves_the_lease_alone() {
    handle(this::sleepLong);
    JobId id = enqueue();
    world.start("b");
    for (int i = 0; i < 40; i++) {
      advance(seconds(2));
      world.suspend("a", Duration.ofSeconds(3));
      advance(seconds(3));
    }

    assertThat(job(id)).isRunning().hasCrashes(0);
    assertThat(heard).isEmpty();
  }
}
