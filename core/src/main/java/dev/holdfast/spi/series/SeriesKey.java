package dev.holdfast.spi.series;

/**
 * The name of a stored series.
 *
 * @param queue a queue, {@link SeriesAssembly#ALL} or {@link SeriesAssembly#OTHER}
 * @param type a type, {@link SeriesAssembly#ALL} or {@link SeriesAssembly#OTHER}
 */
public record SeriesKey(String queue, String type) {}
