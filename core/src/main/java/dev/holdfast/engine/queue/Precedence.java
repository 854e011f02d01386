package dev.holdfast.engine.queue;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Dependency;
import dev.holdfast.JobId;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An order of jobs in which each comes after its predecessors. A cycle is possible only among jobs
 * of one call, as each waits for jobs that exist when it is enqueued.
 */
final class Precedence {
  private static final int TOLD_MAX = 10;

  private final List<JobDraft> jobs;
  private final Map<JobId, Integer> places = new HashMap<>();
  private final Map<Integer, List<Integer>> followers = new HashMap<>();
  private final int[] open;

  private Precedence(List<JobDraft> jobs) {
    this.jobs = jobs;
    this.open = new int[jobs.size()];
    for (int i = 0; i < jobs.size(); i++) {
      places.put(jobs.get(i).id(), i);
    }
    for (int i = 0; i < jobs.size(); i++) {
      for (Dependency dependency : jobs.get(i).waits().jobs()) {
        @Nullable Integer place = places.get(dependency.on());
        if (place != null) {
          followers.computeIfAbsent(place, first -> new ArrayList<>()).add(i);
          open[i]++;
        }
      }
    }
  }

  /**
   * Returns the positions of the jobs in that order.
   *
   * @throws InvalidRequestException if they wait for each other in a cycle, naming it
   */
  static List<Integer> of(List<JobDraft> jobs) {
    return new Precedence(jobs).order();
  }

  private List<Integer> order() {
    List<Integer> order = new ArrayList<>(jobs.size());
    Deque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < open.length; i++) {
      if (open[i] == 0) {
        free.add(i);
      }
    }
    while (!free.isEmpty()) {
      int next = free.remove();
      order.add(next);
      for (int follower : followers.getOrDefault(next, List.of())) {
        if (--open[follower] == 0) {
          free.add(follower);
        }
      }
    }
    if (order.size() < jobs.size()) {
      throw new InvalidRequestException(
          "jobs wait for each other in a cycle: %s; one of them must begin".formatted(cycle()));
    }
    return order;
  }

  /** Finds a cycle: follows predecessors from any remaining job until one comes up again. */
  private String cycle() {
    int at = 0;
    while (open[at] == 0) {
      at++;
    }
    Map<Integer, Integer> path = new LinkedHashMap<>(); // each with its place on the way
    while (!path.containsKey(at)) {
      path.put(at, path.size());
      at = predecessorThatIsLeft(at);
    }
    int first = requireNonNull(path.get(at));
    List<String> ids =
        path.keySet().stream().skip(first).map(i -> jobs.get(i).id().toString()).toList();
    String told = ids.stream().limit(TOLD_MAX).collect(Collectors.joining(" waits for "));
    return ids.size() > TOLD_MAX
        ? "%s, and so on over %,d jobs".formatted(told, ids.size())
        : told + " waits for " + ids.get(0);
  }

  private int predecessorThatIsLeft(int place) {
    return jobs.get(place).waits().jobs().stream()
        .flatMap(dependency -> Optional.ofNullable(places.get(dependency.on())).stream())
        .filter(i -> open[i] > 0)
        .findFirst()
        .orElseThrow();
  }
}
