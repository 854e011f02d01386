package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.MovableTime;
import java.nio.file.Path;

final class MemoryJobStoreTest extends JobStoreContract {
  @Override
  protected StoreUnderTest storeUnderTest(Path folder) {
    return new MemoryUnderTest();
  }

  static final class MemoryUnderTest implements StoreUnderTest {
    private MemoryJobStore memory = new MemoryJobStore(new MovableTime());

    @Override
    public JobStore open(TimeSource clock) {
      memory = new MemoryJobStore(clock);
      return memory;
    }

    @Override
    public JobStore openAgain(TimeSource clock) {
      return memory.openAgain();
    }

    @Override
    public void die(NodeId node) {
      memory.kill(node);
    }

    @Override
    public void assertNothingLeaks() {
      assertThat(memory.openThings()).isZero();
    }
  }
}
