package dev.holdfast.server;

import dev.holdfast.JobQueue;

/** An embedded queue. */
final class EmbeddedQueueTest extends QueueBehaviour {
  @Override
  JobQueue queue(ServedQueue served) {
    return served.holdfast.queue();
  }
}
