package dev.holdfast.config;

import dev.holdfast.ExponentialBackoff;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.check.DidYouMean;
import dev.holdfast.check.Limits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that can be set: the one table that the loader, {@code config show} and the reference use.
 */
public final class Keys {
  private static final NodeConfig NODE = NodeConfig.defaults();
  private static final ExponentialBackoff BACKOFF = ExponentialBackoff.defaults();
  private static final Kind<Duration> DELAY =
      Kind.duration(Duration.ZERO, Duration.ofDays(Limits.DELAY_DAYS_MAX));

  /** The database. */
  public static final Key<String> DB =
      Key.of(
          "db", Kind.address(), "The database. Without it: $XDG_DATA_HOME/holdfast/holdfast.db.");

  /** The node's name. */
  public static final Key<String> WORKER_NAME =
      Key.of("worker.name", Kind.name(), "work", "The node's name for people; need not be unique.");

  /** The queues that a worker serves. */
  public static final Key<List<String>> WORKER_QUEUES =
      Key.of("worker.queues", Kind.names(), NODE.queues(), "The queues to serve; none means all.");

  /** The number of handlers that run at once. */
  public static final Key<Optional<Integer>> WORKER_CONCURRENCY =
      Key.of(
          "worker.concurrency",
          Kind.whole(1, Limits.CONCURRENCY_MAX).or("auto"),
          Optional.<Integer>empty(),
          "How many jobs run at once; auto is the number of processors.");

  /** The lease. */
  public static final Key<Duration> WORKER_LEASE =
      Key.of(
          "worker.lease",
          Kind.duration(NodeConfig.LEASE_MIN, NodeConfig.LEASE_MAX),
          NODE.lease(),
          "How long a node may be out of touch before others take its jobs. Give all nodes of a"
              + " queue the same.");

  /** The poll interval. */
  public static final Key<Duration> WORKER_POLL_INTERVAL =
      Key.of(
          "worker.poll_interval",
          Kind.duration(NodeConfig.POLL_INTERVAL_MIN, NodeConfig.POLL_INTERVAL_MAX),
          NODE.pollInterval(),
          "How often a node looks for work when nothing woke it, ±20 %.");

  /** The grace period at a stop. */
  public static final Key<Duration> WORKER_GRACE =
      Key.of(
          "worker.grace",
          Kind.duration(Duration.ZERO, NodeConfig.GRACE_MAX),
          NODE.grace(),
          "How long running jobs may go on at a stop before they are interrupted.");

  /** The capabilities of a worker. */
  public static final Key<Map<String, Object>> WORKER_CAPABILITIES =
      Key.of(
          "worker.capabilities",
          Kind.capabilities(),
          NODE.capabilities(),
          "What this worker can do, for jobs that require it.");

  /** The programs that jobs of type exec may run. */
  public static final Key<List<String>> WORKER_ALLOW_EXEC =
      Key.of(
          "worker.allow_exec",
          Kind.names(),
          List.of(),
          "The programs that jobs of type exec may run, by the first word of their commands; *"
              + " allows all. A relative path starts from the folder of the worker. For a queue in"
              + " a file, all may run unless some are named.");

  /** The URLs that jobs of type http may call. */
  public static final Key<List<String>> WORKER_ALLOW_HTTP =
      Key.of(
          "worker.allow_http",
          Kind.names(),
          List.of(),
          "What jobs of type http may call: scheme and host, with port and path if need be, such as"
              + " https://api.example.com/hooks; * allows all. For a queue in a file, all may be"
              + " called unless some are named.");

  /** Attempts of a job that does not say it itself. */
  public static final Key<Integer> RETRY_MAX_ATTEMPTS =
      Key.of(
          "retry.max_attempts",
          Kind.whole(1, Limits.ATTEMPTS_MAX),
          NewJob.DEFAULT_MAX_ATTEMPTS,
          "Attempts of a job that is enqueued without saying how many.");

  /** The first delay. */
  public static final Key<Duration> RETRY_INITIAL_DELAY =
      Key.of("retry.initial_delay", DELAY, BACKOFF.initial(), "The delay after the first attempt.");

