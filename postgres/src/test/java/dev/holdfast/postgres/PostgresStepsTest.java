package dev.holdfast.postgres;

import dev.holdfast.test.time.VirtualTime;
import dev.holdfast.testkit.StepsScenes;
import dev.holdfast.testkit.WorldStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class PostgresStepsTest extends StepsScenes {
  private static TestWorlds worlds;

  @BeforeAll
  static void open() {
    worlds = new TestWorlds();
  }

  @AfterAll
  static void close() {
    worlds.close();
  }

  @Override
  protected WorldStore worldStore(VirtualTime time) {
    return worlds.next(time);
  }
}
