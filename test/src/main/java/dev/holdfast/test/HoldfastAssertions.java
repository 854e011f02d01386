package dev.holdfast.test;

import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;

/** Assertions about the jobs of a queue; beside those of other libraries. */
public final class HoldfastAssertions {
  private HoldfastAssertions() {}

  /** Begins an assertion about the jobs of {@code queue}. */
  public static QueueAssert assertThat(JobQueue queue) {
    return new QueueAssert(queue);
  }

  /** Begins an assertion about the jobs of {@code holdfast}. */
  public static QueueAssert assertThat(Holdfast holdfast) {
    return new QueueAssert(holdfast.queue());
  }
}
