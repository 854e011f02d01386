package dev.holdfast.cli.options;

import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.http.client.HttpJobQueue;
import dev.holdfast.spi.Upkeep;
import java.util.function.Supplier;

/**
 * An open queue, either embedded or behind a server, for commands that work with both.
 *
 * @param queue the queue
 * @param maintained gives the maintenance operations of its database
 * @param end closes it
 */
public record OpenQueue(JobQueue queue, Supplier<Upkeep> maintained, Runnable end)
    implements AutoCloseable {

  static OpenQueue of(Holdfast holdfast) {
    return new OpenQueue(holdfast.queue(), () -> holdfast.embedding().upkeep(), holdfast::close);
  }

  static OpenQueue of(HttpJobQueue served) {
    return new OpenQueue(served, served::upkeep, served::close);
  }

  /** Returns the maintenance operations of the database. */
  public Upkeep upkeep() {
    return maintained.get();
  }

  @Override
  public void close() {
    end.run();
  }
}