  /** By what delays grow. */
  public static final Key<Double> RETRY_MULTIPLIER =
      Key.of(
          "retry.multiplier",
          Kind.atLeast(1),
          BACKOFF.multiplier(),
          "By what the delay grows with each further attempt.");

  /** The longest delay. */
  public static final Key<Duration> RETRY_MAX_DELAY =
      Key.of(
          "retry.max_delay",
          DELAY,
          BACKOFF.maximum(),
          "The longest delay, before the jitter; not less than the initial one.");

  /** The spread of delays. */
  public static final Key<Double> RETRY_JITTER =
      Key.of(
          "retry.jitter",
          Kind.decimal(0, 1),
          BACKOFF.jitter(),
          "The part by which a delay may differ either way, so that jobs that failed together do"
              + " not return together.");

  static final Key<Optional<Duration>> TYPE_TIMEOUT =
      Key.ofTypes(
          "timeout",
          Kind.duration(HandlerPolicy.TIMEOUT_MIN, HandlerPolicy.TIMEOUT_MAX).or("never"),
          HandlerPolicy.defaults().timeout(),
          "How long an attempt of this type may run, for jobs that don't say it themselves.");

  static final Key<RecoveryPolicy> TYPE_RECOVERY =
      Key.ofTypes(
          "recovery",
          Kind.choice(RecoveryPolicy.class),
          RecoveryPolicy.RESUME,
          "What becomes of a job of this type whose process died: it runs again, is held for"
              + " review, or fails.");

  static final Key<Integer> TYPE_MAX_CRASHES =
      Key.ofTypes(
          "max_crashes",
          Kind.whole(1, Limits.LOSSES_MAX),
          Limits.CRASHES_MAX,
          "A job of this type whose process died this often while it ran is failed.");

  static final Key<Integer> TYPE_MAX_LAPSES =
      Key.ofTypes(
          "max_lapses",
          Kind.whole(1, Limits.LOSSES_MAX),
          Limits.LAPSES_MAX,
          "A job of this type whose node fell silent this often while it ran is failed.");

  static final Key<Boolean> TYPE_EXCLUSIVE =
      Key.ofTypes(
          "exclusive",
          Kind.yesOrNo(),
          false,
          "Whether no two handlers of a job may ever run at once, not even while a node is cut off"
              + " from the database: the handler is interrupted before the node's lease ends.");

  static final Key<Integer> TYPE_MAX_ATTEMPTS = Key.ofTypes(RETRY_MAX_ATTEMPTS);
  static final Key<Duration> TYPE_INITIAL_DELAY = Key.ofTypes(RETRY_INITIAL_DELAY);
  static final Key<Double> TYPE_MULTIPLIER = Key.ofTypes(RETRY_MULTIPLIER);
  static final Key<Duration> TYPE_MAX_DELAY = Key.ofTypes(RETRY_MAX_DELAY);
  static final Key<Double> TYPE_JITTER = Key.ofTypes(RETRY_JITTER);

  /** The address of a server. */
  public static final Key<String> SERVER_ADDRESS =
      Key.of(
          "server.address",
          Kind.name(),
          "127.0.0.1",
          "The address at which a server listens; any but this machine's own asks for a token, and"
              + " for a certificate or a proxy in front.");

  /** The port of a server. */
  public static final Key<Integer> SERVER_PORT =
      Key.of(
          "server.port",
          Kind.whole(0, 65_535),
          8484,
          "The port at which a server listens; 0 is any that is free.");

  /** True if a server is behind a proxy. */
  public static final Key<Boolean> SERVER_BEHIND_PROXY =
      Key.of(
          "server.behind_proxy",
          Kind.yesOrNo(),
          false,
          "Whether a proxy in front of the server takes care of TLS; then every caller needs a"
              + " token.");

  /** The certificate of a server. */
  public static final Key<Path> SERVER_TLS_KEYSTORE =
      Key.of(
          "server.tls_keystore",
          Kind.path(),
          "The PKCS 12 file with the server's certificate and key. Without it: no TLS.");

  /** The password of the certificate. */
  public static final Key<Path> SERVER_TLS_PASSWORD_FILE =
      Key.of(
          "server.tls_password_file",
          Kind.path(),
          "The file whose first line is the password of that. Without it: the password is empty.");

