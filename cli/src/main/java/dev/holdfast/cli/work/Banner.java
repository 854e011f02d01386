package dev.holdfast.cli.work;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.config.Configuration;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the first and the last line of a long-running command: command, settings and run time. */
final class Banner {
  private static final Logger log = LoggerFactory.getLogger(Banner.class);

  private final String command;
  private final TimeSource time;
  private final long startedTicks;

  private Banner(String command, TimeSource time) {
    this.command = command;
    this.time = time;
    this.startedTicks = time.ticks();
  }

  /**
   * Logs the first line, before the command takes jobs.
   *
   * @param address the address that it listens on, if any
   */
  static Banner begin(
      String command,
      Configuration configuration,
      DbOption db,
      NodeConfig node,
      Optional<String> address,
      TimeSource time) {
    log.atInfo()
        .addKeyValue("version", Holdfast.version())
        .addKeyValue("database", database(configuration, db))
        .addKeyValue("node", node.name())
        .addKeyValue("jobs_at_once", node.concurrency())
        .addKeyValue("java", Runtime.version())
        .addKeyValue("pid", ProcessHandle.current().pid())
        .addKeyValue("config", configuration.file().map(Object::toString).orElse("none"))
        .addKeyValue("address", address.orElse("none"))
        .log("holdfast {} starts.", command);
    return new Banner(command, time);
  }

  /** Returns the address as {@code config show} prints it, without its password. */
  private static String database(Configuration configuration, DbOption db) {
    return configuration.entries().stream()
        .filter(entry -> entry.key().equals("db"))
        .flatMap(entry -> entry.value().stream())
        .findFirst()
        .orElseGet(() -> db.defaultFile().toString());
  }

  /** Logs the last line, after every job has ended or was given back. */
  void end() {
    Duration ran = Duration.ofNanos(time.ticks() - startedTicks);
    log.atInfo()
        .addKeyValue("ran_ms", ran.toMillis())
        .log("holdfast {} ends after {}.", command, Durations.format(ran));
  }
}
