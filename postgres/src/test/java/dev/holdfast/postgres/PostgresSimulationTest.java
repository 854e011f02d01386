package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Simulation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The simulation over the statements of PostgreSQL. Each build runs a few seeds; {@code
 * -Dholdfast.seeds=1000} runs so many, and {@code -Dholdfast.seed=42} begins with that one.
 */
@Tag("R-32")
@Tag("R-33")
@Tag("R-58")
@Tag("slow")
final class PostgresSimulationTest {
  private static final long FIRST = Long.getLong("holdfast.seed", 1);
  private static final long COUNT = Long.getLong("holdfast.seeds", 40);

  private static TestWorlds worlds;

  @BeforeAll
  static void open() {
    worlds = new TestWorlds();
  }

  @AfterAll
  static void close() {
    worlds.close();
  }

  @Test
  void keeps_the_promise_under_all_faults() {
    for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
      try (Simulation simulation = new Simulation(seed, worlds::next)) {
        assertThat(simulation.run()).as(simulation::story).isEmpty();
      }
    }
  }
}
