package dev.holdfast.server;

import dev.holdfast.JobQueue;
import dev.holdfast.http.client.ClientConfig;
import dev.holdfast.http.client.HttpJobQueue;
import org.junit.jupiter.api.Tag;

/** A queue behind its server. */
@Tag("R-44")
final class HttpQueueTest extends QueueBehaviour {
  @Override
  JobQueue queue(ServedQueue served) {
    return HttpJobQueue.connect(ClientConfig.of(served.server.uri()));
  }
}
