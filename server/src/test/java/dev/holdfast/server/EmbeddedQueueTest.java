package dev.holdfast.server;

import dev.holdfast.JobQueue;

/** A queue at hand. */
final class EmbeddedQueueTest extends QueueBehaviour {
  @Override
  JobQueue queue(ServedQueue served) {
    return served.holdfast;
  }
}
