package dev.holdfast.torture.checker;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The times from a kill until each job that was running in the killed process was running again:
 * from before the signal was sent to the next begin. The job returned to its old place in the
 * queue, before all later ones of its priority, and takes the first slot that becomes free.
 */
final class Resumptions {
  private final List<Long> nanos = new ArrayList<>();

  /**
   * Collects the times after kills of this kind, either close to a restart of the database server
   * or not.
   */
  Resumptions(Blow.Kind kind, boolean besideServerRestart, List<JobCase> cases, Blows blows) {
    for (JobCase job : cases) {
      for (Life life : job.lives()) {
        if (life.end().isEmpty()) {
          blows
              .killOf(life.process())
              .filter(kill -> kill.kind() == kind)
              .ifPresent(kill -> add(job, life, kill, besideServerRestart, blows));
        }
      }
    }
    nanos.sort(null);
  }

  private void add(JobCase job, Life killed, Blow kill, boolean besideServerRestart, Blows blows) {
    job.lives().stream()
        .filter(life -> life.token() > killed.token())
        .map(life -> life.begin().at())
        .filter(begin -> begin.nanosSince(kill.at()) > 0)
        .min(Comparator.comparing(Moment::ticks))
        .filter(
            begin ->
                besideServerRestart == blows.serverWasRestarted(kill.at().ticks(), begin.ticks()))
        .ifPresent(begin -> nanos.add(begin.nanosSince(kill.at())));
  }

  int count() {
    return nanos.size();
  }

  /** Returns a quantile in milliseconds; 0 if there are no times. */
  double quantile(double part) {
    if (nanos.isEmpty()) {
      return 0;
    }
    int index = (int) Math.ceil(part * nanos.size()) - 1;
    return nanos.get(Math.max(0, index)) / 1e6;
  }
}
