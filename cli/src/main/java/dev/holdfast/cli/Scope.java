package dev.holdfast.cli;

import dev.holdfast.JobFilter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which jobs are meant, in whatever state. */
final class Scope {
  @Option(names = "--type", paramLabel = "TYPE", description = "Of this type.")
  private @Nullable String type;

  @Option(names = "--queue", paramLabel = "QUEUE", description = "In this queue.")
  private @Nullable String queue;

  @Option(names = "--group", paramLabel = "GROUP", description = "Of this group.")
  private @Nullable String group;

  /** Whether no option was given. */
  boolean isEmpty() {
    return type == null && queue == null && group == null;
  }

  /** The filter. */
  JobFilter filter() {
    JobFilter filter = JobFilter.all();
    filter = queue == null ? filter : filter.queue(queue);
    filter = type == null ? filter : filter.type(type);
    return group == null ? filter : filter.group(group);
  }
}
