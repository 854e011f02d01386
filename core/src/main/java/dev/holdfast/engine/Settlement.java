package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.Lease;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Settles acknowledgements by the store's answer: keeps, counts, logs and reports them. */
final class Settlement {
  private static final Logger log = LoggerFactory.getLogger(Settlement.class);

  /** Maximum number of discarded results per turn whose cause is looked up for the log. */
  private static final int LOOKED_UP_MAX = 10;

  private final NodeServices services;
  private final Acknowledgements acknowledgements;
  private final Counts counts;
  private final BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged;

  /**
   * @param onAcknowledged called with acknowledgements after they are durable, and which of their
   *     leases were stale
   */
  Settlement(
      NodeServices services,
      Acknowledgements acknowledgements,
      Counts counts,
      BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged) {
    this.services = services;
    this.acknowledgements = acknowledgements;
    this.counts = counts;
    this.onAcknowledged = onAcknowledged;
  }

  /** Settles those that were sent. */
  void settle(List<Acknowledgement> ends, Exchange answer) {
    reportSetAside(answer.setAside());
    acknowledgements.settled(answer.setAside());
    List<Lease> discarded = answer.stale();
    reportDiscarded(discarded);
    List<Acknowledgement> settled = without(ends, answer.setAside());
    counts.add(Counter.STALE, discarded.size());
    if (!discarded.isEmpty()) {
      services.handlers().listener().discarded(discarded.size());
    }
    counts.add(Counter.ACKNOWLEDGED, settled.size() - discarded.size());
    if (!settled.isEmpty()) {
      onAcknowledged.accept(settled, discarded);
    }
  }

  private static List<Acknowledgement> without(List<Acknowledgement> ends, List<Lease> setAside) {
    if (setAside.isEmpty()) {
      return ends;
    }
    Set<Lease> leases = Set.copyOf(setAside);
    return ends.stream().filter(end -> !leases.contains(end.lease())).toList();
  }

  /** Logs each of them once. */
  private void reportSetAside(List<Lease> leases) {
    if (leases.isEmpty()) {
      return;
    }
    Set<Lease> known = acknowledgements.setAside();
    for (Lease lease : leases) {
      if (!known.contains(lease)) {
        log.atWarn()
            .addKeyValue("job", lease.job())
            .addKeyValue("attempt", lease.attempt())
            .log(
                "Another transaction holds the row of this job; its end is stored once it is"
                    + " free.");
      }
    }
  }

  /** Logs rejected acknowledgements, except those of cancelled jobs. */
  private void reportDiscarded(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      Lease lease = leases.get(i);
      boolean isInOrder = i < LOOKED_UP_MAX && isCancelled(lease.job());
      log.atLevel(isInOrder ? Level.INFO : Level.WARN)
          .addKeyValue("job", lease.job())
          .addKeyValue("attempt", lease.attempt())
          .addKeyValue("token", lease.token())
          .log(
              isInOrder
                  ? "The job was cancelled; the attempt's result was discarded."
                  : "The lease had ended; the attempt's result was discarded.");
    }
  }

  private boolean isCancelled(JobId job) {
    try {
      return services
          .store()
          .find(job)
          .filter(found -> found.state() == JobState.CANCELLED)
          .isPresent();
    } catch (HoldfastException unknown) {
      return false;
    }
  }
}
