package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promise, held against everything that can go wrong. Each build runs two thousand seeds;
 * {@code -Dholdfast.seeds=100000} runs so many, and {@code -Dholdfast.seed=42} begins with that
 * one.
 */
@Tag("R-32")
@Tag("R-33")
@Tag("R-58")
final class SimulationTest {
  private static final long FIRST = Long.getLong("holdfast.seed", 1);
  private static final long COUNT = Long.getLong("holdfast.seeds", 2_000);

  @Test
  void keeps_the_promise_whatever_happens() {
    LongStream.range(FIRST, FIRST + COUNT).parallel().forEach(SimulationTest::assertKept);
  }

  /**
   * In turn: an unfair crash, a repeat after a removal, a late look, a node that came back, and two
   * of nodes whose good-bye was answered late.
   */
  @ParameterizedTest
  @ValueSource(longs = {182, 12_176, 14_382, 19_191, 56_737, 61_512})
  void keeps_the_promise_where_it_was_once_broken(long seed) {
    assertKept(seed);
  }

  private static void assertKept(long seed) {
    try (Simulation simulation = new Simulation(seed)) {
      List<String> broken = simulation.run();
      assertThat(broken).as(simulation::story).isEmpty();
    }
  }

  @Test
  void happens_again_exactly_with_the_same_seed() {
    for (long seed = FIRST; seed < FIRST + 5; seed++) {
      assertThat(hashOf(seed)).as("seed %d", seed).isEqualTo(hashOf(seed));
    }
  }

  @Test
  void happens_otherwise_with_another_seed() {
    assertThat(hashOf(FIRST)).isNotEqualTo(hashOf(FIRST + 1));
  }

  private static long hashOf(long seed) {
    try (Simulation simulation = new Simulation(seed)) {
      simulation.run();
      return simulation.traceHash();
    }
  }
}
