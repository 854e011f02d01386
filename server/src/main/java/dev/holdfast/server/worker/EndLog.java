package dev.holdfast.server.worker;

import dev.holdfast.Failure;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Transition;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs how attempts of remote workers ended, as nodes do for their own. */
final class EndLog {
  private static final Logger log = LoggerFactory.getLogger(EndLog.class);

  private EndLog() {}

  /**
   * Logs these ends.
   *
   * @param stale those whose lease had already ended
   */
  static void tell(List<Acknowledgement> ends, List<Lease> stale) {
    Set<Lease> late = new HashSet<>(stale);
    for (Acknowledgement end : ends) {
      if (late.contains(end.lease())) {
        tellStale(end.lease());
      } else {
        tell(end);
      }
    }
  }

  private static void tellStale(Lease lease) {
    log.atWarn()
        .addKeyValue("job", lease.job())
        .addKeyValue("node", lease.node())
        .addKeyValue("attempt", lease.attempt())
        .addKeyValue("token", lease.token())
        .log("The lease had ended; the attempt's result was discarded.");
  }

  /** Logs an end; of a failure only its kind, as the message can quote the payload. */
  private static void tell(Acknowledgement end) {
    Optional<Failure> problem = failure(end.transition());
    Level others = problem.isPresent() ? Level.INFO : Level.DEBUG;
    Level level = end.transition().kind() == Transition.Kind.FAIL ? Level.WARN : others;
    if (log.isEnabledForLevel(level)) {
      log.atLevel(level)
          .addKeyValue("job", end.lease().job())
          .addKeyValue("node", end.lease().node())
          .addKeyValue("attempt", end.lease().attempt())
          .addKeyValue("ran_ms", end.ran().toMillis())
          .addKeyValue("failure", problem.map(failure -> failure.kind().name()).orElse("none"))
          .log("Attempt ended: {}.", end.transition().kind().name().toLowerCase(Locale.ROOT));
    }
  }

  private static Optional<Failure> failure(Transition transition) {
    if (transition instanceof Transition.Retry retry) {
      return Optional.of(retry.failure());
    }
    return transition instanceof Transition.Fail fail
        ? Optional.of(fail.failure())
        : Optional.empty();
  }
}
