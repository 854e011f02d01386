package dev.holdfast.torture.actors;

import dev.holdfast.JobContext;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Transition;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Effect.Kind;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.Moment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a worker's effects log: what its handlers did, and whether its acknowledgements were
 * accepted.
 */
final class EffectsLog {
  private final LineFile file;

  EffectsLog(LineFile file) {
    this.file = file;
  }

  void begins(JobContext job) {
    append(Kind.BEGIN, job, "-", 0);
  }

  void isTold(JobContext job) {
    append(Kind.TOLD, job, "-", 0);
  }

  void opens(JobContext job) {
    append(Kind.OPEN, job, Effect.COMPLETES, 0);
  }

  void ends(JobContext job, String how, long delayMillis) {
    append(Kind.END, job, how, delayMillis);
  }

  private void append(Kind kind, JobContext job, String what, long delayMillis) {
    file.append(
        new Effect(kind, Moment.now(), job.id(), job.attempt(), job.token(), what, delayMillis)
            .line());
  }

  /**
   * Logs acknowledgements; leases that were given back before their handlers began leave no line.
   */
  void acknowledged(List<Acknowledgement> ends, List<Lease> stale) {
    Moment now = Moment.now();
    Set<Lease> refused = new HashSet<>(stale);
    String lines =
        ends.stream()
            .filter(EffectsLog::hadBegun)
            .map(end -> effect(end, refused.contains(end.lease()), now).line())
            .collect(Collectors.joining("\n"));
    if (!lines.isEmpty()) {
      file.append(lines);
    }
  }

  private static boolean hadBegun(Acknowledgement end) {
    return !(end.transition() instanceof Transition.Release back && back.why().isEmpty());
  }

  private static Effect effect(Acknowledgement end, boolean stale, Moment now) {
    Lease lease = end.lease();
    return new Effect(
        stale ? Kind.STALE : Kind.ACCEPTED,
        now,
        lease.job(),
        lease.attempt(),
        lease.token(),
        end.transition().kind().name(),
        0);
  }
}
