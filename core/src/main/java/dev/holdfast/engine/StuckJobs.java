package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.JobFilter;
import dev.holdfast.Lease;
import dev.holdfast.MonitorConfig;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NodeId;
import dev.holdfast.Transition;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Happening;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.WebhookEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The monitor: a net under all other nets. A job over its own time-out should have been ended by
 * its node, one without a live lease by {@link Recovery}; what still runs is recovered here. One
 * that runs for long under a live lease breaks no rule, and is reported.
 *
 * <p>It takes jobs from nodes that live. So the store's clock, which may be set, never decides
 * alone: this observer's own monotonic clock must have seen the attempt go on for as long, or its
 * node be silent.
 */
final class StuckJobs implements Duty {
  private static final Logger log = LoggerFactory.getLogger(StuckJobs.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LOOKED_AT = 10_000;

  /** A node that lives ends an attempt by itself within this time after its time-out. */
  private static final Duration OVERDUE = Watch.UNRESPONSIVE_AFTER.multipliedBy(2);

  private final MonitorConfig config;
  private final JobStore store;
  private final Handlers handlers;
  private final Interruptions interruptions;
  private final Counts counts;
  private final NodeWatch watch;
  private final TimeSource time;
  private final String by;
  private Map<Lease, Long> seenSince = Map.of(); // by this process's own clock
  private boolean hasStarted;

  /**
   * @param watch its own, as it looks at its own times
   */
  StuckJobs(
      MonitorConfig config,
      JobStore store,
      Handlers handlers,
      Interruptions interruptions,
      Counts counts,
      NodeWatch watch,
      TimeSource time,
      String by) {
    this.config = config;
    this.watch = watch;
    this.time = time;
    this.store = store;
    this.handlers = handlers;
    this.interruptions = interruptions;
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
    List<Happening> found = new ArrayList<>();
    int reported = 0;
    Map<NodeId, Optional<Death>> nodes = nodes();
    List<RunningJob> jobs = store.running(OVERDUE, JobFilter.all(), LOOKED_AT);
    see(jobs);
    for (RunningJob job : jobs) {
      Optional<Verdict> verdict = verdict(job, nodes);
      verdict.ifPresent(why -> rescues.add(rescue(job, why)));
      if (verdict.isPresent() || isLong(job)) {
        found.add(happening(job, verdict));
      }
      if (verdict.isEmpty() && isLong(job)) {
        reported++;
        log.atWarn()
            .addKeyValue("job", job.lease().job())
            .addKeyValue("type", job.type())
            .addKeyValue("node", job.lease().node())
            .log("Job {} has been running for {}.", job.lease().job(), job.ran());
      }
    }
    if (!found.isEmpty()) {
      store.webhooks().tell(found); // before they are recovered, as that may fail
    }
    int recovered = rescues.isEmpty() ? 0 : store.rescue(rescues, by).size();
    counts.add(Counter.STUCK, recovered);
    if (recovered + reported > 0) {
      log.warn(
          "The monitor recovered {} stuck jobs and found {} that run long.", recovered, reported);
    }
  }

  /** Told once for each attempt, however often it is found. */
  private static Happening happening(RunningJob job, Optional<Verdict> verdict) {
    Lease lease = job.lease();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", lease.job().toString());
    fields.put("type", job.type());
    fields.put("attempt", lease.attempt());
    fields.put("token", lease.token());
    fields.put("node", lease.node().toString());
    fields.put("ran_ms", job.ran().toMillis());
    fields.put("recovered", verdict.isPresent());
    return new Happening(
        WebhookEvent.JOB_STUCK,
        lease.job() + ":" + lease.token(),
        JSON.writeValueAsString(Map.of("job", fields)),
        Optional.of(lease.job()));
  }

  /** The nodes that have not ended, each with its death if it is silent. */
  private Map<NodeId, Optional<Death>> nodes() {
    List<NodeSeen> seen = store.nodes();
    Map<NodeId, Optional<Death>> nodes = new HashMap<>();
    seen.forEach(node -> nodes.put(node.id(), Optional.empty()));
    watch.judge(seen).forEach(death -> nodes.put(death.node(), Optional.of(death)));
    return nodes;
  }

  private void see(List<RunningJob> jobs) {
    Map<Lease, Long> seen = new HashMap<>();
    jobs.forEach(job -> seen.put(job.lease(), seenSince.getOrDefault(job.lease(), time.ticks())));
    seenSince = seen;
  }

  private Duration seenFor(RunningJob job) {
    long now = time.ticks();
    return Duration.ofNanos(now - seenSince.getOrDefault(job.lease(), now));
  }

  private boolean isLong(RunningJob job) {
    return job.ran().compareTo(config.jobTimeout()) >= 0;
  }

  /**
   * Why a job is to be taken from its node.
   *
   * @param why the reason, for the history
   * @param crashed whether it is charged with a crash: a job that does not end in time is to blame,
   *     one whose node fell silent may not even have begun
   * @param death of its node, should that come back meanwhile
   */
  private record Verdict(String why, boolean crashed, Optional<Death> death) {}

  /** Empty if the job is not to be taken. */
  private Optional<Verdict> verdict(RunningJob job, Map<NodeId, Optional<Death>> nodes) {
    Optional<Duration> limit =
        job.timeout().or(() -> handlers.known(job.type()).flatMap(policy -> policy.timeout()));
    if (limit.filter(own -> isOver(job, own)).isPresent()) {
      String why = "stuck: it ran for %s, its time-out is %s".formatted(job.ran(), limit.get());
      return Optional.of(new Verdict(why, true, Optional.empty()));
    }
    if (!isLong(job) || job.live()) {
      return Optional.empty();
    }
    NodeId node = job.lease().node();
    String why = "stuck: it ran for %s without a live lease".formatted(job.ran());
    return nodes
        .getOrDefault(node, Optional.of(Death.ended(node, why)))
        .map(death -> new Verdict(why, false, Optional.of(death)));
  }

  private boolean isOver(RunningJob job, Duration limit) {
    Duration most = limit.plus(OVERDUE);
    return job.ran().compareTo(most) > 0 && seenFor(job).compareTo(most) > 0;
  }

  private Rescue rescue(RunningJob job, Verdict verdict) {
    return new Rescue(
        job.lease(), transition(job, verdict), verdict.crashed, verdict.why, verdict.death);
  }

  private Transition transition(RunningJob job, Verdict verdict) {
    if (config.action() == Action.FAIL) {
      return new Transition.Fail(Failure.of(Failure.Kind.TIMEOUT, verdict.why));
    }
    return verdict.crashed
        ? interruptions.afterCrash(
            job.lease().job(),
            job.type(),
            job.lease().attempt(),
            job.crashes() + 1,
            verdict.why,
            Optional.empty())
        : new Transition.Release(verdict.why);
  }
}
