package dev.holdfast.cli.options;

import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.http.client.HttpJobQueue;

/**
 * An open queue, either embedded or behind a server, for commands that work with both.
 *
 * @param queue the queue
 * @param end closes it
 */
public record OpenQueue(JobQueue queue, Runnable end) implements AutoCloseable {

  static OpenQueue of(Holdfast holdfast) {
    return new OpenQueue(holdfast.queue(), holdfast::close);
  }

  static OpenQueue of(HttpJobQueue served) {
    return new OpenQueue(served, served::close);
  }

  @Override
  public void close() {
    end.run();
  }
}
