package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.JobFilter;
import dev.holdfast.Limits;
import dev.holdfast.MonitorConfig;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.Transition;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monitor: a net under all other nets. A job over its own time-out should have been ended by
 * its node, one without a live lease by {@link Recovery}; what still runs is recovered here. One
 * that runs for long under a live lease breaks no rule, and is reported.
 */
final class StuckJobs implements Duty {
  private static final Logger log = LoggerFactory.getLogger(StuckJobs.class);
  private static final int LOOKED_AT = 10_000;

  /** A node that lives ends an attempt by itself within this time after its time-out. */
  private static final Duration OVERDUE = Watch.UNRESPONSIVE_AFTER.multipliedBy(2);

  private final MonitorConfig config;
  private final JobStore store;
  private final Handlers handlers;
  private final Counts counts;
  private final String by;
  private boolean hasStarted;

  StuckJobs(MonitorConfig config, JobStore store, Handlers handlers, Counts counts, String by) {
    this.config = config;
    this.store = store;
    this.handlers = handlers;
    this.counts = counts;
    this.by = by;
  }

  @Override
  public Duration run() {
    if (hasStarted) {
      look();
    }
    hasStarted = true; // at the start there is nothing that recovery would not find first
    return config.interval();
  }

  private void look() {
    List<Rescue> rescues = new ArrayList<>();
    int reported = 0;
    for (RunningJob job : store.running(OVERDUE, JobFilter.all(), LOOKED_AT)) {
      Optional<String> verdict = verdict(job);
      verdict.ifPresent(why -> rescues.add(rescue(job, why)));
      if (verdict.isEmpty() && isLong(job)) {
        reported++;
        log.atWarn()
            .addKeyValue("job", job.lease().job())
            .addKeyValue("type", job.type())
            .addKeyValue("node", job.lease().node())
            .log("Job {} has been running for {}.", job.lease().job(), job.ran());
      }
    }
    int recovered = rescues.isEmpty() ? 0 : store.rescue(rescues, by).size();
    counts.add(Counter.STUCK, recovered);
    if (recovered + reported > 0) {
      log.warn(
          "The monitor recovered {} stuck jobs and found {} that run long.", recovered, reported);
    }
  }

  private boolean isLong(RunningJob job) {
    return job.ran().compareTo(config.jobTimeout()) >= 0;
  }

  /** Why a job is to be taken from its node; empty if it is not. */
  private Optional<String> verdict(RunningJob job) {
    Optional<Duration> limit =
        job.timeout().or(() -> handlers.known(job.type()).flatMap(policy -> policy.timeout()));
    if (limit.filter(own -> job.ran().compareTo(own.plus(OVERDUE)) > 0).isPresent()) {
      return Optional.of(
          "stuck: it ran for %s, its time-out is %s".formatted(job.ran(), limit.get()));
    }
    return isLong(job) && !job.live()
        ? Optional.of("stuck: it ran for %s without a live lease".formatted(job.ran()))
        : Optional.empty();
  }

  private Rescue rescue(RunningJob job, String why) {
    return Rescue.regardless(job.lease(), transition(job, why), true, why);
  }

  private Transition transition(RunningJob job, String why) {
    if (config.action() == Action.FAIL) {
      return new Transition.Fail(Failure.of(Failure.Kind.TIMEOUT, why));
    }
    return job.crashes() + 1 >= Limits.CRASHES_MAX
        ? new Transition.Fail(Failure.of(Failure.Kind.CRASH_LOOP, why))
        : new Transition.Release(why);
  }
}
