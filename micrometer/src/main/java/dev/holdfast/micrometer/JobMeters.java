package dev.holdfast.micrometer;

import static java.util.Objects.requireNonNull;

import dev.holdfast.spi.EngineListener;
import dev.holdfast.spi.Transition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts and times what the engine of this process does. */
final class JobMeters implements EngineListener {
  private static final Duration[] JOB_BUCKETS =
      seconds(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600);
  private static final Duration[] STORE_BUCKETS =
      seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10);
  private static final Duration[] RECOVERY_BUCKETS =
      seconds(0.5, 1, 2.5, 5, 10, 15, 20, 30, 60, 120, 300);
  private static final Map<Transition.Kind, String> OUTCOMES =
      Map.of(
          Transition.Kind.COMPLETE, "completed",
          Transition.Kind.FAIL, "failed",
          Transition.Kind.HOLD, "held");

  private final MeterRegistry registry;
  private final TypeLabels types;
  private final Map<String, OfType> byType = new ConcurrentHashMap<>();
  private final Map<RescueCause, Counter> rescued = new EnumMap<>(RescueCause.class);
  private final Map<Operation, Timer> transactions = new EnumMap<>(Operation.class);
  private final Timer recoveries;
  private final Counter discarded;

  /** The meters of one type, all made with the first. */
  private record OfType(
      Counter enqueued,
      Map<Transition.Kind, Counter> ended,
      Counter retried,
      Timer waited,
      Timer ran) {}

  JobMeters(MeterRegistry registry, Collection<String> firstTypes, int typesMax) {
    this.registry = registry;
    this.types = new TypeLabels(firstTypes, typesMax);
    firstTypes.forEach(this::of);
    of(TypeLabels.OTHER);
    for (RescueCause cause : RescueCause.values()) {
      rescued.put(cause, rescued(registry, cause));
    }
    for (Operation operation : Operation.values()) {
      transactions.put(operation, transactions(registry, operation));
    }
    this.recoveries =
        Timer.builder("holdfast.recovery.delay")
            .description("Time from a dead node's newest heartbeat until its jobs were rescued")
            .serviceLevelObjectives(RECOVERY_BUCKETS)
            .register(registry);
    this.discarded =
        Counter.builder("holdfast.attempts.discarded")
            .description("Attempts that ended here after their lease had been taken")
            .register(registry);
  }

  private static Duration[] seconds(double... bounds) {
    return Arrays.stream(bounds)
        .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
        .toArray(Duration[]::new);
  }

  /** Removes all of them from the registry. */
  void remove() {
    rescued.values().forEach(registry::remove);
    transactions.values().forEach(registry::remove);
    registry.remove(recoveries);
    registry.remove(discarded);
    for (OfType type : byType.values()) {
      registry.remove(type.enqueued);
      type.ended.values().forEach(registry::remove);
      registry.remove(type.retried);
      registry.remove(type.waited);
      registry.remove(type.ran);
    }
  }

  private OfType of(String type) {
    return byType.computeIfAbsent(types.of(type), this::make);
  }

  private OfType make(String type) {
    Map<Transition.Kind, Counter> ended = new EnumMap<>(Transition.Kind.class);
    OUTCOMES.forEach(
        (end, outcome) ->
            ended.put(
                end,
                Counter.builder("holdfast.jobs.ended")
                    .description("Jobs whose last attempt ended here")
                    .tag("type", type)
                    .tag("outcome", outcome)
                    .register(registry)));
    return new OfType(
        Counter.builder("holdfast.jobs.enqueued")
            .description("Jobs that this process enqueued")
            .tag("type", type)
            .register(registry),
        ended,
        Counter.builder("holdfast.jobs.retried")
            .description("Attempts that failed here and are followed by another")
            .tag("type", type)
            .register(registry),
        Timer.builder("holdfast.job.wait")
            .description("Time from when a job is due until its handler begins")
            .tag("type", type)
            .serviceLevelObjectives(JOB_BUCKETS)
            .register(registry),
        Timer.builder("holdfast.job.run")
            .description("Time that a handler runs")
            .tag("type", type)
            .serviceLevelObjectives(JOB_BUCKETS)
            .register(registry));
  }

  private static Counter rescued(MeterRegistry registry, RescueCause cause) {
    return Counter.builder("holdfast.jobs.rescued")
        .description("Jobs that this process took from other nodes")
        .tag("cause", lower(cause))
        .register(registry);
  }

  private static Timer transactions(MeterRegistry registry, Operation operation) {
    return Timer.builder("holdfast.store.transaction")
        .description("Time that a transaction of the store takes")
        .tag("operation", lower(operation))
        .serviceLevelObjectives(STORE_BUCKETS)
        .register(registry);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void enqueued(String queue, String type) {
    of(type).enqueued.increment();
  }

  @Override
  public void started(String queue, String type, Duration waited) {
    of(type).waited.record(waited);
  }

  @Override
  public void ended(String queue, String type, Transition.Kind end, Duration ran) {
    OfType meters = of(type);
    meters.ran.record(ran);
    if (end == Transition.Kind.RETRY) {
      meters.retried.increment();
    }
    Counter ended = meters.ended.get(end);
    if (ended != null) {
      ended.increment();
    }
  }

  @Override
  public void discarded(int ends) {
    discarded.increment(ends);
  }

  @Override
  public void rescued(String type, RescueCause cause) {
    requireNonNull(rescued.get(cause)).increment();
  }

  @Override
  public void recovered(Duration delay) {
    recoveries.record(delay);
  }

  @Override
  public void transaction(Operation operation, Duration took) {
    requireNonNull(transactions.get(operation)).record(took);
  }
}
