package dev.holdfast.config;

import dev.holdfast.ExponentialBackoff;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NodeConfig;
import dev.holdfast.Retention;
import dev.holdfast.RetryPolicy;
import dev.holdfast.check.Durations;
import dev.holdfast.config.Configuration.Entry;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The value of each key that a source says something of, and the records made of them all. */
final class Choices {
  private final Mistakes mistakes;
  private final Map<List<String>, Choice> chosen = new HashMap<>();
  private final Set<List<String>> mistaken = new HashSet<>();

  Choices(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  private record Choice(Object value, Origin origin) {}

  /** Asks the sources, the strongest first. Weaker ones are checked too. */
  <T> void choose(Key<T> key, List<Source> sources) {
    for (Source source : sources) {
      source.given(key).ifPresent(given -> consider(key, given));
    }
  }

  private <T> void consider(Key<T> key, Given given) {
    Optional<T> value = key.kind().reader().apply(given);
    if (value.isPresent()) {
      chosen.putIfAbsent(key.path(), new Choice(value.get(), given.origin()));
    } else {
      mistaken.add(key.path());
      mistakes.refuse(key, given);
    }
  }

  /** Of the key, or of the one that it follows. */
  private Optional<Choice> choice(Key<?> key) {
    return Optional.ofNullable(chosen.get(key.path()))
        .or(() -> key.general().flatMap(this::choice));
  }

  /** The kind of the key has made the value. */
  @SuppressWarnings("unchecked")
  <T> Optional<T> find(Key<T> key) {
    return choice(key)
        .map(choice -> (T) choice.value())
        .or(key::fallback)
        .or(() -> key.general().flatMap(Key::fallback));
  }

  <T> T get(Key<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException(key + " has no default: a bug"));
  }

  /** All keys with what holds for them. */
  List<Entry> entries(List<Key<?>> keys) {
    List<Entry> entries = new ArrayList<>();
    keys.forEach(key -> entries.add(entry(key)));
    return entries;
  }

  private <T> Entry entry(Key<T> key) {
    return new Entry(
        key.name(),
        find(key).map(key.kind().writer()),
        choice(key).map(Choice::origin).orElse(Origin.DEFAULT));
  }

  Settings settings(Set<String> types, Set<String> schedules) {
    Map<String, TypePolicy> policies = new HashMap<>();
    types.forEach(type -> policies.put(type, policy(type)));
    TypePolicy any = anyPolicy();
    ScheduleChoices declared =
        new ScheduleChoices(this, mistakes, type -> policies.getOrDefault(type, any).maxAttempts());
    return new Settings(
        find(Keys.DB),
        node(),
        get(Keys.WORKER_ALLOW_EXEC),
        get(Keys.WORKER_ALLOW_HTTP),
        any,
        policies,
        schedules.stream().flatMap(name -> declared.schedule(name).stream()).toList(),
        new ServerSettings(
            get(Keys.SERVER_ADDRESS),
            get(Keys.SERVER_PORT),
            get(Keys.SERVER_BEHIND_PROXY),
            find(Keys.SERVER_TLS_KEYSTORE),
            find(Keys.SERVER_TLS_PASSWORD_FILE),
            get(Keys.SERVER_ALLOWED_HOSTS),
            find(Keys.SERVER_PUBLIC_URL)),
        new WebhookSettings(
            get(Keys.SERVER_WEBHOOKS_ALLOW_LOOPBACK),
            get(Keys.SERVER_WEBHOOKS_MAX_ATTEMPTS),
            get(Keys.SERVER_WEBHOOKS_INITIAL_DELAY),
            get(Keys.SERVER_WEBHOOKS_MAX_DELAY),
            get(Keys.SERVER_ALERTS_INTERVAL)),
        get(Keys.REDACT),
        new LogConfig(
            get(Keys.LOG_LEVEL),
            get(Keys.LOG_FORMAT),
            find(Keys.LOG_FILE),
            get(Keys.LOG_MAX_MEGABYTES),
            get(Keys.LOG_KEPT)));
  }

