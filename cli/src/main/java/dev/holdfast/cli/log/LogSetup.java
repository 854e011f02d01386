package dev.holdfast.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.PrivateFiles;
import dev.holdfast.config.LogConfig;
import dev.holdfast.error.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Configures logging: one line each, to standard error or the configured file, from the configured
 * level on. Logback finds this class instead of a configuration file, which it would have to look
 * for and parse at each start.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String POOL = "com.zaxxer.hikari";
  private static final String ATTEMPTS = "dev.holdfast.engine.Attempt";

  private static final String TIME = "%d{HH:mm:ss.SSS}";
  private static final String DATE_AND_TIME = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}";

  private static final LogConfig AT_FIRST =
      new LogConfig(
          LogConfig.Level.WARN, LogConfig.Format.TEXT, Optional.empty(), Optional.empty(), 1);

  private static volatile LogConfig config = AT_FIRST;
  private static volatile OutputStream out = System.err;
  private static volatile LogUse use = LogUse.ACTION;

  /**
   * Sets the configuration to use; call before the first logger is created.
   *
   * @throws StorageException if the file cannot be written
   */
  public static void prepare(Console console, LogConfig wanted, LogUse wantedUse) {
    use = wantedUse;
    config = wanted;
    out = wanted.file().map(LogSetup::append).orElse(console.err());
  }

  /**
   * Opens the file for appending. Each line is one write at its end, so several processes can share
   * it.
   */
  private static OutputStream append(Path file) {
    try {
      return Files.newOutputStream(PrivateFiles.createFile(file), StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new StorageException(
          "the log file '%s' cannot be written: %s".formatted(file, failure), failure);
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Level least = Level.valueOf(config.level().name());
    boolean showsTraces = !least.isGreaterOrEqual(Level.INFO);
    OutputStreamAppender<ILoggingEvent> appender = appender(context);
    appender.setContext(context);
    LogLines lines =
        config.format() == LogConfig.Format.JSON
            ? new LogLines(event -> JsonLine.of(event, showsTraces))
            : new LogLines(new TextLine(context, time(), showsTraces)::of);
    lines.setContext(context);
    lines.start();
    appender.setEncoder(lines);
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(least);
    root.addAppender(appender);
    if (least.isGreaterOrEqual(Level.INFO)) {
      context.getLogger(POOL).setLevel(Level.OFF); // we report what it finds, with better advice
    }
    if (use == LogUse.ITEMS && least.isGreaterOrEqual(Level.WARN)) {
      context.getLogger(ATTEMPTS).setLevel(Level.OFF);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static String time() {
    return config.file().isPresent() ? DATE_AND_TIME : TIME;
  }

  private static OutputStreamAppender<ILoggingEvent> appender(LoggerContext context) {
    if (config.file().isPresent() && config.maxMegabytes().isPresent()) {
      return new PrivateRollingFile(
          context, config.file().get(), config.maxMegabytes().get(), config.kept());
    }
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setOutputStream(out);
    return appender;
  }
}
