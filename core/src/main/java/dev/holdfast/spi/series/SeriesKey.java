package dev.holdfast.spi.series;

import dev.holdfast.series.Series;

/**
 * The name of a stored series.
 *
 * @param queue a queue, {@link SeriesAssembly#ALL} or {@link SeriesAssembly#OTHER}
 * @param type a type, {@link SeriesAssembly#ALL} or {@link SeriesAssembly#OTHER}
 */
public record SeriesKey(String queue, String type) {
  /** Returns whether it is a sum over all queues, or over all types. */
  public boolean isSum() {
    return queue.equals(SeriesAssembly.ALL) || type.equals(SeriesAssembly.ALL);
  }

  /** Returns whether it is the sum over all queues of one type. */
  public boolean isOfType() {
    return queue.equals(SeriesAssembly.ALL) && !type.equals(SeriesAssembly.ALL);
  }

  /** Returns the name of the queue as shown. */
  public String queueName() {
    return shown(queue);
  }

  /** Returns the name of the type as shown. */
  public String typeName() {
    return shown(type);
  }

  private static String shown(String stored) {
    return stored.equals(SeriesAssembly.OTHER) ? Series.OTHER : stored;
  }
}