  private NodeConfig node() {
    return NodeConfig.defaults()
        .name(get(Keys.WORKER_NAME))
        .queues(get(Keys.WORKER_QUEUES).toArray(String[]::new))
        .concurrency(
            get(Keys.WORKER_CONCURRENCY).orElseGet(Runtime.getRuntime()::availableProcessors))
        .lease(get(Keys.WORKER_LEASE))
        .pollInterval(get(Keys.WORKER_POLL_INTERVAL))
        .grace(get(Keys.WORKER_GRACE))
        .capabilities(get(Keys.WORKER_CAPABILITIES))
        .monitor(
            new MonitorConfig(
                get(UpkeepKeys.MONITOR_ENABLED),
                get(UpkeepKeys.MONITOR_INTERVAL),
                get(UpkeepKeys.MONITOR_JOB_TIMEOUT),
                get(UpkeepKeys.MONITOR_ACTION)))
        .retention(
            new Retention(
                get(UpkeepKeys.RETENTION_COMPLETED),
                get(UpkeepKeys.RETENTION_FAILED),
                get(UpkeepKeys.RETENTION_CANCELLED),
                get(UpkeepKeys.RETENTION_LOGS),
                get(UpkeepKeys.RETENTION_AUDIT),
                get(UpkeepKeys.RETENTION_INTERVAL)));
  }

  private TypePolicy anyPolicy() {
    ExponentialBackoff backoff =
        backoff(
            Keys.RETRY_INITIAL_DELAY,
            Keys.RETRY_MULTIPLIER,
            Keys.RETRY_MAX_DELAY,
            Keys.RETRY_JITTER);
    return new TypePolicy(HandlerPolicy.defaults().retry(backoff), get(Keys.RETRY_MAX_ATTEMPTS));
  }

  private TypePolicy policy(String type) {
    ExponentialBackoff backoff =
        backoff(
            Keys.TYPE_INITIAL_DELAY.of(type),
            Keys.TYPE_MULTIPLIER.of(type),
            Keys.TYPE_MAX_DELAY.of(type),
            Keys.TYPE_JITTER.of(type));
    return new TypePolicy(
        new HandlerPolicy(
            backoff,
            get(Keys.TYPE_RECOVERY.of(type)),
            get(Keys.TYPE_TIMEOUT.of(type)),
            get(Keys.TYPE_MAX_CRASHES.of(type)),
            get(Keys.TYPE_MAX_LAPSES.of(type)),
            get(Keys.TYPE_EXCLUSIVE.of(type))),
        get(Keys.TYPE_MAX_ATTEMPTS.of(type)));
  }

  /** The two delays are the only values that must fit each other. */
  private ExponentialBackoff backoff(
      Key<Duration> initial, Key<Double> multiplier, Key<Duration> maximum, Key<Double> jitter) {
    try {
      return RetryPolicy.exponential()
          .from(get(initial))
          .times(get(multiplier))
          .upTo(get(maximum))
          .jitter(get(jitter));
    } catch (InvalidRequestException misfit) {
      reportMisfit(initial, maximum);
      return ExponentialBackoff.defaults();
    }
  }

  /** Once: not where one of them is mistaken by itself, nor for each type that follows both. */
  private void reportMisfit(Key<Duration> initial, Key<Duration> maximum) {
    boolean isKnown = isMistaken(initial) || isMistaken(maximum);
    Optional<Choice> own =
        Optional.ofNullable(chosen.get(maximum.path()))
            .or(() -> Optional.ofNullable(chosen.get(initial.path())));
    if (!isKnown && own.isPresent()) {
      mistakes.add(
          own.get().origin(),
          "%s is %s, and %s is %s: expected the first to be no shorter than the second"
              .formatted(
                  maximum, Durations.write(get(maximum)), initial, Durations.write(get(initial))));
    }
  }

  /** Returns the place where the key was set; empty if nowhere. */
  Optional<Origin> origin(Key<?> key) {
    return choice(key).map(Choice::origin);
  }

  boolean isMistaken(Key<?> key) {
    return mistaken.contains(key.path()) || key.general().filter(this::isMistaken).isPresent();
  }
}
