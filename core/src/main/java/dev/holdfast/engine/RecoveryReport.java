package dev.holdfast.engine;

import dev.holdfast.Vitals.Counter;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one search for dead nodes: a line for each job, and one with the totals. Operators see
 * them without asking, as programs log warnings by default.
 */
final class RecoveryReport {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final int JOB_LINES_MAX = 100;

  private final boolean isAtStart;
  private final Map<Counter, Integer> figures = new EnumMap<>(Counter.class);
  private int jobs;
  private int nodes;
  private long noticedMillisMax;

  /**
   * @param isAtStart whether it is the node's first search, which is always reported
   */
  RecoveryReport(boolean isAtStart) {
    this.isAtStart = isAtStart;
  }

  void rescued(Orphan orphan, Transition transition) {
    figures.merge(Rescuer.counter(orphan, transition), 1, Integer::sum);
    jobs++;
    if (jobs <= JOB_LINES_MAX) {
      log.atWarn()
          .addKeyValue("job", orphan.lease().job())
          .addKeyValue("type", orphan.type())
          .addKeyValue("attempt", orphan.lease().attempt())
          .addKeyValue("node", orphan.lease().node())
          .addKeyValue("was", orphan.began() ? "running" : "waiting for a slot")
          .addKeyValue("now", transition.kind().to())
          .log("Found job {} left by a dead node: {}.", orphan.lease().job(), end(transition));
    }
  }

  /** Returns what became of the job; of a failure also the kind, such as a crash loop. */
  private static String end(Transition transition) {
    String end = transition.kind().name().toLowerCase(Locale.ROOT);
    return transition instanceof Transition.Fail fail ? end + ", " + fail.failure().kind() : end;
  }

  /**
   * @param silence the time since the node's last heartbeat, if its row exists
   */
  void died(Death death, Optional<Duration> silence) {
    nodes++;
    long millis = silence.map(Duration::toMillis).orElse(0L);
    noticedMillisMax = Math.max(noticedMillisMax, millis);
    log.atWarn()
        .addKeyValue("node", death.node())
        .addKeyValue("last_sign_of_life_ms", millis)
        .log("A node is dead: {}.", death.cause());
  }

  void countIn(Counts counts) {
    figures.forEach(counts::add);
    counts.add(Counter.FOUND_AT_START, isAtStart ? jobs : 0);
    counts.atLeast(Counter.NOTICED_MILLIS_MAX, noticedMillisMax);
  }

  /** Logs the findings, if there are any. */
  void write() {
    if (isEmpty()) {
      return;
    }
    String details =
        figures.entrySet().stream()
            .map(entry -> name(entry.getKey()) + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    String sum =
        "%s %s of %s"
            .formatted(
                isAtStart ? "Start-up recovery: found" : "Recovered",
                count(jobs, "job"),
                count(nodes, "dead node"));
    if (jobs == 0) {
      log.info("{}.", sum);
    } else {
      log.warn("{}{}.", sum, details.isEmpty() ? "" : ": " + details);
    }
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Ends the search: at a node's start, finding nothing is logged too. */
  void end() {
    if (isAtStart && isEmpty()) {
      log.info("Start-up recovery: nothing was left running.");
    }
  }

  private boolean isEmpty() {
    return jobs == 0 && nodes == 0;
  }

  private static String name(Counter counter) {
    return counter.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