  /** The names of a server. */
  public static final Key<List<String>> SERVER_ALLOWED_HOSTS =
      Key.of(
          "server.allowed_hosts",
          Kind.names(),
          List.of(),
          "The names by which callers may address the server, besides localhost and addresses.");

  /** The URL of a server for browsers. */
  public static final Key<URI> SERVER_PUBLIC_URL =
      Key.of(
          "server.public_url",
          Kind.webAddress(),
          "The URL by which browsers reach the server, where a proxy gives it another one than its"
              + " own. Its name is an allowed host.");

  static final Key<Boolean> SERVER_WEBHOOKS_ALLOW_LOOPBACK =
      Key.of(
          "server.webhooks.allow_loopback",
          Kind.yesOrNo(),
          false,
          "Whether webhooks may lead to this machine itself, for tests; never to other addresses"
              + " that are not in the open internet.");

  static final Key<Integer> SERVER_WEBHOOKS_MAX_ATTEMPTS =
      Key.of(
          "server.webhooks.max_attempts",
          Kind.whole(1, Limits.ATTEMPTS_MAX),
          9,
          "How often a delivery is tried before it is a dead letter.");

  static final Key<Duration> SERVER_WEBHOOKS_INITIAL_DELAY =
      Key.of(
          "server.webhooks.initial_delay",
          DELAY,
          Duration.ofSeconds(5),
          "The delay after the first attempt of a delivery; each is four times the one before.");

  static final Key<Duration> SERVER_WEBHOOKS_MAX_DELAY =
      Key.of(
          "server.webhooks.max_delay",
          DELAY,
          Duration.ofHours(6),
          "The longest delay between two attempts of a delivery.");

  static final Key<Duration> SERVER_ALERTS_INTERVAL =
      Key.of(
          "server.alerts.interval",
          Kind.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
          Duration.ofSeconds(15),
          "How often what alerts watch is measured.");

  /** The fields whose values are hidden. */
  public static final Key<List<String>> REDACT =
      Key.of(
          "redact",
          Kind.names(),
          List.of(),
          "The fields whose values nobody is shown: names, however deep, or paths such as"
              + " payload.card.number, in payloads, results, metadata and details of log lines.");

  /** The minimum level of log lines. */
  public static final Key<LogConfig.Level> LOG_LEVEL =
      Key.of(
              "log.level",
              Kind.choice(LogConfig.Level.class),
              LogConfig.Level.WARN,
              "The minimum level that is logged. Unless it is set, work and serve log from info on"
                  + " at a terminal.")
          .alias(new Key.Variable("LOG_LEVEL", Optional.empty()));

  /** The format of log lines. */
  public static final Key<LogConfig.Format> LOG_FORMAT =
      Key.of(
          "log.format",
          Kind.choice(LogConfig.Format.class),
          LogConfig.Format.TEXT,
          "How a line is written: text for people, json for programs, an object a line.");

  /** The log file. */
  public static final Key<Path> LOG_FILE =
      Key.of(
          "log.file",
          Kind.path(),
          "The file that log lines are appended to. Without it: standard error.");

  static final Key<Optional<Integer>> LOG_MAX_MEGABYTES =
      Key.of(
          "log.max_megabytes",
          Kind.whole(1, 10_000).or("never"),
          Optional.<Integer>empty(),
          "From this size on the log file is set aside, as FILE.1 and so on, and a new one begun."
              + " Then each process that runs on needs a file of its own.");

  static final Key<Integer> LOG_KEPT =
      Key.of("log.kept", Kind.whole(1, 100), 5, "How many log files that were set aside are kept.");

