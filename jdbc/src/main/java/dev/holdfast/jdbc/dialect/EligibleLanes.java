package dev.holdfast.jdbc.dialect;

import dev.holdfast.Requirements;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.ServedWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The lanes with work from which one kind of claims may take, in claim order by queue. */
public final class EligibleLanes {
  private static final int REQUIREMENTS_MAX = 10_000;

  /** A lane with work, and a place before which none of its jobs stands. */
  public record Head(JobLane lane, Place place) {
    private static final Comparator<Head> IN_CLAIM_ORDER =
        Comparator.comparing(Head::place)
            .thenComparing(head -> !head.lane.isLastChance()) // of one batch, what began first
            .thenComparingLong(head -> head.lane.id());
  }

  /** Types and capabilities: they decide whether claims may take from a lane. */
  public record Kind(Set<String> types, Map<String, Object> capabilities) {
    public static Kind of(Claim claim) {
      return new Kind(Set.copyOf(claim.types()), claim.capabilities());
    }

    private boolean takes(String type) {
      return types.contains(type) || types.contains(ServedWork.ANY_TYPE);
    }
  }

  /** The lanes of one queue. */
  private static final class Queue {
    private final NavigableSet<Head> heads = new TreeSet<>(Head.IN_CLAIM_ORDER);
    private final Map<String, Integer> types = new HashMap<>(); // how many lanes each has
  }

  private final Kind kind;
  private final TreeMap<String, Queue> queues = new TreeMap<>();
  private final Map<String, TreeMap<String, Integer>> byType = new HashMap<>(); // lanes by queue
  private final Map<String, Boolean> met = new HashMap<>(); // by requirements

  EligibleLanes(Kind kind, Collection<Head> heads) {
    this.kind = kind;
    heads.forEach(this::add);
  }

  /** Puts one head in the place of another one of the same lane; either may be missing. */
  void replace(@Nullable Head old, @Nullable Head now) {
    if (old != null) {
      remove(old);
    }
    if (now != null) {
      add(now);
    }
  }

  private void add(Head head) {
    JobLane lane = head.lane;
    if (kind.takes(lane.type()) && isMet(lane)) {
      Queue queue = queues.computeIfAbsent(lane.queue(), first -> new Queue());
      if (queue.heads.add(head)) {
        queue.types.merge(lane.type(), 1, Integer::sum);
        byType
            .computeIfAbsent(lane.type(), first -> new TreeMap<>())
            .merge(lane.queue(), 1, Integer::sum);
      }
    }
  }

  private void remove(Head head) {
    JobLane lane = head.lane;
    @Nullable Queue queue = queues.get(lane.queue());
    if (queue != null && queue.heads.remove(head)) {
      oneLess(queue.types, lane.type());
      byType.computeIfPresent(
          lane.type(),
          (type, counts) -> {
            oneLess(counts, lane.queue());
            return counts.isEmpty() ? null : counts;
          });
      if (queue.heads.isEmpty()) {
        queues.remove(lane.queue());
      }
    }
  }

  private static void oneLess(Map<String, Integer> counts, String name) {
    counts.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
  }

  private boolean isMet(JobLane lane) {
    if (lane.requires().isEmpty()) {
      return true;
    }
    if (met.size() > REQUIREMENTS_MAX) {
      met.clear(); // only what was worked out is lost
    }
    return met.computeIfAbsent(
        lane.requires().get(),
        json ->
            Requirements.parse(json).filter(all -> all.areMetBy(kind.capabilities)).isPresent());
  }

  Optional<String> queueAfter(String name) {
    return Optional.ofNullable(queues.higherKey(name));
  }

  Optional<String> queueAfter(String name, String type) {
    return Optional.ofNullable(byType.get(type))
        .flatMap(counts -> Optional.ofNullable(counts.higherKey(name)));
  }

  int queues() {
    return queues.size();
  }

  boolean hasWork(String name) {
    return queues.containsKey(name);
  }

  Set<String> types(String name) {
    @Nullable Queue queue = queues.get(name);
    return queue == null ? Set.of() : Set.copyOf(queue.types.keySet());
  }

  List<JobLane> first(String name, int most, Predicate<JobLane> wanted) {
    List<JobLane> first = new ArrayList<>();
    @Nullable Queue queue = queues.get(name);
    if (queue != null) {
      for (Head head : queue.heads) {
        if (first.size() == most) {
          break;
        }
        if (wanted.test(head.lane)) {
          first.add(head.lane);
        }
      }
    }
    return first;
  }
}
