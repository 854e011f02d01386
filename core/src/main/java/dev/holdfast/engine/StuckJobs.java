package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.JobFilter;
import dev.holdfast.MonitorConfig;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NodeId;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.check.Durations;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.EngineListener.RescueCause;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.WebhookEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The monitor of stuck jobs, the last safety net. A job over its own timeout should have been ended
 * by its node, one without a live lease by {@link Recovery}; what still runs is recovered here. One
 * that runs for long under a live lease breaks no rule, and is reported.
 *
 * <p>It takes jobs from living nodes. So the store's clock, which may be set, never decides alone:
 * this observer's own monotonic clock must have seen the attempt go on for as long, or its node
 * must have missed its heartbeats.
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
  private final TransitionPolicy transitions;
  private final Counts counts;
  private final NodeWatch watch;
  private final TimeSource time;
  private final String by;
  private Map<Lease, Long> seenSince = Map.of(); // by this process's own clock
  private boolean hasStarted;

  /**
   * @param watch one of its own, as it runs at its own times
   * @param by the name of this node, for the history
   */
  StuckJobs(
      MonitorConfig config, NodeServices services, NodeWatch watch, Counts counts, String by) {
    this.config = config;
    this.store = services.store();
    this.handlers = services.handlers();
    this.transitions = services.transitions();
    this.time = services.time();
    this.watch = watch;
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
    List<RunningJob> jobs = store.recovery().running(OVERDUE, JobFilter.all(), LOOKED_AT);
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
            .log("Job {} has been running for {}.", job.lease().job(), Durations.format(job.ran()));
      }
    }
    try {
      if (!found.isEmpty()) {
        store.server().webhooks().tell(found); // before they are recovered, as that may fail
      }
    } finally {
      recover(jobs, rescues, reported);
    }
  }

  private void recover(List<RunningJob> jobs, List<Rescue> rescues, int reported) {
    List<Lease> rescued = rescues.isEmpty() ? List.of() : store.recovery().rescue(rescues, by);
    int recovered = rescued.size();
    observe(jobs, Set.copyOf(rescued));
    counts.add(Counter.STUCK, recovered);
    if (recovered + reported > 0) {
      log.warn(
          "The monitor recovered {} stuck jobs and found {} that run long.", recovered, reported);
    }
  }

  private void observe(List<RunningJob> jobs, Set<Lease> rescued) {
    jobs.stream()
        .filter(job -> rescued.contains(job.lease()))
        .forEach(job -> handlers.listener().rescued(job.type(), RescueCause.STUCK));
  }

  /** Creates the event of a stuck attempt; recorded once per attempt, however often it is found. */
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

  /** Returns the nodes that have not ended, each with its death if it missed its heartbeats. */
  private Map<NodeId, Optional<Death>> nodes() {
    List<NodeSeen> seen = store.nodes().seen();
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
   * The decision to take a job from its node.
   *
   * @param why the reason, for the history
   * @param timedOut whether it is over its timeout: its attempt has failed. One whose node missed
   *     its heartbeats may not even have begun
   * @param death the death of its node, in case it comes back meanwhile
   */
  private record Verdict(String why, boolean timedOut, Optional<Death> death) {}

  /** Decides whether to take the job; empty if not. */
  private Optional<Verdict> verdict(RunningJob job, Map<NodeId, Optional<Death>> nodes) {
    Optional<Duration> limit =
        job.timeout().or(() -> handlers.known(job.type()).flatMap(policy -> policy.timeout()));
    if (limit.filter(own -> isOver(job, own)).isPresent()) {
      String why =
          "stuck: it ran for %s, its time-out is %s"
              .formatted(Durations.format(job.ran()), Durations.write(limit.get()));
      return Optional.of(new Verdict(why, true, Optional.empty()));
    }
    if (!isLong(job) || job.live()) {
      return Optional.empty();
    }
    NodeId node = job.lease().node();
    String why = "stuck: it ran for %s without a live lease".formatted(Durations.format(job.ran()));
    return nodes
        .getOrDefault(node, Optional.of(Death.ended(node, why)))
        .map(death -> new Verdict(why, false, Optional.of(death)));
  }

  private boolean isOver(RunningJob job, Duration limit) {
    Duration most = limit.plus(OVERDUE);
    return job.ran().compareTo(most) > 0 && seenFor(job).compareTo(most) > 0;
  }

  /** Creates the rescue; counts no crash, as no process is known to have died. */
  private Rescue rescue(RunningJob job, Verdict verdict) {
    return new Rescue(job.lease(), transition(job, verdict), false, verdict.why, verdict.death);
  }

  private Transition transition(RunningJob job, Verdict verdict) {
    if (config.action() == Action.FAIL) {
      return new Transition.Fail(Failure.of(Failure.Kind.TIMEOUT, verdict.why));
    }
    return verdict.timedOut
        ? transitions.afterTimeout(job, verdict.why)
        : new Transition.Release(verdict.why);
  }
}