  private static final List<Key<?>> ALL =
      List.of(
          DB,
          WORKER_NAME,
          WORKER_QUEUES,
          WORKER_CONCURRENCY,
          WORKER_LEASE,
          WORKER_POLL_INTERVAL,
          WORKER_GRACE,
          WORKER_CAPABILITIES,
          WORKER_ALLOW_EXEC,
          WORKER_ALLOW_HTTP,
          RETRY_MAX_ATTEMPTS,
          RETRY_INITIAL_DELAY,
          RETRY_MULTIPLIER,
          RETRY_MAX_DELAY,
          RETRY_JITTER,
          TYPE_TIMEOUT,
          TYPE_RECOVERY,
          TYPE_MAX_CRASHES,
          TYPE_MAX_LAPSES,
          TYPE_EXCLUSIVE,
          TYPE_MAX_ATTEMPTS,
          TYPE_INITIAL_DELAY,
          TYPE_MULTIPLIER,
          TYPE_MAX_DELAY,
          TYPE_JITTER,
          ScheduleKeys.TYPE,
          ScheduleKeys.CRON,
          ScheduleKeys.ZONE,
          ScheduleKeys.EVERY,
          ScheduleKeys.PAYLOAD,
          ScheduleKeys.QUEUE,
          ScheduleKeys.PRIORITY,
          ScheduleKeys.GROUP,
          ScheduleKeys.MAX_ATTEMPTS,
          ScheduleKeys.TIMEOUT,
          ScheduleKeys.REQUIRES,
          ScheduleKeys.MISSED,
          ScheduleKeys.MISSED_AFTER,
          ScheduleKeys.CATCH_UP,
          ScheduleKeys.OVERLAP,
          UpkeepKeys.MONITOR_ENABLED,
          UpkeepKeys.MONITOR_INTERVAL,
          UpkeepKeys.MONITOR_JOB_TIMEOUT,
          UpkeepKeys.MONITOR_ACTION,
          UpkeepKeys.RETENTION_COMPLETED,
          UpkeepKeys.RETENTION_FAILED,
          UpkeepKeys.RETENTION_CANCELLED,
          UpkeepKeys.RETENTION_LOGS,
          UpkeepKeys.RETENTION_AUDIT,
          UpkeepKeys.RETENTION_INTERVAL,
          SERVER_ADDRESS,
          SERVER_PORT,
          SERVER_BEHIND_PROXY,
          SERVER_TLS_KEYSTORE,
          SERVER_TLS_PASSWORD_FILE,
          SERVER_ALLOWED_HOSTS,
          SERVER_PUBLIC_URL,
          SERVER_WEBHOOKS_ALLOW_LOOPBACK,
          SERVER_WEBHOOKS_MAX_ATTEMPTS,
          SERVER_WEBHOOKS_INITIAL_DELAY,
          SERVER_WEBHOOKS_MAX_DELAY,
          SERVER_ALERTS_INTERVAL,
          REDACT,
          LOG_LEVEL,
          LOG_FORMAT,
          LOG_FILE,
          LOG_MAX_MEGABYTES,
          LOG_KEPT);

  private Keys() {}

  /**
   * All keys in the order of the reference; those of types and schedules once, with TYPE or NAME
   * for what they are of.
   */
  public static List<Key<?>> all() {
    return ALL;
  }

  /** The key at this place of a file. */
  static Optional<Key<?>> find(List<String> path) {
    return ALL.stream()
        .filter(key -> key.matches(path))
        .findFirst()
        .map(key -> key.isOfEach() ? key.of(path.get(1)) : key);
  }

  /** Returns true if there are keys below this place of a file. */
  static boolean isSection(List<String> path) {
    return ALL.stream().anyMatch(key -> key.isBelow(path));
  }

  /** Guesses what was meant by a place of a file that is none: a key, or a section. */
  static String didYouMean(List<String> path) {
    List<Key<?>> keys = new ArrayList<>();
    for (Key<?> key : ALL) {
      boolean isOwn = path.size() > 2 && key.isOfEach() && key.section().equals(path.get(0));
      keys.add(isOwn ? key.of(path.get(1)) : key);
    }
    List<String> names = keys.stream().map(Key::name).toList();
    String given = String.join(".", path);
    List<String> sections =
        keys.stream()
            .flatMap(key -> key.sections().stream())
            .filter(section -> !given.startsWith(section + ".")) // it stands there already
            .toList();
    String last = "." + path.get(path.size() - 1);
    return DidYouMean.nearest(names, given)
        .or(() -> DidYouMean.nearest(sections, given))
        .or(() -> names.stream().filter(name -> name.endsWith(last)).findFirst())
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }
}
