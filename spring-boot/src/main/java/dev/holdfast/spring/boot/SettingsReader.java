package dev.holdfast.spring.boot;

import dev.holdfast.MonitorConfig;
import dev.holdfast.NodeConfig;
import dev.holdfast.Retention;
import dev.holdfast.check.Durations;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** One pass over the properties, which goes on after a mistake and reports all of them. */
final class SettingsReader {
  private static final String NEVER = "never";

  private final Environment environment;
  private final Binder binder;
  private final List<String> mistakes = new ArrayList<>();

  private SettingsReader(Environment environment) {
    this.environment = environment;
    this.binder = Binder.get(environment);
  }

  /**
   * Reads and checks all properties.
   *
   * @throws InvalidRequestException naming every one that is wrong
   */
  static HoldfastSettings read(Environment environment) {
    SettingsReader reader = new SettingsReader(environment);
    reader.mistakes.addAll(UnknownProperties.in(environment));
    HoldfastSettings settings = reader.settings();
    if (!reader.mistakes.isEmpty()) {
      throw new InvalidRequestException(
          "the configuration of Holdfast is not right:\n- " + String.join("\n- ", reader.mistakes));
    }
    return settings;
  }

  private HoldfastSettings settings() {
    Optional<String> url = text(HoldfastProperty.URL);
    Optional<String> username = text(HoldfastProperty.USERNAME);
    Optional<String> password = text(HoldfastProperty.PASSWORD);
    if (url.isEmpty() && (username.isPresent() || password.isPresent())) {
      mistakes.add("holdfast.username and holdfast.password need holdfast.url");
    }
    boolean joins = flag(HoldfastProperty.JOIN_TRANSACTIONS);
    boolean runs = flag(HoldfastProperty.NODE_ENABLED);
    NodeConfig node = node();
    return new HoldfastSettings(
        url,
        username,
        password,
        text(HoldfastProperty.DATA_SOURCE),
        joins,
        runs ? Optional.of(node) : Optional.empty());
  }

  private NodeConfig node() {
    NodeConfig node = NodeConfig.defaults();
    String application = environment.getProperty("spring.application.name", "");
    String name =
        text(HoldfastProperty.NODE_NAME).orElse(application.isBlank() ? node.name() : application);
    node = checked(HoldfastProperty.NODE_NAME, node, before -> before.name(name));
    node =
        checked(
            HoldfastProperty.NODE_QUEUES,
            node,
            before -> before.queues(texts(HoldfastProperty.NODE_QUEUES)));
    node =
        set(
            HoldfastProperty.NODE_CONCURRENCY,
            node,
            before -> before.concurrency(whole(HoldfastProperty.NODE_CONCURRENCY)));
    node =
        set(
            HoldfastProperty.NODE_LEASE,
            node,
            before -> before.lease(duration(HoldfastProperty.NODE_LEASE)));
    node =
        set(
            HoldfastProperty.NODE_POLL_INTERVAL,
            node,
            before -> before.pollInterval(duration(HoldfastProperty.NODE_POLL_INTERVAL)));
    node =
        set(
            HoldfastProperty.NODE_GRACE,
            node,
            before -> before.grace(duration(HoldfastProperty.NODE_GRACE)));
    return node.monitor(monitor()).retention(retention());
  }

  private MonitorConfig monitor() {
    MonitorConfig by = MonitorConfig.defaults();
    boolean enabled = flag(HoldfastProperty.MONITOR_ENABLED);
    MonitorConfig.Action action = action();
    by = new MonitorConfig(enabled, by.interval(), by.jobTimeout(), action);
    by =
        set(
            HoldfastProperty.MONITOR_INTERVAL,
            by,
            old ->
                new MonitorConfig(
                    enabled,
                    duration(HoldfastProperty.MONITOR_INTERVAL),
                    old.jobTimeout(),
                    action));
    return set(
        HoldfastProperty.MONITOR_JOB_TIMEOUT,
        by,
        old ->
            new MonitorConfig(
                enabled, old.interval(), duration(HoldfastProperty.MONITOR_JOB_TIMEOUT), action));
  }

