package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.test.time.MovableTime;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-28")
final class NodeWatchTest {
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration BEAT = LEASE.dividedBy(Heartbeat.BEATS_PER_LEASE);
  private static final NodeId SELF = new NodeId(new UUID(0, 1));
  private static final NodeId OTHER = new NodeId(new UUID(0, 2));

  private final MovableTime time = new MovableTime();
  private final LeaseTrust trust = new LeaseTrust(LEASE, time);
  private final NodeWatch watch = new NodeWatch(SELF, trust, time);
  private long own = 1;
  private long others = 1;

  @Test
  void takes_a_node_for_dead_that_misses_its_heartbeats_for_its_lease_while_it_beats_itself() {
    bothBeat(3);

    assertThat(onlyOwnBeats(2)).isEmpty();

    assertThat(onlyOwnBeats(1)).extracting(Death::node).containsExactly(OTHER);
  }

  @Test
  void judges_no_node_by_a_time_in_which_it_could_not_send_heartbeats_itself() {
    bothBeat(3);
    time.advance(LEASE.multipliedBy(2)); // nobody can write

    assertThat(judge()).as("it has not written yet").isEmpty();
    beat();
    assertThat(judge()).as("it was the first to write again").isEmpty();

    others++;
    assertThat(onlyOwnBeats(2)).isEmpty();
  }

  @Test
  void judges_no_node_by_a_time_in_which_it_was_taken_for_dead_itself() {
    bothBeat(3);
    time.advance(LEASE.multipliedBy(2)); // and others have deregistered it
    assertThat(watch.judge(List.of(other()))).as("its row is not among the living").isEmpty();

    beat();
    assertThat(judge()).as("it has come back").isEmpty();
  }

  @Test
  void judges_no_node_by_its_pause_and_a_stall_shorter_than_the_lease() {
    bothBeat(3);
    onlyOwnBeats(1); // the other is due right now, when the stall begins
    Duration stall = BEAT.multipliedBy(2);
    time.advance(stall);
    beat();

    assertThat(judge()).as("this node was the first to write again").isEmpty();
    assertThat(onlyOwnBeats(2)).isEmpty();
    assertThat(onlyOwnBeats(1)).extracting(Death::node).containsExactly(OTHER);
  }

  @Test
  void judges_as_ever_from_when_it_can_beat_again() {
    bothBeat(3);
    time.advance(LEASE.multipliedBy(2)); // nobody can write
    beat();
    judge();

    assertThat(onlyOwnBeats(3)).extracting(Death::node).containsExactly(OTHER);
  }

  @Test
  void is_not_disturbed_by_looks_that_are_rarer_than_beats() {
    Duration look = BEAT.multipliedBy(4);
    judge();
    for (int i = 0; i < 2; i++) {
      onlyBeat(look);
      others++;
      assertThat(judge()).isEmpty();
    }
    onlyBeat(look);

    assertThat(judge()).extracting(Death::node).containsExactly(OTHER);
  }

  @Test
  void judges_no_node_by_a_stall_that_began_right_after_its_own_heartbeat() {
    bothBeat(3);
    beat(); // the last one before the stall, and seen late
    time.advance(BEAT.plusMillis(200));
    assertThat(judge()).isEmpty();
    time.advance(BEAT);
    assertThat(judge()).isEmpty();

    time.advance(BEAT.minusMillis(100));
    assertThat(judge()).as("nobody has been able to write for a whole lease").isEmpty();
  }

  private void bothBeat(int beats) {
    for (int i = 0; i < beats; i++) {
      others++;
      assertThat(onlyOwnBeats(1)).isEmpty();
    }
  }

  private List<Death> onlyOwnBeats(int beats) {
    List<Death> deaths = List.of();
    for (int i = 0; i < beats; i++) {
      time.advance(BEAT);
      beat();
      deaths = judge();
    }
    return deaths;
  }

  private void onlyBeat(Duration total) {
    for (Duration past = Duration.ZERO; past.compareTo(total) < 0; past = past.plus(BEAT)) {
      time.advance(BEAT);
      beat();
    }
  }

  private void beat() {
    trust.renewed(trust.now());
    own++;
  }

  private List<Death> judge() {
    return watch.judge(List.of(new NodeSeen(SELF, own, LEASE, false, Duration.ZERO), other()));
  }

  private NodeSeen other() {
    return new NodeSeen(OTHER, others, LEASE, true, LEASE);
  }
}
