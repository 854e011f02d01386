package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.http.client.HttpJobQueue;

/**
 * A queue in the hands of a command that asks no more of it than what every queue can do, be it at
 * hand or reached through a server.
 *
 * @param queue the queue
 * @param end lets it go
 */
record OpenQueue(JobQueue queue, Runnable end) implements AutoCloseable {

  static OpenQueue of(Holdfast holdfast) {
    return new OpenQueue(holdfast, holdfast::close);
  }

  static OpenQueue of(HttpJobQueue served) {
    return new OpenQueue(served, served::close);
  }

  @Override
  public void close() {
    end.run();
  }
}
