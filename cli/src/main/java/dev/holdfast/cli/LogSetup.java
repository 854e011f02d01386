package dev.holdfast.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.holdfast.StorageException;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.PrivateFiles;
import dev.holdfast.config.LogConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where log lines go: to standard error or the configured file, one line each, from the configured
 * level on. Found by logback in place of a file of its own, which would have to be looked for and
 * parsed at each start.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String POOL = "com.zaxxer.hikari";

  private static final String TIME = "%d{HH:mm:ss.SSS}";
  private static final String DATE_AND_TIME = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}";

  private static volatile LogConfig.Level level = LogConfig.Level.WARN;
  private static volatile String time = TIME;
  private static volatile OutputStream out = System.err;

  /**
   * Before the first logger is made.
   *
   * @throws StorageException if the file cannot be written
   */
  static void prepare(Console console, LogConfig config) {
    level = config.level();
    time = config.file().isPresent() ? DATE_AND_TIME : TIME;
    out = config.file().map(LogSetup::append).orElse(console.err());
  }

  /** Each line is one write at the end of the file, so several processes can share it. */
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
    Level least = Level.valueOf(level.name());
    boolean showsTraces = !least.isGreaterOrEqual(Level.INFO);
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(
        time
            + " %-5level %replace(%msg %kvp){'[\\p{Cntrl}]+', ' '}"
            + (showsTraces ? "%n%ex" : "%n%nopex"));
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(out);
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(least);
    root.addAppender(appender);
    if (least.isGreaterOrEqual(Level.INFO)) {
      context
          .getLogger(POOL)
          .setLevel(Level.OFF); // what it finds is told by us, with better advice
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
