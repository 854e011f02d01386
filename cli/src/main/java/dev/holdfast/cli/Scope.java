package dev.holdfast.cli;

import dev.holdfast.JobFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    return new JobFilter(
        Set.of(),
        Optional.ofNullable(queue),
        Optional.ofNullable(type),
        Optional.ofNullable(group),
        List.of());
  }
}