  private MonitorConfig.Action action() {
    String given =
        text(HoldfastProperty.MONITOR_ACTION).orElse(HoldfastProperty.MONITOR_ACTION.byDefault());
    return Arrays.stream(MonitorConfig.Action.values())
        .filter(action -> action.name().equalsIgnoreCase(given))
        .findFirst()
        .orElseGet(
            () -> {
              mistakes.add(
                  "%s is '%s': expected retry or fail"
                      .formatted(HoldfastProperty.MONITOR_ACTION.property(), given));
              return MonitorConfig.defaults().action();
            });
  }

  private Retention retention() {
    Retention by = Retention.defaults();
    Optional<Duration> completed = age(HoldfastProperty.RETENTION_COMPLETED, by.completed());
    Optional<Duration> failed = age(HoldfastProperty.RETENTION_FAILED, by.failed());
    Optional<Duration> cancelled = age(HoldfastProperty.RETENTION_CANCELLED, by.cancelled());
    Optional<Duration> logs = age(HoldfastProperty.RETENTION_LOGS, by.logs());
    Optional<Duration> audit = age(HoldfastProperty.RETENTION_AUDIT, by.audit());
    Retention ages = new Retention(completed, failed, cancelled, logs, audit, by.interval());
    return set(
        HoldfastProperty.RETENTION_INTERVAL,
        ages,
        old ->
            new Retention(
                completed,
                failed,
                cancelled,
                logs,
                audit,
                duration(HoldfastProperty.RETENTION_INTERVAL)));
  }

  /** An age that is acceptable; the default after a mistake. */
  private Optional<Duration> age(HoldfastProperty key, Optional<Duration> byDefault) {
    return set(
        key,
        byDefault,
        old -> {
          if (text(key).filter(given -> given.toLowerCase(Locale.ROOT).equals(NEVER)).isPresent()) {
            return Optional.empty();
          }
          Duration age = duration(key);
          Retention checked = Retention.finished(age); // refuses what is out of range
          return checked.completed();
        });
  }

  /** Applies {@code step} if the property is given; a mistake is noted and changes nothing. */
  private <T> T set(HoldfastProperty key, T before, Function<T, T> step) {
    return text(key).isEmpty() ? before : checked(key, before, step);
  }

  private <T> T checked(HoldfastProperty key, T before, Function<T, T> step) {
    try {
      return step.apply(before);
    } catch (HoldfastException | NumberFormatException mistake) {
      mistakes.add("%s: %s".formatted(key.property(), mistake.getMessage()));
      return before;
    }
  }

  private boolean flag(HoldfastProperty key) {
    String given = text(key).orElse(key.byDefault());
    if (!given.equalsIgnoreCase("true") && !given.equalsIgnoreCase("false")) {
      mistakes.add("%s is '%s': expected true or false".formatted(key.property(), given));
    }
    return Boolean.parseBoolean(given);
  }

  private int whole(HoldfastProperty key) {
    String given = text(key).orElse(key.byDefault());
    try {
      return Integer.parseInt(given.strip());
    } catch (NumberFormatException none) {
      throw new InvalidRequestException("expected a whole number, was '%s'".formatted(given), none);
    }
  }

  private Duration duration(HoldfastProperty key) {
    return Durations.parse(text(key).orElse(key.byDefault()).strip());
  }

  private String[] texts(HoldfastProperty key) {
    return binder
        .bind(key.property(), Bindable.listOf(String.class))
        .orElse(List.of())
        .toArray(String[]::new);
  }

  private Optional<String> text(HoldfastProperty key) {
    if (key == HoldfastProperty.NODE_QUEUES) {
      return Optional.empty(); // a list
    }
    String given = binder.bind(key.property(), String.class).orElse("");
    return given.isBlank() ? Optional.empty() : Optional.of(given);
  }
}
