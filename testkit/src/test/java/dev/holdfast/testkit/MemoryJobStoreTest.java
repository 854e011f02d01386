package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;

final class MemoryJobStoreTest extends JobStoreContract {
  private MemoryJobStore memory = new MemoryJobStore(time);

  @Override
  protected JobStore open(TimeSource clock) {
    memory = new MemoryJobStore(clock);
    return memory;
  }

  @Override
  protected JobStore openAgain() {
    return memory.openAgain();
  }

  @Override
  protected void die(NodeId node) {
    memory.kill(node);
  }

  @Override
  protected void assertNothingLeaks() {
    assertThat(memory.openThings()).isZero();
  }
}
