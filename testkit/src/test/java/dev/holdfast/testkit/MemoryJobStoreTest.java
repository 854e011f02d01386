package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;

final class MemoryJobStoreTest extends JobStoreContract {
  private MemoryJobStore store = new MemoryJobStore(time);

  @Override
  protected JobStore open(TimeSource clock) {
    store = new MemoryJobStore(clock);
    return store;
  }

  @Override
  protected JobStore openAgain() {
    return store.openAgain();
  }

  @Override
  protected void die(NodeId node) {
    store.kill(node);
  }

  @Override
  protected void assertNothingLeaks() {
    assertThat(store.openThings()).isZero();
  }
}
