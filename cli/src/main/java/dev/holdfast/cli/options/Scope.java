package dev.holdfast.cli.options;

import dev.holdfast.JobFilter;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Options that select jobs by type, queue and group, in any state. */
public final class Scope {
  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Selects jobs of this type; repeatable.")
  private List<String> types = List.of();

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      description = "Selects jobs in this queue; repeatable.")
  private List<String> queues = List.of();

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Selects jobs of this group; repeatable.")
  private List<String> groups = List.of();

  /** Returns whether no option was given. */
  public boolean isEmpty() {
    return types.isEmpty() && queues.isEmpty() && groups.isEmpty();
  }

  /** Returns a filter that is restricted to them as well. */
  JobFilter restrict(JobFilter filter) {
    return filter.queues(Set.copyOf(queues)).types(Set.copyOf(types)).groups(Set.copyOf(groups));
  }

  /** Returns the filter. */
  public JobFilter filter() {
    return restrict(JobFilter.all());
  }
}
